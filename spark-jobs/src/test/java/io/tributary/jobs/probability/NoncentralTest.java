package io.tributary.jobs.probability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against mixtures in R 4.2.2, such as sum(dpois(j, l / 2) * pbeta(x, a + j, b)), and uniroot over
 * them: R's own pf and pt with {@code ncp} stop at about 1e-10 and 1e-12.
 */
class NoncentralTest {
  @ParameterizedTest
  @CsvSource({
    "1.5, 7, 0.5, 0.810924524914640177",
    "-1.5, 7, 0.5, 0.034534648308992333",
    "8, 20, 6, 0.882675292194772920",
    "2, 100, -1, 0.998490634617098194",
    "25, 800, 24, 0.799890099461514681",
    "0, 5, 1, 0.158655253931457046"
  })
  void student(double t, double df, double delta, double expected) {
    assertThat(Noncentral.student(t, df, delta)).isCloseTo(expected, within(1e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 40, 1.5, 0.71959272563751620",
    "80, 3, 916, 240, 0.47413838176610851",
    "0.5, 2, 9, 0, 0.37756888814905754",
    "12, 1, 500, 20, 0.15774612375245806"
  })
  void fisher(double f, double df1, double df2, double lambda, double expected) {
    assertThat(Noncentral.fisher(f, df1, df2, lambda)).isCloseTo(expected, within(1e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "5, 3, 2, 0.59340518008315557",
    "268, 3, 250, 0.69044951208117589",
    "1, 1, 0.5, 0.57129701038674596",
    "30, 10, 0, 0.99914335878922467"
  })
  void chiSquare(double x, double df, double lambda, double expected) {
    assertThat(Noncentral.chiSquare(x, df, lambda)).isCloseTo(expected, within(1e-13));
  }

  @ParameterizedTest
  @CsvSource({
    "2.5, 18, 0.34943464642207739, 4.59152043150328915",
    "-8.9, 918, -10.8994568963839829, -6.8958862145254747",
    "0, 10, -1.9599639845400534, 1.9599639845400545"
  })
  void limitsOfStudent(double t, double df, double low, double high) {
    assertThat(Noncentral.studentLimits(t, df, 0.95))
        .containsExactly(new double[] {low, high}, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 3, 40, 0.49281378421993438, 28.30178464466336763",
    "80.2, 3, 916, 178.29723955924896, 307.37059632586727",
    "1, 2, 30, 0, 9.9660106343367296"
  })
  void limitsOfFisher(double f, double df1, double df2, double low, double high) {
    assertThat(Noncentral.fisherLimits(f, df1, df2, 0.95))
        .containsExactly(new double[] {low, high}, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 3, 0.21551957306134389, 23.67979670414644033",
    "268.3, 3, 206.05710308174932, 334.23292644406177",
    "2, 1, 0, 11.384977050740167"
  })
  void limitsOfChiSquare(double x, double df, double low, double high) {
    assertThat(Noncentral.chiSquareLimits(x, df, 0.95))
        .containsExactly(new double[] {low, high}, within(1e-9));
  }

  /** What a million persons make of it: normal about the statistic, and no overflow. */
  @Test
  void limitsOfALargeStatistic() {
    double[] limits = Noncentral.studentLimits(200, 1e6, 0.95);
    // t is about normal with variance 1 + delta^2 / (2 df).
    assertThat(limits[0]).isCloseTo(200 - 1.96 * Math.sqrt(1.02), within(0.01));
    assertThat(limits[1]).isCloseTo(200 + 1.96 * Math.sqrt(1.02), within(0.01));
  }
}
