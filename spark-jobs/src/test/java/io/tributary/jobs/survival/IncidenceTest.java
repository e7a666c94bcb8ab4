package io.tributary.jobs.survival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of cumulative incidences whatever the data; R's numbers are compared elsewhere. */
class IncidenceTest {
  private static final TimeGrid GRID = new TimeGrid(1, 0, 20, true);

  private final long[][] events = new long[2][21];
  private final long[] censored = new long[21];

  private LifeTable table(int causes) {
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      int time = 1 + random.nextInt(20);
      int kind = random.nextInt(3);
      if (kind < 2) {
        events[kind % causes][time]++;
      } else {
        censored[time]++;
      }
    }
    long[] all = new long[21];
    for (int i = 0; i < all.length; i++) {
      all[i] = events[0][i] + events[1][i];
    }
    return LifeTable.of(GRID, all, censored, new long[0]);
  }

  private long[][] atEntries(LifeTable table) {
    long[][] own = new long[2][table.size()];
    for (int i = 0; i < table.size(); i++) {
      own[0][i] = events[0][GRID.exit(table.time(i))];
      own[1][i] = events[1][GRID.exit(table.time(i))];
    }
    return own;
  }

  @Test
  void sharesOfAllCausesAndSurvivalAreOne() {
    LifeTable table = table(2);
    Incidence incidence = Incidence.of(table, atEntries(table));
    Curve curve = Curve.of(table);
    for (int entries = 0; entries <= table.size(); entries++) {
      double sum = incidence.incidence(0, entries) + incidence.incidence(1, entries);
      assertThat(sum + curve.survival(entries)).isCloseTo(1, within(1e-14));
    }
  }

  @Test
  void oneCauseIsKaplanAndMeiersWithGreenwoodsError() {
    LifeTable table = table(1);
    Incidence incidence = Incidence.of(table, atEntries(table));
    Curve curve = Curve.of(table);
    for (int entries = 1; entries < table.size(); entries++) {
      assertThat(incidence.incidence(0, entries))
          .isCloseTo(1 - curve.survival(entries), within(1e-14));
      assertThat(incidence.error(0, entries)).isCloseTo(curve.error(entries), within(1e-14));
      assertThat(incidence.error(1, entries)).isZero();
      assertThat(incidence.limits(1, entries, Curve.Limits.LOG, 1.96)).containsOnly(Double.NaN);
    }
  }

  /** A step that tells of one death of the rarer cause is joined to others. */
  @Test
  void stepsHoldNoneOrEnoughOfEachCause() {
    LifeTable table = table(2);
    long[][] own = atEntries(table);
    List<Integer> shown = SafeSteps.of(table, own, 5, 10).shown();
    assertThat(shown).isNotEmpty().isNotEqualTo(SafeSteps.of(table, 5, 10).shown());
    int from = 0;
    Incidence incidence = Incidence.of(table, own);
    for (int to : shown) {
      for (int cause = 0; cause < 2; cause++) {
        long events = incidence.events(cause, from, to);
        assertThat(events == 0 || events >= 5).as("cause %d to %d", cause, to).isTrue();
      }
      from = to;
    }
    long[][] rare = {own[0].clone(), new long[table.size()]};
    rare[1][3] = 1;
    assertThat(SafeSteps.of(table, rare, 5).shown()).isEmpty();
  }
}
