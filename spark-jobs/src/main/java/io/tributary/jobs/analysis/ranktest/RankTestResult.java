package io.tributary.jobs.analysis.ranktest;

import io.tributary.jobs.analysis.Counts;
import java.util.List;

/**
 * Counts by value, before the release floor.
 *
 * @param groups of every column
 * @param values for each column persons, [groups x values], values ascending
 * @param between rows whose value was moved to the nearest one counted, by column
 * @param outside rows beyond all values, by column
 * @param dropped rows without a value or a group, by column
 */
record RankTestResult(
    int groups, List<Counts> values, Counts between, Counts outside, Counts dropped) {
  RankTestResult {
    values = List.copyOf(values);
  }

  /** Persons by value of one column, [groups][values]. */
  long[][] table(int column) {
    Counts all = values.get(column);
    long[][] table = new long[groups][];
    int points = all.size() / groups;
    for (int group = 0; group < groups; group++) {
      table[group] = all.slice(group * points, points);
    }
    return table;
  }

  /** Persons with a value of one column, by group. */
  long[] sizes(int column) {
    long[][] table = table(column);
    long[] sizes = new long[groups];
    for (int group = 0; group < groups; group++) {
      sizes[group] = Counts.of(table[group]).sum();
    }
    return sizes;
  }
}
