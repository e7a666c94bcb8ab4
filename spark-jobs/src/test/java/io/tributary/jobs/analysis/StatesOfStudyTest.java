package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tributary.privacy.CountAudit;
import io.tributary.privacy.CountAudit.Exposure;
import io.tributary.privacy.CountClaim;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Wide counts, said by a chain and by a table of all their columns. */
class StatesOfStudyTest {
  private static final List<String> COLUMNS = List.of("a", "b", "c", "d", "e", "f");
  private static final int PERSONS = 60;

  private record Asked(Map<String, Set<String>> where, boolean others, boolean shown) {}

  private static PlacedCount placed(Map<String, Set<String>> where) {
    return new PlacedCount("counts", 0, "n", where);
  }

  private static boolean isOf(boolean[] row, Asked asked) {
    boolean all = true;
    for (int c = 0; c < COLUMNS.size(); c++) {
      Set<String> wanted = asked.where().get(COLUMNS.get(c));
      all &= wanted == null || wanted.equals(Set.of(PlacedCount.MISSING)) != row[c];
    }
    return all != asked.others();
  }

  private static OptionalLong value(boolean[][] rows, Asked asked) {
    long n = 0;
    for (boolean[] row : rows) {
      n += isOf(row, asked) ? 1 : 0;
    }
    return asked.shown() ? OptionalLong.of(n) : OptionalLong.empty();
  }

  @Test
  void aChainSaysTheSameAsATableOfAllColumns() {
    SplittableRandom random = new SplittableRandom(12);
    int exposed = 0;
    for (int trial = 0; trial < 12; trial++) {
      boolean[][] rows = new boolean[PERSONS][COLUMNS.size()];
      for (boolean[] row : rows) {
        for (int c = 0; c < row.length; c++) {
          row[c] = random.nextInt(40) > 0;
        }
      }
      List<Asked> asked = new ArrayList<>();
      asked.add(new Asked(PlacedCount.complete(COLUMNS), false, true));
      asked.add(new Asked(PlacedCount.complete(COLUMNS), true, false));
      asked.add(
          new Asked(PlacedCount.complete(COLUMNS.subList(0, 5)), false, random.nextBoolean()));
      for (String column : COLUMNS) {
        asked.add(new Asked(PlacedCount.complete(List.of(column)), false, random.nextBoolean()));
        asked.add(new Asked(Map.of(column, Set.of(PlacedCount.MISSING)), false, false));
      }
      asked.add(new Asked(Map.of(), false, trial % 3 > 0));

      StatesOfStudy states =
          new StatesOfStudy(asked.stream().map(each -> placed(each.where())).toList());
      List<CountClaim> chained = new ArrayList<>();
      List<CountClaim> whole = new ArrayList<>();
      for (Asked each : asked) {
        chained.add(
            new CountClaim(states.where(placed(each.where())), each.others(), value(rows, each)));
        whole.add(new CountClaim(bits(each.where()), each.others(), value(rows, each)));
      }
      Map<String, Integer> sizes = new TreeMap<>();
      COLUMNS.forEach(column -> sizes.put(column, 2));

      List<Exposure> byChain =
          new CountAudit(states.sizes(), chained, states.impossible()).exposures(5).orElseThrow();
      List<Exposure> byTable = new CountAudit(sizes, whole).exposures(5).orElseThrow();
      assertThat(byChain)
          .extracting(Exposure::claim)
          .isEqualTo(byTable.stream().map(Exposure::claim).toList());
      for (int i = 0; i < byTable.size(); i++) {
        assertThat(byChain.get(i).low()).isCloseTo(byTable.get(i).low(), within(1e-9));
        assertThat(byChain.get(i).high()).isCloseTo(byTable.get(i).high(), within(1e-9));
      }
      exposed += byTable.size();
    }
    assertThat(exposed).isPositive();
  }

  private static SortedMap<String, BitSet> bits(Map<String, Set<String>> where) {
    SortedMap<String, BitSet> bits = new TreeMap<>();
    where.forEach(
        (column, wanted) -> {
          BitSet set = new BitSet();
          set.set(wanted.equals(Set.of(PlacedCount.MISSING)) ? 0 : 1);
          bits.put(column, set);
        });
    return bits;
  }

