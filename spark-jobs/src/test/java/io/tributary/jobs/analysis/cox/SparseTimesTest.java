package io.tributary.jobs.analysis.cox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.TimeGrid;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparseTimesTest {
  private static final TimeGrid GRID = new TimeGrid(1, 0, 3, true);
  private static final long[] NOBODY = {0};

  /** One stratum with events at 1, 2, ... */
  private static EventTimes times(long... events) {
    long[] index = new long[events.length];
    for (int i = 0; i < index.length; i++) {
      index[i] = i + 1L;
    }
    return EventTimes.of(GRID, List.of(index), List.of(events));
  }

  private static boolean sparse(EventTimes times, boolean ties, long... leaving) {
    return SparseTimes.amongEvents(times, ties, false, 5)
        || SparseTimes.amongRows(times, leaving, new long[leaving.length], NOBODY, ties, 5);
  }

  @Test
  void oneEventWithFourWhoLeaveBeforeTheNextIsEnough() {
    assertThat(sparse(times(1, 1), false, 5, 5)).isFalse();
    assertThat(sparse(times(1, 1), true, 5, 5)).isFalse();
    assertThat(sparse(times(1, 1), false, 4, 6)).isTrue();
  }

  /** Tied events are summed apart from the others with Efron's ties alone. */
  @Test
  void tiedEventsAreAPartOfTheirOwn() {
    assertThat(sparse(times(2), false, 10)).isFalse();
    assertThat(sparse(times(2), true, 10)).isTrue();
    assertThat(sparse(times(6), true, 10)).as("four others").isTrue();
    assertThat(sparse(times(6), true, 6)).as("no others").isFalse();
  }

  /** What is in no risk set is told by all rows less those that are. */
  @Test
  void aHandfulCensoredBeforeTheFirstEventIsTold() {
    EventTimes times = times(7);
    long[] leaving = {7};
    for (long never : new long[] {0, 1, 4, 5}) {
      assertThat(SparseTimes.amongRows(times, leaving, new long[1], new long[] {never}, false, 5))
          .isEqualTo(never == 1 || never == 4);
    }
  }

  @Test
  void weightsOfAFewEventsAreTold() {
    assertThat(SparseTimes.amongEvents(times(3), false, true, 5)).isTrue();
    assertThat(SparseTimes.amongEvents(times(3), false, true, 3)).isFalse();
  }

  @Test
  void thoseWhoEnterCountWithThoseWhoLeave() {
    long[] leaving = {6, 6};
    long[] entering = {5, 0};
    assertThat(SparseTimes.amongRows(times(6, 6), leaving, entering, NOBODY, false, 7)).isTrue();
    assertThat(SparseTimes.amongRows(times(6, 6), leaving, entering, NOBODY, false, 6)).isFalse();
  }
}
