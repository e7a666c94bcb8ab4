package io.tributary.jobs.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EventTimesTest {
  private static final TimeGrid DAYS = new TimeGrid(1, 0, 12, true);

  private record Row(int stratum, int entry, int exit, boolean event) {}

  private static EventTimes times(List<Row> rows, int strata) {
    List<long[]> index = new ArrayList<>();
    List<long[]> events = new ArrayList<>();
    for (int s = 0; s < strata; s++) {
      int stratum = s;
      SortedMap<Long, Long> counts = new TreeMap<>();
      rows.stream()
          .filter(row -> row.stratum() == stratum && row.event())
          .forEach(row -> counts.merge((long) row.exit(), 1L, Long::sum));
      index.add(counts.keySet().stream().mapToLong(Long::longValue).toArray());
      events.add(counts.values().stream().mapToLong(Long::longValue).toArray());
    }
    return EventTimes.of(DAYS, index, events);
  }

  /** A row's run of cells is where its interval holds an event time of its stratum. */
  @Test
  void aRowIsInTheRiskSetsOfTheEventTimesInItsInterval() {
    Random random = new Random(3);
    for (int run = 0; run < 200; run++) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int exit = 1 + random.nextInt(12);
        rows.add(new Row(random.nextInt(3), random.nextInt(exit), exit, random.nextInt(3) == 0));
      }
      EventTimes times = times(rows, 3);
      long distinct =
          rows.stream()
              .filter(Row::event)
              .map(row -> List.of(row.stratum(), row.exit()))
              .distinct()
              .count();
      assertThat(times.cells()).isEqualTo((int) distinct);
      for (Row row : rows) {
        int last = times.last(row.stratum(), row.exit());
        int first = times.firstAfter(row.stratum(), row.entry());
        for (int cell = 0; cell < times.cells(); cell++) {
          boolean own = cell >= times.first(row.stratum()) && cell < times.first(row.stratum() + 1);
          boolean inside = times.index(cell) > row.entry() && times.index(cell) <= row.exit();
          assertThat(cell >= first && cell <= last).isEqualTo(own && inside);
        }
        if (row.event()) {
          assertThat(times.index(last)).isEqualTo(row.exit());
          long together =
              rows.stream()
                  .filter(o -> o.event() && o.stratum() == row.stratum() && o.exit() == row.exit())
                  .count();
          assertThat(times.events(last)).isEqualTo(together);
          assertThat(times.tie(last) >= 0).isEqualTo(together > 1);
        }
      }
    }
  }

  @Test
  void nobodyWithTheEventMakesNoCell() {
    EventTimes times = times(List.of(new Row(0, 0, 5, false)), 1);
    assertThat(times.cells()).isZero();
    assertThat(times.last(0, 12)).isLessThan(times.firstAfter(0, 0));
  }
}
