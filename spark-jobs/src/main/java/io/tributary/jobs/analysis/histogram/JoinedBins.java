package io.tributary.jobs.analysis.histogram;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bins between edges.
 *
 * @param edges ascending, one more than bins; none at all if there are no bins
 * @param counts persons, [groups x bins]
 */
record JoinedBins(Reals edges, Counts counts, int groups) {
  int size() {
    return Math.max(0, edges.size() - 1);
  }

  /**
   * Joins bins from the left until each has so many persons in each group; what is left over at the
   * right end joins the last one. If the groups cannot have that, each has them in all groups
   * together; and if not even that, there is one bin.
   */
  JoinedBins joined(int least) {
    List<Integer> starts = starts(least, true);
    if (starts.isEmpty()) {
      starts = starts(least, false);
    }
    if (starts.isEmpty() && size() > 0) {
      starts = List.of(0);
    }
    int joined = starts.size();
    double[] ends = new double[joined == 0 ? 0 : joined + 1];
    long[] sums = new long[groups * joined];
    for (int bin = 0; bin < joined; bin++) {
      int end = bin + 1 < joined ? starts.get(bin + 1) : size();
      ends[bin] = edges.at(starts.get(bin));
      ends[bin + 1] = edges.at(end);
      for (int group = 0; group < groups; group++) {
        for (int part = starts.get(bin); part < end; part++) {
          sums[group * joined + bin] += counts.at(group * size() + part);
        }
      }
    }
    return new JoinedBins(Reals.of(ends), Counts.of(sums), groups);
  }

  /** First parts of the bins that have enough; none if there is no such bin. */
  private List<Integer> starts(int least, boolean eachGroup) {
    List<Integer> starts = new ArrayList<>();
    long[] held = new long[groups];
    int start = 0;
    for (int part = 0; part < size(); part++) {
      for (int group = 0; group < groups; group++) {
        held[group] += counts.at(group * size() + part);
      }
      long enough = eachGroup ? Arrays.stream(held).min().orElse(0) : Arrays.stream(held).sum();
      if (enough >= least) {
        starts.add(start);
        start = part + 1;
        Arrays.fill(held, 0);
      }
    }
    return starts;
  }
}
