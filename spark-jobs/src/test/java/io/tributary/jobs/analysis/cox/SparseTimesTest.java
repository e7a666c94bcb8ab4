package io.tributary.jobs.analysis.cox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.TimeGrid;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparseTimesTest {
  private static final TimeGrid GRID = new TimeGrid(1, 0, 6, true);
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
    return new SparseTimes(times, ties, false, false, 5).amongEvents()
        || rows(times, leaving, new long[leaving.length], NOBODY, ties, 5);
  }

  private static boolean rows(
      EventTimes times, long[] leaving, long[] entering, long[] never, boolean ties, long floor) {
    return new SparseTimes(times, ties, false, false, floor).amongRows(leaving, entering, never);
  }

  @Test
  void oneEventWithFourWhoLeaveBeforeTheNextIsEnough() {
    assertThat(sparse(times(1, 1, 1, 1, 1), false, 5, 5, 5, 5, 5)).isFalse();
    assertThat(sparse(times(1, 1, 1, 1, 1), true, 5, 5, 5, 5, 5)).isFalse();
    assertThat(sparse(times(1, 1, 1, 1, 1), false, 4, 6, 5, 5, 5)).isTrue();
  }

  /** Tied events are summed apart from the others with Efron's ties alone. */
  @Test
  void tiedEventsAreAPartOfTheirOwn() {
    assertThat(sparse(times(6), false, 11)).isFalse();
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
      assertThat(rows(times, leaving, new long[1], new long[] {never}, false, 5))
          .isEqualTo(never == 1 || never == 4);
    }
  }

  @Test
  void weightsOfAFewEventsAreTold() {
    assertThat(new SparseTimes(times(3), false, true, false, 5).amongEvents()).isTrue();
    assertThat(new SparseTimes(times(3), false, true, false, 3).amongEvents()).isFalse();
  }

  @Test
  void thoseWhoEnterCountWithThoseWhoLeave() {
    long[] leaving = {6, 6};
    long[] entering = {5, 0};
    assertThat(rows(times(6, 6), leaving, entering, NOBODY, false, 7)).isTrue();
    assertThat(rows(times(6, 6), leaving, entering, NOBODY, false, 6)).isFalse();
  }

  /**
   * Columns are summed over all events, and over those of each tied time: one event that shares its
   * time with nobody is the difference.
   */
  @Test
  void fewEventsThatShareNoTimeAreWhatTheTiedOnesLeave() {
    assertThat(sparse(times(7, 1), true, 12, 5)).isTrue();
    assertThat(sparse(times(7, 1, 1, 1, 1, 1), true, 12, 5, 5, 5, 5, 5)).isFalse();
    assertThat(sparse(times(7, 1), false, 7, 6)).as("all at the first time have it").isTrue();
  }

  /** All rows at risk less all events, where the events of a time are not summed apart. */
  @Test
  void fewAtRiskWithoutTheEventAreWhatTheEventsLeave() {
    assertThat(sparse(times(6, 6), false, 8, 6)).isTrue();
    assertThat(sparse(times(6, 6), false, 8, 9)).isFalse();
    assertThat(sparse(times(6, 6), false, 6, 6)).isFalse();
  }

  /** Somebody dies before most have come: the first risk set is a person's columns. */
  @Test
  void riskSetOfAFewIsTold() {
    long[] leaving = {1, 9};
    long[] entering = {8, 0};
    assertThat(rows(times(1, 9), leaving, entering, NOBODY, false, 5)).isTrue();
  }

  /** Four come after the first event and leave at the next: two risk sets differ by two persons. */
  @Test
  void shortStaysDoNotHideWhoElseLeaves() {
    long[] leaving = {2, 6, 20};
    long[] entering = {4, 0, 0};
    assertThat(rows(times(2, 6, 20), leaving, entering, NOBODY, false, 5)).isTrue();
    assertThat(rows(times(5, 6, 20), new long[] {5, 6, 20}, entering, NOBODY, false, 5)).isFalse();
  }

  /** Efron's events are summed apart, so in a small first risk set the others are too. */
  @Test
  void othersInASmallRiskSetAreToldByItsTiedEvents() {
    long[] entering = {9, 0};
    assertThat(rows(times(6, 9), new long[] {8, 9}, entering, NOBODY, true, 5)).isTrue();
  }

  /** With weights those of a time's events are summed, so those of the others are known too. */
  @Test
  void weightsOfAFewOthersAreTold() {
    long[] leaving = {8, 12};
    SparseTimes weighted = new SparseTimes(times(6, 6), false, true, false, 5);
    assertThat(weighted.amongRows(leaving, new long[2], NOBODY)).isTrue();
  }

  /** Two sums over all events, one of them times the time: any one time can be taken out. */
  @Test
  void eventsOfOtherTimesAreToldWhereTheyAreSummedAlongTime() {
    for (boolean along : new boolean[] {false, true}) {
      assertThat(new SparseTimes(times(9, 4), false, false, along, 5).amongEvents())
          .isEqualTo(along);
      assertThat(new SparseTimes(times(9, 4, 1), false, false, along, 5).amongEvents()).isFalse();
      assertThat(new SparseTimes(times(9), false, false, along, 5).amongEvents()).isFalse();
      // Lone events beside tied ones: five of them, without one four.
      assertThat(new SparseTimes(times(9, 1, 1, 1, 1, 1), true, false, along, 5).amongEvents())
          .isEqualTo(along);
      // Six events or six others at each time; without either time six are left, of twelve.
      long[] leaving = {12, 12};
      assertThat(
              new SparseTimes(times(6, 6), false, false, along, 7)
                  .amongRows(leaving, new long[2], NOBODY))
          .isEqualTo(along);
    }
  }
}
