package io.tributary.jobs.analysis.attrition;

import java.util.BitSet;

/**
 * Which steps can be shown so that nobody reads off that a few persons were left out. Between two
 * shown steps, whatever steps are withheld in between, nobody or at least {@code least} persons
 * were left out, and each shown step has at least {@code least}.
 */
final class ShownSteps {
  private ShownSteps() {}

  /**
   * The largest such set among those with the last step that has enough persons, which other
   * analyses tell anyhow; among these one with the first step, if there is any.
   *
   * @param persons left after each step, descending
   * @param least fewest persons of a cell, at least 1
   */
  static BitSet of(long[] persons, int least) {
    BitSet shown = new BitSet(persons.length);
    int last = persons.length - 1;
    while (last >= 0 && persons[last] < least) {
      last--;
    }
    if (last < 0) {
      return shown;
    }
    // Longest chains from each step to the last one; -1 where there is none.
    int[] length = new int[last + 1];
    int[] next = new int[last + 1];
    length[last] = 1;
    for (int step = last - 1; step >= 0; step--) {
      for (int later = step + 1; later <= last; later++) {
        long out = persons[step] - persons[later];
        if ((out == 0 || out >= least) && length[later] + 1 > length[step] && length[later] > 0) {
          length[step] = length[later] + 1;
          next[step] = later;
        }
      }
    }
    int start = 0;
    if (length[0] == 0) {
      for (int step = 1; step <= last; step++) {
        start = length[step] > length[start] ? step : start;
      }
    }
    for (int step = start; step < last; step = next[step]) {
      shown.set(step);
    }
    shown.set(last);
    return shown;
  }
}
