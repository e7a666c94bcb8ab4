package io.tributary.jobs.analysis;

import io.tributary.privacy.CountClaim;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The states of columns that the counts of a study tell apart, as a {@link
 * io.tributary.privacy.CountAudit} numbers them.
 *
 * <p>A count of complete rows over many columns would need a table with all of these columns. It is
 * said by a chain instead: a row is complete in the first two columns; in the first three, if it is
 * that and has a value in the third; and so on. Each link is a column of its own with two states,
 * and its rule is three counts that are zero. A chain has the tables of its links only, and says
 * the same: the tables of a tree of such links stand for a joint one.
 *
 * <p>Derived columns are related to what they are made of ({@link DerivedColumns}): no row has a
 * part of the sources and a state that the expression does not have there. Where an expression has
 * a condition, each combination of parts is a count that nobody shows, and that must not follow.
 *
 * <p>A number in ranges, such as a histogram's bins, is a column of its own beside the number: all
 * ends of ranges and all constants that the number is compared with cut it, so that bins of several
 * histograms consist of the same pieces. Its pieces, too, are counts that must not follow, alone
 * and in every group that has ranges of it.
 */
final class StatesOfStudy {
  /** Columns that a count may name before the complete ones are put into a chain. */
  private static final int WIDE = 4;

  /** Index of the missing state, and of what is not so in a link. */
  private static final int NO = 0;

  private static final int YES = 1;

  private final SortedMap<String, List<String>> states = new TreeMap<>();
  // Columns of which some count names a part of the levels: they come last in a chain.
  private final Set<String> split = new HashSet<>();
  private final Set<String> links = new TreeSet<>();
  private final List<SortedMap<String, BitSet>> impossible = new ArrayList<>();
  private final List<CountClaim> parts = new ArrayList<>();
  // The parts of what derived columns are made of.
  private final Map<String, List<DerivedColumns.Part>> sources = new TreeMap<>();
  // What a number in ranges is cut into, by the number's column; its first state is missing.
  private final SortedMap<String, List<NumberRange>> pieces = new TreeMap<>();

  /** States of counts of columns that stand for themselves. */
  StatesOfStudy(List<PlacedCount> counts) {
    this(counts, Map.of(), Map.of());
  }

  /**
   * States of all counts.
   *
   * @param derive expressions of derived columns, in order
   * @param columns as the study declares them
   */
  StatesOfStudy(
      List<PlacedCount> counts, Map<String, String> derive, Map<String, Study.ColumnSpec> columns) {
    for (PlacedCount count : counts) {
      count.where().forEach(this::know);
      count.between().keySet().forEach(column -> know(column, Set.of(PlacedCount.PRESENT)));
    }
    // Whoever has a value has one of the levels that another count names.
    states
        .values()
        .forEach(
            known -> {
              if (known.size() > 2) {
                known.remove(PlacedCount.PRESENT);
              }
            });
    DerivedColumns derived = new DerivedColumns(derive);
    relate(derived, columns);
    for (PlacedCount count : counts) {
      count
          .where()
          .forEach(
              (column, wanted) -> {
                if (!isComplete(column, wanted)) {
                  split.add(column);
                }
              });
    }
    cutIntoPieces(counts, derived);
  }

  private void know(String column, Set<String> wanted) {
    List<String> known =
        states.computeIfAbsent(column, c -> new ArrayList<>(List.of(PlacedCount.MISSING)));
    for (String state : new TreeSet<>(wanted)) {
      if (!known.contains(state)) {
        known.add(state);
      }
    }
  }

  private List<String> levels(String column) {
    return states.getOrDefault(column, List.of()).stream()
        .filter(state -> !state.equals(PlacedCount.MISSING) && !state.equals(PlacedCount.PRESENT))
        .toList();
  }

  /** Derived columns that are counted, and what they are made of. */
  private void relate(DerivedColumns derived, Map<String, Study.ColumnSpec> columns) {
    List<String> counted = states.keySet().stream().filter(derived::isDerived).toList();
    counted.forEach(derived::cut);
    for (String column : counted) {
      for (String source : derived.sources(column)) {
        List<String> levels = levels(source);
        if (levels.isEmpty() && columns.containsKey(source)) {
          levels = columns.get(source).levels();
        }
        sources.put(source, derived.parts(source, levels));
      }
    }
    Set<Map<String, String>> known = new HashSet<>();
    for (String column : counted) {
      List<DerivedColumns.Combination> combinations =
          derived.combinations(column, sources, levels(column)).orElse(List.of());
      for (DerivedColumns.Combination combination : combinations) {
        combination
            .parts()
            .keySet()
            .forEach(
                source ->
                    states.put(
                        source,
                        new ArrayList<>(
                            sources.get(source).stream()
                                .map(DerivedColumns.Part::state)
                                .toList())));
        Map<String, BitSet> where = new TreeMap<>();
        combination.parts().forEach((source, state) -> where.put(source, one(source, state)));
        BitSet never = new BitSet();
        never.set(0, states.get(column).size());
        combination.possible().forEach(state -> never.andNot(one(column, state)));
        if (derived.isConditional(column) && known.add(combination.parts())) {
          parts.add(new CountClaim(new TreeMap<>(where), OptionalLong.empty()));
        }
        if (!never.isEmpty()) {
          where.put(column, never);
          impossible.add(new TreeMap<>(where));
        }
      }
    }
  }

