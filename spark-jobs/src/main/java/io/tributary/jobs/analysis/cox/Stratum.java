package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.TimeGrid;
import java.util.Arrays;
import java.util.List;

/**
 * What later rounds and the result need of a stratum's life table. It is part of public states, so
 * it holds no more: neither censored rows nor entries by time.
 *
 * @param index grid points at which events come, ascending, [cells]
 * @param events that come at each, [cells]
 * @param shown grid points at which the baseline hazard may be shown, ascending; none if the
 *     stratum may not
 * @param risk rows at risk after the shown point before, or at first
 * @param since events since then
 */
record Stratum(Counts index, Counts events, Counts shown, Counts risk, Counts since) {

  /**
   * From a life table.
   *
   * @param steps of the table that may be shown, as the number of its entries up to each
   */
  static Stratum of(TimeGrid grid, LifeTable table, List<Integer> steps) {
    long[] index = new long[table.size()];
    long[] events = new long[table.size()];
    int cells = 0;
    for (int i = 0; i < table.size(); i++) {
      if (table.events(i) > 0) {
        index[cells] = grid.exit(table.time(i));
        events[cells++] = table.events(i);
      }
    }
    long[] shown = new long[steps.size()];
    long[] risk = new long[steps.size()];
    long[] since = new long[steps.size()];
    int from = 0;
    for (int step = 0; step < shown.length; step++) {
      int to = steps.get(step);
      shown[step] = grid.exit(table.time(to - 1));
      risk[step] = table.risk(from);
      since[step] = table.eventsIn(to) - table.eventsIn(from);
      from = to;
    }
    return new Stratum(
        Counts.of(Arrays.copyOf(index, cells)),
        Counts.of(Arrays.copyOf(events, cells)),
        Counts.of(shown),
        Counts.of(risk),
        Counts.of(since));
  }

  /** The event times of all strata. */
  static EventTimes times(TimeGrid grid, List<Stratum> strata) {
    return EventTimes.of(
        grid,
        strata.stream().map(stratum -> stratum.index().toArray()).toList(),
        strata.stream().map(stratum -> stratum.events().toArray()).toList());
  }
}