  /**
   * Twenty columns would need a table of a million cells; a value of one of many levels is known.
   */
  @Test
  void manyColumnsAreAuditedAndALevelIsAValue() {
    List<String> columns = new ArrayList<>();
    for (int c = 0; c < 20; c++) {
      columns.add("c" + c);
    }
    Map<String, Set<String>> complete = PlacedCount.complete(columns);
    Map<String, Set<String>> level = Map.of("c3", Set.of("low"));
    Map<String, Set<String>> other = Map.of("c3", Set.of("high"));
    StatesOfStudy states =
        new StatesOfStudy(List.of(placed(complete), placed(level), placed(other)));
    List<CountClaim> claims = new ArrayList<>();
    claims.add(new CountClaim(states.where(placed(complete)), OptionalLong.of(90)));
    claims.add(new CountClaim(states.where(placed(complete)), true, OptionalLong.empty()));
    claims.add(new CountClaim(states.where(placed(level)), OptionalLong.of(50)));
    claims.add(new CountClaim(states.where(placed(other)), OptionalLong.of(42)));
    // Rows without c3 may be any number, so those left out may be.
    assertThat(new CountAudit(states.sizes(), claims, states.impossible()).exposures(5))
        .contains(List.of());
    claims.add(new CountClaim(new TreeMap<>(), OptionalLong.of(93)));
    assertThat(
            new CountAudit(states.sizes(), claims, states.impossible()).exposures(5).orElseThrow())
        .extracting(Exposure::claim, Exposure::high)
        .containsExactly(tuple(1, 3.0));
  }

  /** Bins of two histograms, said by pieces beside the number, and by one column of pieces. */
  @Test
  void piecesBesideTheNumberSayTheSameAsPiecesOfIt() {
    SplittableRandom random = new SplittableRandom(15);
    int exposed = 0;
    for (int trial = 0; trial < 12; trial++) {
      int[] numbers = random.ints(PERSONS, -1, 12).toArray();
      boolean[] women = new boolean[PERSONS];
      for (int i = 0; i < PERSONS; i++) {
        women[i] = random.nextBoolean();
      }
      List<PlacedCount> counts = new ArrayList<>();
      for (int from : List.of(0, 4, 8)) {
        counts.add(bin(NumberRange.fromBelow(from, from + 4), Map.of()));
        counts.add(bin(NumberRange.fromTo(from + 1, from + 4), Map.of("sex", Set.of("f"))));
        counts.add(bin(NumberRange.fromTo(from + 1, from + 4), Map.of("sex", Set.of("m"))));
      }
      counts.add(placed(Map.of("x", Set.of(PlacedCount.PRESENT))));
      counts.add(placed(Map.of("x", Set.of(PlacedCount.MISSING))));
      counts.add(placed(Map.of("x", Set.of(PlacedCount.PRESENT), "sex", Set.of("f"))));
      counts.add(placed(Map.of()));

      StatesOfStudy states = new StatesOfStudy(counts);
      List<CountClaim> beside = new ArrayList<>();
      List<CountClaim> inOne = new ArrayList<>();
      for (PlacedCount count : counts) {
        SortedMap<String, BitSet> where = inOne(count);
        OptionalLong value = OptionalLong.empty();
        if (random.nextInt(4) > 0) {
          long n = 0;
          for (int i = 0; i < PERSONS; i++) {
            n += counts(where, numbers[i], women[i]) ? 1 : 0;
          }
          value = OptionalLong.of(n);
        }
        beside.add(new CountClaim(states.where(count), value));
        inOne.add(new CountClaim(where, value));
      }
      List<Exposure> found =
          new CountAudit(states.sizes(), beside, states.impossible()).exposures(9).orElseThrow();
      List<Exposure> whole =
          new CountAudit(Map.of("x", 29, "sex", 3), inOne).exposures(9).orElseThrow();
      assertThat(found)
          .extracting(Exposure::claim, Exposure::low, Exposure::high)
          .isEqualTo(whole.stream().map(one -> tuple(one.claim(), one.low(), one.high())).toList());
      exposed += whole.size();
    }
    assertThat(exposed).isPositive();
  }

  private static PlacedCount bin(NumberRange range, Map<String, Set<String>> where) {
    return new PlacedCount("bins", 0, "n", where, Map.of("x", range), false, false);
  }

  /** Missing is 0, the number n is 2 n + 2, and what lies below it 2 n + 1. */
  private static SortedMap<String, BitSet> inOne(PlacedCount count) {
    SortedMap<String, BitSet> where = new TreeMap<>();
    BitSet states = new BitSet();
    NumberRange range = count.between().get("x");
    for (int n = 0; n <= 13; n++) {
      states.set(2 * n + 1, range == null || range.contains(n - 0.5));
      states.set(2 * n + 2, range == null || range.contains(n));
    }
    if (Set.of(PlacedCount.MISSING).equals(count.where().get("x"))) {
      states.clear();
      states.set(0);
    }
    if (range != null || count.where().containsKey("x")) {
      where.put("x", states);
    }
    if (count.where().containsKey("sex")) {
      BitSet sex = new BitSet();
      sex.set(count.where().get("sex").contains("f") ? 1 : 2);
      where.put("sex", sex);
    }
    return where;
  }

  private static boolean counts(SortedMap<String, BitSet> where, int number, boolean woman) {
    BitSet numbers = where.get("x");
    BitSet sexes = where.get("sex");
    return (numbers == null || numbers.get(number < 0 ? 0 : 2 * number + 2))
        && (sexes == null || sexes.get(woman ? 1 : 2));
  }
}
