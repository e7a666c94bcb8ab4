package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.SafeSteps;
import io.tributary.jobs.survival.TimeGrid;
import java.util.ArrayList;
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
   * From the life tables of all strata. Steps of the baseline hazard are shown where they tell of
   * nobody, as survival curves have them. The events of all strata are known, so those of strata
   * without steps are what the others leave: where these are too few, or have too few beside them
   * without the event, steps of further strata are withheld, those with the fewest events first.
   */
  static List<Stratum> all(TimeGrid grid, List<LifeTable> tables, Floor floor) {
    long[] counts = tables.stream().mapToLong(LifeTable::persons).toArray();
    ProtectedCounts persons =
        ProtectedCounts.of(new int[] {counts.length}, counts, floor.minCell());
    List<List<Integer>> steps = new ArrayList<>();
    long[] hidden = new long[2];
    for (int stratum = 0; stratum < counts.length; stratum++) {
      LifeTable table = tables.get(stratum);
      boolean shown = !persons.hidden(1, stratum) && floor.showsStatistic(counts[stratum]);
      steps.add(shown ? SafeSteps.of(table, floor.minCell()).shown() : List.of());
      if (steps.get(stratum).isEmpty()) {
        hide(table, hidden);
      }
    }
    boolean complete = steps.stream().noneMatch(List::isEmpty);
    while (!complete && !(floor.showsCount(hidden[0]) && floor.showsMissing(hidden[1]))) {
      int fewest = -1;
      for (int stratum = 0; stratum < counts.length; stratum++) {
        if (!steps.get(stratum).isEmpty()
            && (fewest < 0 || tables.get(stratum).events() < tables.get(fewest).events())) {
          fewest = stratum;
        }
      }
      if (fewest < 0) {
        break;
      }
      steps.set(fewest, List.of());
      hide(tables.get(fewest), hidden);
    }
    List<Stratum> strata = new ArrayList<>();
    for (int stratum = 0; stratum < counts.length; stratum++) {
      strata.add(of(grid, tables.get(stratum), steps.get(stratum)));
    }
    return strata;
  }

  /** Adds a stratum's rows with the event and without to those that are not shown. */
  private static void hide(LifeTable table, long[] hidden) {
    hidden[0] += table.events();
    hidden[1] += table.persons() - table.events();
  }

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
