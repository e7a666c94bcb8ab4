package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.Cell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatioTest {
  @Test
  void withinADoublesRangeItIsTheExponential() {
    assertThat(Ratio.of(0)).isEqualTo(Cell.of(1.0));
    assertThat(Ratio.of(-700)).isEqualTo(Cell.of(StrictMath.exp(-700)));
    assertThat(Ratio.of(709)).isEqualTo(Cell.of(StrictMath.exp(709)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-709, -745, -1e6, 710, 1e6})
  void beyondItNoNumberIsShown(double log) {
    assertThat(Ratio.of(log)).isInstanceOf(Cell.NotComputed.class);
  }
}
