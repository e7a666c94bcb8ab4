package io.tributary.privacy;

import java.util.BitSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One count of a study's tables as a reader understands it: so many persons have these states.
 *
 * @param where for each column that is named, its states that count; a column that is not named may
 *     have any state, missing too
 * @param others whether all others are counted instead: whoever has not all of these states
 * @param value the persons, or nothing where the count is withheld
 */
public record CountClaim(SortedMap<String, BitSet> where, boolean others, OptionalLong value) {
  /** Those who have these states. */
  public CountClaim(SortedMap<String, BitSet> where, OptionalLong value) {
    this(where, false, value);
  }

  public CountClaim {
    SortedMap<String, BitSet> copy = new TreeMap<>();
    where.forEach((column, states) -> copy.put(column, (BitSet) states.clone()));
    where = java.util.Collections.unmodifiableSortedMap(copy);
    if (value.isPresent() && value.getAsLong() < 0) {
      throw new IllegalArgumentException("a count is at least 0");
    }
  }

  /** The same count, withheld. */
  public CountClaim withheld() {
    return new CountClaim(where, others, OptionalLong.empty());
  }

  boolean isReleased() {
    return value.isPresent();
  }
}
