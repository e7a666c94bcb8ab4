package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.survival.EventTimes;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a sum of a fit, or what follows from several, would be about a handful of rows. At the
 * start every row counts once, so sums and differences of a round's sums are over rows: those at
 * risk at one event time and not at another one; those at risk without the events that are summed
 * apart; all events, or all that is at risk, without those of single times; and what is left of all
 * rows. Such a sum over one row is its columns.
 *
 * @param ties whether columns are summed over the events of tied times
 * @param weights whether weights are summed over the events of every time
 * @param along whether columns are summed over all events a second time, times a function of time;
 *     then the events of any one time can be taken out of all events
 * @param minCell rows a sum has at least
 */
record SparseTimes(EventTimes times, boolean ties, boolean weights, boolean along, long minCell) {

  /**
   * Whether too few events share a time for what is summed over them, or too few share none, or too
   * few are at other times.
   */
  boolean amongEvents() {
    long alone = 0;
    Map<Integer, Long> aloneAt = new TreeMap<>();
    Map<Integer, Long> eventsAt = new TreeMap<>();
    for (int cell = 0; cell < times.cells(); cell++) {
      long events = times.events(cell);
      if ((weights || isSummed(cell)) && events < minCell) {
        return true;
      }
      eventsAt.merge(times.index(cell), events, Long::sum);
      if (!isSummed(cell)) {
        alone += events;
        aloneAt.merge(times.index(cell), events, Long::sum);
      }
    }
    return few(alone) || fewElsewhere(eventsAt) || fewElsewhere(aloneAt);
  }

  /** Whether columns are summed over the events of this time apart from others. */
  private boolean isSummed(int cell) {
    return ties && times.tie(cell) >= 0;
  }

  /** Whether the rows of all times but one are few, where that one can be taken out. */
  private boolean fewElsewhere(Map<Integer, Long> rows) {
    long all = rows.values().stream().mapToLong(Long::longValue).sum();
    long most = rows.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return along && few(all - most);
  }

  /**
   * Whether too few rows are at risk at an event time, leave or enter between two of them, do not
   * belong to any risk set, or are told apart by having the event.
   *
   * @param leaving rows by their last event time, [cells]
   * @param entering rows that enter late by the event time before their first one, [cells]
   * @param never rows in no risk set, [strata]
   */
  boolean amongRows(long[] leaving, long[] entering, long[] never) {
    long mixed = 0;
    Map<Integer, Long> mixedAt = new TreeMap<>();
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
        long apart = weights || isSummed(cell) ? times.events(cell) : 0;
        long others = leaving[cell] - apart;
        if (atRisk < minCell || few(atRisk - apart)) {
          return true;
        }
        if (cell < last) {
          // Who leaves here is in no later risk set, who enters before one in none up to here.
          enter = Math.min(enter, entering[cell]);
          if (others + enter < minCell && (late || others > 0)) {
            return true;
          }
        }
        long fewer = Math.min(times.events(cell), leaving[cell] - times.events(cell));
        mixed += isSummed(cell) ? 0 : fewer;
        mixedAt.merge(times.index(cell), isSummed(cell) ? 0 : fewer, Long::sum);
      }
      if (few(never[stratum])) {
        return true;
      }
    }
    // Of each time take the events, or the others: the least that all events, less whole times, is.
    return few(mixed) || fewElsewhere(mixedAt);
  }

  private boolean few(long rows) {
    return rows > 0 && rows < minCell;
  }
}
