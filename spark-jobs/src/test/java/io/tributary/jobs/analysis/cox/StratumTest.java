package io.tributary.jobs.analysis.cox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.study.Study.ReleaseFloor;
import java.util.List;
import org.junit.jupiter.api.Test;

class StratumTest {
  private static final TimeGrid GRID = new TimeGrid(1, 0, 4, true);
  private static final Floor FLOOR = new Floor(new ReleaseFloor(5, 10, 0.3), 1);

  private static LifeTable table(int events, int censored) {
    return LifeTable.of(
        GRID, new long[] {0, 0, events, 0, 0}, new long[] {0, 0, 0, 0, censored}, new long[0]);
  }

  private static List<Integer> shown(LifeTable... tables) {
    return Stratum.all(GRID, List.of(tables), FLOOR).stream()
        .map(stratum -> stratum.shown().size())
        .toList();
  }

  @Test
  void strataWithEnoughEventsAreShown() {
    assertThat(shown(table(20, 30), table(9, 10), table(6, 30))).containsExactly(1, 1, 1);
  }

  /** Three events in the third one are all events less those of the others. */
  @Test
  void eventsOfAStratumThatIsNotShownDoNotFollowFromTheOthers() {
    assertThat(shown(table(20, 30), table(9, 10), table(3, 30))).containsExactly(1, 0, 0);
  }

  @Test
  void norDoThoseWithoutTheEvent() {
    assertThat(shown(table(20, 30), table(9, 10), table(30, 3))).containsExactly(1, 0, 0);
  }

  @Test
  void whereNothingElseIsLeftNoneIsShown() {
    assertThat(shown(table(20, 30), table(3, 30))).containsExactly(0, 0);
    assertThat(shown(table(20, 30), table(0, 30))).containsExactly(0, 0);
  }
}
