package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.survival.EventTimes;

/**
 * Whether a sum of a fit, or what follows from several, would be about a handful of rows. At the
 * start every row counts once, so sums and differences of a round's sums are over rows: those at
 * risk at one event time and not at another one; those at risk without the events that are summed
 * apart; all events, or all that is at risk, without those of single times; and what is left of all
 * rows. Such a sum over one row is its columns.
 */
final class SparseTimes {
  private SparseTimes() {}

  /**
   * Whether too few events share a time for what is summed over them, or too few share none.
   *
   * @param ties whether columns are summed over the events of tied times
   * @param weights whether weights are summed over the events of every time
   */
  static boolean amongEvents(EventTimes times, boolean ties, boolean weights, long minCell) {
    long alone = 0;
    for (int cell = 0; cell < times.cells(); cell++) {
      boolean tied = ties && times.tie(cell) >= 0;
      if ((weights || tied) && times.events(cell) < minCell) {
        return true;
      }
      alone += tied ? 0 : times.events(cell);
    }
    return few(alone, minCell);
  }

  /**
   * Whether too few rows are at risk at an event time, leave or enter between two of them, do not
   * belong to any risk set, or are told apart by having the event.
   *
   * @param leaving rows by their last event time, [cells]
   * @param entering rows that enter late by the event time before their first one, [cells]
   * @param never rows in no risk set, [strata]
   * @param ties whether the events of tied times are summed apart
   * @param weights whether the events' weights are summed apart
   */
  static boolean amongRows(
      EventTimes times,
      long[] leaving,
      long[] entering,
      long[] never,
      boolean ties,
      boolean weights,
      long minCell) {
    long mixed = 0;
    for (int stratum = 0; stratum < times.strata(); stratum++) {
      int first = times.first(stratum);
      int last = times.first(stratum + 1) - 1;
      boolean late = false;
      for (int cell = first; cell <= last; cell++) {
        late |= entering[cell] > 0;
      }
      long atRisk = 0;
      long enter = Long.MAX_VALUE;
      for (int cell = last; cell >= first; cell--) {
        atRisk += leaving[cell] - entering[cell];
        long apart = weights || (ties && times.tie(cell) >= 0) ? times.events(cell) : 0;
        long others = leaving[cell] - apart;
        if (atRisk < minCell || few(atRisk - apart, minCell)) {
          return true;
        }
        if (cell < last) {
          // Who leaves here is in no later risk set, who enters before one in none up to here.
          enter = Math.min(enter, entering[cell]);
          if (others + enter < minCell && (late || others > 0)) {
            return true;
          }
        }
        boolean summed = ties && times.tie(cell) >= 0;
        mixed += summed ? 0 : Math.min(times.events(cell), leaving[cell] - times.events(cell));
      }
      if (few(never[stratum], minCell)) {
        return true;
      }
    }
    // Of each time take the events, or the others: the least that all events, less whole times, is.
    return few(mixed, minCell);
  }

  private static boolean few(long rows, long minCell) {
    return rows > 0 && rows < minCell;
  }
}