  /** Numbers of which counts name ranges. */
  private void cutIntoPieces(List<PlacedCount> counts, DerivedColumns derived) {
    SortedMap<String, SortedSet<NumberRange.Cut>> cuts = new TreeMap<>();
    for (PlacedCount count : counts) {
      count
          .between()
          .forEach(
              (column, range) ->
                  cuts.computeIfAbsent(column, c -> new TreeSet<>(derived.cuts(c)))
                      .addAll(List.of(range.from(), range.to())));
    }
    cuts.forEach(
        (column, own) -> {
          pieces.put(column, NumberRange.between(own));
          for (String state : states.get(column)) {
            impossible.add(
                new TreeMap<>(
                    Map.of(
                        column, one(column, state), inRanges(column), elsewhere(column, state))));
          }
        });
    Set<SortedMap<String, BitSet>> known = new HashSet<>();
    counts.forEach(count -> known.add(where(count)));
    for (PlacedCount count : counts) {
      for (String column : count.between().keySet()) {
        SortedMap<String, BitSet> group = where(count);
        group.remove(inRanges(column));
        for (int piece = 1; piece <= pieces.get(column).size(); piece++) {
          for (SortedMap<String, BitSet> where : List.of(new TreeMap<String, BitSet>(), group)) {
            where.put(inRanges(column), bit(piece));
            if (known.add(new TreeMap<>(where))) {
              parts.add(new CountClaim(where, OptionalLong.empty()));
            }
          }
        }
      }
    }
  }

  /** The name of a number's column in pieces. */
  private static String inRanges(String column) {
    return column + " in ranges";
  }

  /** Pieces where nobody is who has this state of the number's own column. */
  private BitSet elsewhere(String column, String state) {
    DerivedColumns.Part part =
        sources.getOrDefault(column, List.of()).stream()
            .filter(own -> own.state().equals(state))
            .findFirst()
            .orElseGet(() -> DerivedColumns.Part.of(state));
    List<NumberRange> own = pieces.get(column);
    BitSet elsewhere = new BitSet();
    elsewhere.set(NO, !state.equals(PlacedCount.MISSING));
    for (int piece = 0; piece < own.size(); piece++) {
      elsewhere.set(piece + 1, !part.mayLieIn(own.get(piece)));
    }
    return elsewhere;
  }

  private BitSet one(String column, String state) {
    return set(column, Set.of(state));
  }

  /** Whether a count asks for no more of a column than a value. */
  private boolean isComplete(String column, Set<String> wanted) {
    return set(column, wanted).equals(anyValue(column));
  }

  private BitSet anyValue(String column) {
    BitSet any = new BitSet();
    any.set(1, states.get(column).size());
    return any;
  }

  private BitSet set(String column, Set<String> wanted) {
    List<String> known = states.get(column);
    BitSet set = new BitSet();
    for (String state : wanted) {
      if (state.equals(PlacedCount.PRESENT)) {
        set.or(anyValue(column));
      } else {
        set.set(known.indexOf(state));
      }
    }
    return set;
  }

  /** A count's states by number. */
  SortedMap<String, BitSet> where(PlacedCount count) {
    SortedMap<String, BitSet> where = chained(count.where());
    count
        .between()
        .forEach(
            (column, range) -> {
              BitSet inside = new BitSet();
              for (int piece = 0; piece < pieces.get(column).size(); piece++) {
                inside.set(piece + 1, range.contains(pieces.get(column).get(piece)));
              }
              where.put(inRanges(column), inside);
            });
    return where;
  }

  private SortedMap<String, BitSet> chained(Map<String, Set<String>> named) {
    SortedMap<String, BitSet> where = new TreeMap<>();
    named.forEach((column, wanted) -> where.put(column, set(column, wanted)));
    if (where.size() <= WIDE) {
      return where;
    }
    List<String> chained = new ArrayList<>();
    for (boolean last : new boolean[] {false, true}) {
      where.forEach(
          (column, wanted) -> {
            if (split.contains(column) == last && wanted.equals(anyValue(column))) {
              chained.add(column);
            }
          });
    }
    if (chained.size() < 2) {
      return where;
    }
    String link = chained.get(0);
    BitSet complete = where.remove(link);
    for (String column : chained.subList(1, chained.size())) {
      link = link(link, complete, column, where.remove(column));
      complete = bit(YES);
    }
    where.put(link, complete);
    return where;
  }

  /** The column that says whether a row is complete so far and has a value in one more column. */
  private String link(String before, BitSet complete, String column, BitSet present) {
    String link = before + " and " + column;
    if (links.add(link)) {
      impossible.add(new TreeMap<>(Map.of(link, bit(YES), before, bit(NO))));
      impossible.add(new TreeMap<>(Map.of(link, bit(YES), column, bit(NO))));
      impossible.add(new TreeMap<>(Map.of(link, bit(NO), before, complete, column, present)));
    }
    return link;
  }

  private static BitSet bit(int state) {
    BitSet set = new BitSet();
    set.set(state);
    return set;
  }

  /**
   * States that nobody has together: what holds for links, derived columns and pieces of numbers.
   * Complete when all counts were asked for.
   */
  List<SortedMap<String, BitSet>> impossible() {
    return List.copyOf(impossible);
  }

  /**
   * Persons in each part of what derived columns with a condition are made of, and in each piece of
   * a number that no count shows by itself.
   */
  List<CountClaim> parts() {
    return List.copyOf(parts);
  }

  /** Number of states of each column and link. */
  SortedMap<String, Integer> sizes() {
    SortedMap<String, Integer> sizes = new TreeMap<>();
    states.forEach((column, known) -> sizes.put(column, known.size()));
    links.forEach(link -> sizes.put(link, 2));
    pieces.forEach((column, own) -> sizes.put(inRanges(column), own.size() + 1));
    return sizes;
  }
}
