package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.survival.EventTimes;

/**
 * Whether a sum of a fit would be about a handful of rows: the differences between risk sets of
 * neighbouring event times, the events of a tied time, and what is left of all rows without them.
 * Such sums over one row are its columns.
 */
final class SparseTimes {
  private SparseTimes() {}

  /**
   * Whether too few events share a time for what is summed over them.
   *
   * @param ties whether columns are summed over the events of tied times
   * @param weights whether weights are summed over the events of every time
   */
  static boolean amongEvents(EventTimes times, boolean ties, boolean weights, long minCell) {
    for (int cell = 0; cell < times.cells(); cell++) {
      boolean summed = weights || (ties && times.tie(cell) >= 0);
      if (summed && times.events(cell) < minCell) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether too few rows join or leave between two event times, or do not belong to any risk set.
   *
   * @param leaving rows by their last event time, [cells]
   * @param entering rows that enter late by the event time before their first one, [cells]
   * @param never rows in no risk set, [strata]
   * @param ties whether the events of tied times are summed apart
   */
  static boolean amongRows(
      EventTimes times, long[] leaving, long[] entering, long[] never, boolean ties, long minCell) {
    for (int stratum = 0; stratum < times.strata(); stratum++) {
      for (int cell = times.first(stratum); cell < times.first(stratum + 1); cell++) {
        boolean apart = ties && times.tie(cell) >= 0;
        long others = leaving[cell] + entering[cell] - (apart ? times.events(cell) : 0);
        if (others > 0 && others < minCell) {
          return true;
        }
      }
      if (never[stratum] > 0 && never[stratum] < minCell) {
        return true;
      }
    }
    return false;
  }
}
