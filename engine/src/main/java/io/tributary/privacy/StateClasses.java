package io.tributary.privacy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * States of a column that no claim tells apart, taken as one. The same follows from the claims: a
 * table over all states adds up to one over the classes, and each such table can be split.
 */
final class StateClasses {
  private final SortedMap<String, int[]> classes = new TreeMap<>();
  private final SortedMap<String, Integer> sizes = new TreeMap<>();

  /**
   * The classes.
   *
   * @param states number of states of each column
   */
  StateClasses(Map<String, Integer> states, List<CountClaim> claims) {
    states.forEach(
        (column, size) -> {
          Map<BitSet, Integer> known = new HashMap<>();
          int[] own = new int[size];
          for (int state = 0; state < size; state++) {
            BitSet counting = new BitSet();
            for (int claim = 0; claim < claims.size(); claim++) {
              BitSet counted = claims.get(claim).where().get(column);
              counting.set(claim, counted != null && counted.get(state));
            }
            known.putIfAbsent(counting, known.size());
            own[state] = known.get(counting);
          }
          classes.put(column, own);
          sizes.put(column, known.size());
        });
  }

  /** Number of classes of each column. */
  SortedMap<String, Integer> sizes() {
    return sizes;
  }

  /** The claim over classes. */
  CountClaim of(CountClaim claim) {
    SortedMap<String, BitSet> where = new TreeMap<>();
    claim
        .where()
        .forEach(
            (column, counted) -> {
              BitSet set = new BitSet();
              counted.stream().forEach(state -> set.set(classes.get(column)[state]));
              where.put(column, set);
            });
    return new CountClaim(where, claim.others(), claim.value());
  }
}
