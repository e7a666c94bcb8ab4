package io.tributary.cohort;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The concepts of each set after the vocabulary was asked. */
public final class ConceptIds {
  private final Map<Integer, long[]> sets = new TreeMap<>();

  /** Sets by number; the arrays are copied and sorted. */
  public ConceptIds(Map<Integer, long[]> sets) {
    sets.forEach(
        (number, ids) -> {
          long[] sorted = ids.clone();
          Arrays.sort(sorted);
          this.sets.put(number, sorted);
        });
  }

  /** False for a missing concept. */
  public boolean contains(int set, long concept) {
    return concept != History.MISSING && Arrays.binarySearch(sets.get(set), concept) >= 0;
  }

  public int size(int set) {
    return sets.get(set).length;
  }

  /** Copies. */
  public Map<Integer, long[]> toMap() {
    Map<Integer, long[]> copies = new TreeMap<>();
    sets.forEach((number, ids) -> copies.put(number, ids.clone()));
    return copies;
  }
}
