package io.tributary.jobs.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against R's p.adjust of c(.01, .02, .03, .04, .05, .001, .5, NA, .02). */
class AdjustmentTest {
  @ParameterizedTest
  @CsvSource({
    "none, 0.01 0.02 0.03 0.04 0.05 0.001 0.5 NaN 0.02",
    "bonferroni, 0.08 0.16 0.24 0.32 0.40 0.008 1 NaN 0.16",
    "holm, 0.07 0.12 0.12 0.12 0.12 0.008 0.5 NaN 0.12",
    "hochberg, 0.07 0.1 0.1 0.1 0.1 0.008 0.5 NaN 0.1",
    "BH, 0.04 0.04 0.048 0.0533333333333333298 0.0571428571428571411 0.008 0.5 NaN 0.04",
    "BY, 0.108714285714285722 0.108714285714285722 0.130457142857142855 0.144952380952380944"
        + " 0.155306122448979594 0.021742857142857144 1 NaN 0.108714285714285722"
  })
  void equalsR(String method, String expected) {
    double[] logs = {.01, .02, .03, .04, .05, .001, .5, Double.NaN, .02};
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(logs[i]);
    }
    double[] adjusted = Adjustment.of(method).apply(logs);
    String[] values = expected.split(" ");
    for (int i = 0; i < values.length; i++) {
      if (values[i].equals("NaN")) {
        assertThat(adjusted[i]).isNaN();
      } else {
        assertThat(Math.exp(adjusted[i])).isCloseTo(Double.parseDouble(values[i]), within(1e-15));
      }
    }
  }

  @Test
  void whatNoDoubleHoldsStaysALogarithm() {
    double[] adjusted = Adjustment.HOLM.apply(new double[] {-2000, -1000});
    assertThat(adjusted[0]).isCloseTo(-2000 + Math.log(2), within(1e-10));
    assertThat(adjusted[1]).isEqualTo(-1000);
  }
}
