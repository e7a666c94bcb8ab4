package io.tributary.jobs.probability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RisingFactorialTest {
  /** The product and both sums term by term, with 40 digits; its logarithm by its double. */
  @ParameterizedTest
  @CsvSource({
    "0.001, 1",
    "0.001, 7",
    "0.5, 31",
    "0.5, 400",
    "3.25, 28",
    "3.25, 29",
    "3.25, 30",
    "31, 2",
    "32, 1",
    "32, 150",
    "1000, 1",
    "1000, 90",
    "1e6, 50",
    "1e9, 3",
  })
  void equalsTheTerms(double theta, int y) {
    MathContext digits = new MathContext(40);
    BigDecimal exact = new BigDecimal(theta);
    BigDecimal product = BigDecimal.ONE;
    BigDecimal ratios = BigDecimal.ZERO;
    BigDecimal squares = BigDecimal.ZERO;
    for (int k = 0; k < y; k++) {
      BigDecimal at = exact.add(BigDecimal.valueOf(k));
      BigDecimal ratio = exact.divide(at, digits);
      product = product.divide(ratio, digits);
      ratios = ratios.add(ratio);
      squares = squares.add(ratio.multiply(ratio));
    }
    double[] out = new double[RisingFactorial.OUT];
    RisingFactorial.evaluate(theta, y, out);
    double log =
        product.compareTo(BigDecimal.valueOf(2)) < 0
            ? Math.log1p(product.subtract(BigDecimal.ONE).doubleValue())
            : log(product);
    // Where theta is large the logarithm is what is left of terms of the size of y.
    assertThat(Math.abs(out[0] - log)).isLessThanOrEqualTo(4e-15 * (Math.abs(log) + y));
    assertThat(out[1]).isCloseTo(ratios.doubleValue(), withinPercentage(1e-12));
    assertThat(out[2]).isCloseTo(squares.doubleValue(), withinPercentage(1e-12));
  }

  private static double log(BigDecimal large) {
    int shift = large.precision() - large.scale();
    return Math.log(large.movePointLeft(shift).doubleValue()) + shift * Math.log(10);
  }

  @Test
  void nothingRisesZeroTimes() {
    double[] out = {1, 2, 3};
    RisingFactorial.evaluate(2.5, 0, out);
    assertThat(out).containsOnly(0);
  }
}
