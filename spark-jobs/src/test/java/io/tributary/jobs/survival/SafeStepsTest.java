package io.tributary.jobs.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SafeStepsTest {
  private static final TimeGrid DAYS = new TimeGrid(1, 0, 60, true);

  private static LifeTable table(Random random, int persons, boolean late) {
    long[] events = new long[61];
    long[] censored = new long[61];
    long[] entered = new long[61];
    for (int i = 0; i < persons; i++) {
      int exit = 1 + random.nextInt(60);
      (random.nextInt(3) > 0 ? events : censored)[exit]++;
      entered[random.nextInt(exit)]++;
    }
    return LifeTable.of(DAYS, events, censored, late ? entered : new long[0]);
  }

  /** No difference of two shown times, and not what is after the last one, is about a few. */
  @Test
  void noDifferenceIsAboutFewerThanTheFloor() {
    Random random = new Random(1);
    int shownInAll = 0;
    for (int run = 0; run < 300; run++) {
      LifeTable table = table(random, 1 + random.nextInt(400), run % 3 == 0);
      SafeSteps steps = SafeSteps.of(table, 5, 10, 20, 35, 50);
      List<Integer> boundaries = new ArrayList<>(List.of(0));
      boundaries.addAll(steps.shown());
      for (int i = 0; i < boundaries.size(); i++) {
        for (int j = i + 1; j < boundaries.size(); j++) {
          assertSafe(table, boundaries.get(i), boundaries.get(j));
        }
        assertSafe(table, boundaries.get(i), boundaries.size() > 1 ? table.size() : 0);
      }
      for (int wanted : steps.wanted()) {
        assertThat(wanted <= 0 || steps.shown().contains(wanted)).isTrue();
      }
      shownInAll += steps.shown().size();
    }
    assertThat(shownInAll).isGreaterThan(1000);
  }

  private static void assertSafe(LifeTable table, int from, int to) {
    long events = 0;
    long censored = 0;
    long entered = 0;
    for (int i = from; i < to; i++) {
      events += table.events(i);
      censored += table.censored(i);
      entered += table.entered(i);
    }
    for (long count : new long[] {events, censored, entered}) {
      assertThat(count == 0 || count >= 5).isTrue();
    }
  }

  @Test
  void withoutFewStepsTheCurveIsWhole() {
    long[] events = new long[61];
    events[3] = 7;
    events[9] = 5;
    LifeTable table = LifeTable.of(DAYS, events, new long[61], new long[0]);
    SafeSteps steps = SafeSteps.of(table, 5, 5);
    assertThat(steps.shown()).containsExactly(1, 2);
    assertThat(steps.wanted()).containsExactly(1);
    assertThat(steps.coarser()).isFalse();
  }

  @Test
  void oneDeathShowsNothing() {
    long[] events = new long[61];
    events[3] = 1;
    long[] censored = new long[61];
    censored[60] = 50;
    SafeSteps steps = SafeSteps.of(LifeTable.of(DAYS, events, censored, new long[0]), 5);
    assertThat(steps.shown()).isEmpty();
  }
}
