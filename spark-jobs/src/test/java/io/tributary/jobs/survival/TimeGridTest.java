package io.tributary.jobs.survival;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeGridTest {
  @Test
  void aGridPointStaysWhatItIs() {
    TimeGrid tenths = TimeGrid.ofStep(0.1, 30, 1000, true);
    for (int i = 0; i <= 300; i++) {
      double time = i / 10.0;
      assertThat(tenths.exit(time)).isEqualTo(i);
      assertThat(tenths.entry(time)).isEqualTo(i);
      assertThat(tenths.time(i)).isEqualTo(time);
    }
  }

  @Test
  void betweenGridPointsNobodyLeavesARiskSetTooEarly() {
    TimeGrid months = TimeGrid.ofStep(30, 1000, 1000, false);
    assertThat(months.points()).isEqualTo(34);
    assertThat(months.exit(31)).isEqualTo(2);
    assertThat(months.exit(30)).isEqualTo(1);
    assertThat(months.entry(31)).isEqualTo(1);
    assertThat(months.entry(29.5)).isZero();
    assertThat(months.exit(2000)).isEqualTo(35);
  }

  @Test
  void coarseGridIsTheFinestRoundOneThatFits() {
    assertThat(TimeGrid.coarse(1000, 250).step()).isEqualTo(5);
    assertThat(TimeGrid.coarse(1000, 1000).step()).isEqualTo(1);
    assertThat(TimeGrid.coarse(0.7, 100).step()).isEqualTo(0.01);
    assertThat(TimeGrid.coarse(1e12, 100).points()).isLessThanOrEqualTo(100);
  }

  @Test
  void aStepOfTooManyDecimalsOrPointsIsNone() {
    assertThat(TimeGrid.ofStep(1.0 / 3, 10, 1000, false)).isNull();
    assertThat(TimeGrid.ofStep(1, 1001, 1000, true)).isNull();
  }
}
