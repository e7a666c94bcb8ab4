package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.privacy.CountAudit.Exposure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class CountAuditTest {
  private static final int EVERYTHING = 1_000_000;

  private static BitSet states(int... states) {
    BitSet set = new BitSet();
    for (int state : states) {
      set.set(state);
    }
    return set;
  }

  private static CountClaim claim(Map<String, BitSet> where, long value) {
    return new CountClaim(new TreeMap<>(where), OptionalLong.of(value));
  }

  private static CountClaim withheld(Map<String, BitSet> where) {
    return new CountClaim(new TreeMap<>(where), OptionalLong.empty());
  }

  @Test
  void aCellFollowsFromItsRow() {
    List<CountClaim> claims =
        List.of(
            claim(Map.of(), 40),
            claim(Map.of("sex", states(0)), 37),
            withheld(Map.of("sex", states(1))));
    assertThat(new CountAudit(Map.of("sex", 2), claims).exposures(5).orElseThrow())
        .containsExactly(new Exposure(2, 3, 3, List.of(0, 1)));
  }

  /** Whoever lacks one of two values follows from all persons and from those who have both. */
  @Test
  void allOthersFollowFromEverybodyAndTheRest() {
    TreeMap<String, BitSet> both = new TreeMap<>(Map.of("a", states(1), "b", states(1)));
    List<CountClaim> claims =
        new ArrayList<>(
            List.of(
                new CountClaim(both, OptionalLong.of(97)),
                new CountClaim(both, true, OptionalLong.empty())));
    Map<String, Integer> sizes = Map.of("a", 2, "b", 2);
    assertThat(new CountAudit(sizes, claims).exposures(5)).contains(List.of());
    claims.add(claim(Map.of("a", states(0, 1)), 100));
    assertThat(new CountAudit(sizes, claims).exposures(5).orElseThrow())
        .containsExactly(new Exposure(1, 3, 3, List.of(0, 2)));
  }

  /** Neither table alone gives it away: the second one has coarser levels of the same column. */
  @Test
  void aCellFollowsFromTwoTablesTogether() {
    Map<String, Integer> sizes = Map.of("stage", 4);
    List<CountClaim> claims =
        new ArrayList<>(
            List.of(
                claim(Map.of(), 100),
                claim(Map.of("stage", states(0)), 50),
                claim(Map.of("stage", states(1)), 30),
                withheld(Map.of("stage", states(2))),
                withheld(Map.of("stage", states(3)))));
    assertThat(new CountAudit(sizes, claims).exposures(5)).contains(List.of());
    claims.add(claim(Map.of("stage", states(0, 1, 2)), 98));
    List<Exposure> found = new CountAudit(sizes, claims).exposures(5).orElseThrow();
    assertThat(found).extracting(Exposure::claim).containsExactly(3, 4);
    assertThat(found).extracting(Exposure::low).containsExactly(18.0, 2.0);
    assertThat(found).extracting(Exposure::high).containsExactly(18.0, 2.0);
  }

  /** A pathway in one of 9000 states, of which claims tell three kinds apart. */
  @Test
  void statesThatNoClaimTellsApartAreOne() {
    BitSet most = states();
    most.set(10, 8_990);
    BitSet more = states();
    more.set(10, 8_995);
    List<CountClaim> claims =
        List.of(
            claim(Map.of("way", most), 30),
            claim(Map.of("way", more), 33),
            withheld(Map.of("way", states(8_990, 8_991, 8_992, 8_993, 8_994))),
            withheld(Map.of("way", states(8_992))));
    List<Exposure> found = new CountAudit(Map.of("way", 9_000), claims).exposures(5).orElseThrow();
    assertThat(found).extracting(Exposure::claim).containsExactly(2, 3);
    assertThat(found).extracting(Exposure::high).containsExactly(3.0, 3.0);
    assertThat(found.get(0).low()).isEqualTo(3);
    assertThat(found.get(1).low()).isZero();
  }

  /** No sum determines the cell, but no table of counts of at least 0 has more than 3 in it. */
  @Test
  void aNarrowIntervalIsFoundWhereNoEquationDetermines() {
    List<CountClaim> claims =
        List.of(
            claim(Map.of(), 100),
            claim(Map.of("a", states(0)), 97),
            claim(Map.of("b", states(0)), 60),
            withheld(Map.of("a", states(1), "b", states(1))));
    List<Exposure> found =
        new CountAudit(Map.of("a", 2, "b", 2), claims).exposures(5).orElseThrow();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).low()).isZero();
    assertThat(found.get(0).high()).isEqualTo(3);
  }

  @Test
  void tablesThatContradictProveNothing() {
    List<CountClaim> claims =
        List.of(
            claim(Map.of(), 10),
            claim(Map.of("a", states(0)), 11),
            withheld(Map.of("a", states(1))));
    assertThat(new CountAudit(Map.of("a", 2), claims).exposures(5)).isEmpty();
  }

  @Test
  void moreCellsThanTheSolverHoldsProveNothing() {
    Map<String, Integer> sizes = new TreeMap<>();
    Map<String, BitSet> where = new TreeMap<>();
    for (int i = 0; i < 13; i++) {
      sizes.put("c" + i, 4);
      where.put("c" + i, states(1));
    }
    List<CountClaim> claims = List.of(claim(Map.of(), 9), withheld(where));
    assertThat(new CountAudit(sizes, claims).exposures(5)).isEmpty();
  }

  /** Against every table of whole numbers there is, for joint tables of three columns. */
  @Test
  void intervalsAreThoseOfAllTablesThatAgree() {
    SplittableRandom random = new SplittableRandom(20261124);
    Map<String, Integer> sizes = Map.of("a", 2, "b", 2, "c", 2);
    int exact = 0;
    for (int trial = 0; trial < 60; trial++) {
      int[] joint = new int[8];
      for (int person = 0; person < 6; person++) {
        joint[random.nextInt(8)]++;
      }
      List<CountClaim> claims = new ArrayList<>(List.of(claim(Map.of(), 6)));
      for (List<String> table : List.of(List.of("a", "b"), List.of("b", "c"), List.of("a"))) {
        for (int cell = 0; cell < 1 << table.size(); cell++) {
          SortedMap<String, BitSet> where = new TreeMap<>();
          for (int i = 0; i < table.size(); i++) {
            where.put(table.get(i), states(cell >> i & 1));
          }
          claims.add(random.nextInt(10) < 4 ? withheld(where) : claim(where, count(joint, where)));
        }
      }
      exact += check(claims, new CountAudit(sizes, claims).exposures(EVERYTHING).orElseThrow());
    }
    assertThat(exact).as("withheld counts that follow exactly").isGreaterThan(20);
  }

  private static int check(List<CountClaim> claims, List<Exposure> found) {
    long[] low = new long[claims.size()];
    long[] high = new long[claims.size()];
    Arrays.fill(low, Long.MAX_VALUE);
    tables(
        new int[8],
        0,
        6,
        joint -> {
          for (CountClaim claim : claims) {
            if (claim.isReleased() && count(joint, claim.where()) != claim.value().getAsLong()) {
              return;
            }
          }
          for (int i = 0; i < low.length; i++) {
            long here = count(joint, claims.get(i).where());
            low[i] = Math.min(low[i], here);
            high[i] = Math.max(high[i], here);
          }
        });
    int exact = 0;
    for (Exposure exposure : found) {
      assertThat(exposure.low()).isCloseTo((double) low[exposure.claim()], within(1e-9));
      assertThat(exposure.high()).isCloseTo((double) high[exposure.claim()], within(1e-9));
      exact += low[exposure.claim()] == high[exposure.claim()] ? 1 : 0;
    }
    long withheld = claims.stream().filter(claim -> !claim.isReleased()).count();
    assertThat(found).as("all are bounded, since the total is released").hasSize((int) withheld);
    return exact;
  }

  private static long count(int[] joint, Map<String, BitSet> where) {
    long count = 0;
    for (int cell = 0; cell < 8; cell++) {
      boolean counts = true;
      for (Map.Entry<String, BitSet> entry : where.entrySet()) {
        counts &= entry.getValue().get(cell >> (entry.getKey().charAt(0) - 'a') & 1);
      }
      count += counts ? joint[cell] : 0;
    }
    return count;
  }

  private static void tables(int[] joint, int cell, int left, Consumer<int[]> each) {
    if (cell == 7) {
      joint[7] = left;
      each.accept(joint);
      return;
    }
    for (int here = 0; here <= left; here++) {
      joint[cell] = here;
      tables(joint, cell + 1, left - here, each);
    }
  }
}
