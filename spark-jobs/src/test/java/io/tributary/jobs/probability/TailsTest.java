package io.tributary.jobs.probability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against mpmath 1.3 with 40 digits (normal, t, chi-square) and R 4.2 (F, quantiles, lgamma). */
class TailsTest {
  /** A logarithm this close to its value gives a probability right to that many digits. */
  private static void close(double actual, double expected) {
    assertThat(actual).isCloseTo(expected, within(2e-14 * Math.max(1, Math.abs(expected))));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0",
    "0.1, -0.083007412170328011",
    "1, -1.1478744644493182",
    "1.96, -2.9958164711696934",
    "2.4999, -4.3882188267941026",
    "2.5, -4.3885010967187452",
    "5, -14.37185121342878",
    "37, -688.33743839633065",
    "-37, -688.33743839633065",
    "100, -5004.8310615136451",
    "1000, -500007.13354763162"
  })
  void normalTail(double z, double expected) {
    close(Tails.logNormalTwoSided(z), expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 0",
    "0.01, 5, -0.0076209477507553145",
    "1, 1, -0.69314718055994531",
    "2.5, 7, -3.1943730208817354",
    "-2.5, 7, -3.1943730208817354",
    "10, 3, -6.152385197633555",
    "40, 1000, -481.19351038303335",
    "200, 500, -1101.9396977084888",
    "1.5, 0.5, -0.67746717558928719"
  })
  void studentTail(double t, double df, double expected) {
    close(Tails.logStudentTwoSided(t, df), expected);
  }

  /**
   * A million degrees of freedom cost some digits of the beta function, none that anyone prints.
   */
  @Test
  void studentTailOfManyDegreesOfFreedom() {
    assertThat(Tails.logStudentTwoSided(3, 1e6)).isCloseTo(-5.9145544178523615, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 0",
    "0.5, 1, -0.7350111298370844",
    "3.84, 1, -2.9948622271800274",
    "86.8698223505836, 1, -45.904105482099429",
    "268.3, 3, -131.57603191991259",
    "10, 20, -0.032345580729534871",
    "5000, 4, -2492.1755540691224",
    "100, 90, -1.5094105459541898"
  })
  void chiSquareTail(double x, double df, double expected) {
    close(Tails.logChiSquareUpper(x, df), expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 10, -0.91160778396977327",
    "65.6, 4, 852, -109.75640755745184",
    "0.5, 3, 7, -0.36523088819447247",
    "330.285339234588, 6, 9, -21.419612023127996",
    "1000, 5, 2000, -1243.1882537105532"
  })
  void fisherTail(double f, double df1, double df2, double expected) {
    assertThat(Tails.logFisherUpper(f, df1, df2))
        .isCloseTo(expected, within(1e-12 * Math.max(1, Math.abs(expected))));
  }

  @Test
  void quantiles() {
    close(Tails.normalQuantile(0.95), 1.9599639845400536);
    close(Tails.normalQuantile(0.99), 2.5758293035489);
    assertThat(Tails.studentQuantile(0.95, 9)).isCloseTo(2.262157162798205, within(1e-13));
    assertThat(Tails.studentQuantile(0.95, 852)).isCloseTo(1.9627522328330023, within(1e-12));
    assertThat(Tails.studentQuantile(0.9, 1)).isCloseTo(6.313751514675038, within(1e-13));
  }

  @Test
  void negativeLog10GoesOnWhereProbabilitiesEnd() {
    assertThat(Tails.negativeLog10(Tails.logNormalTwoSided(100)))
        .isCloseTo(5004.831061513645 / Math.log(10), within(1e-9));
    assertThat(Tails.negativeLog10(0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0",
    "5, 4.7874917427820458",
    "20, 42.335616460753485",
    "21, 45.380138898476901",
    "30, 74.658236348830158",
    "127, 491.55344822329795",
    "128, 496.40547848721764",
    "1000, 5912.1281784881639",
    "1000000, 12815518.384658169"
  })
  void logFactorials(long n, double expected) {
    close(LogFactorial.of(n), expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, -1",
    "5, -1.7403021806115442",
    "20, -2.4209709896736653",
    "21, -2.4451677062850252",
    "1000, -4.3728995060262967",
    "1000000, -7.8266938955201431"
  })
  void poissonDensityAtItsPeak(long y, double expected) {
    assertThat(LogFactorial.saturatedPoisson(y)).isCloseTo(expected, within(1e-13));
  }

  @Test
  void fisherExactIsThatOfR() {
    FisherExact table = FisherExact.of(20, 7, 5, 30, 0.95);
    assertThat(table.pValue()).isCloseTo(2.142182909820631e-06, within(1e-17));
    // R's root finder stops at about 1e-4.
    assertThat(table.oddsRatio()).isCloseTo(16.094350168087885, within(1e-2));
    assertThat(table.low()).isCloseTo(4.140384158856251, within(1e-3));
    assertThat(table.high()).isCloseTo(76.35444586919321, within(1e-1));
    assertThat(FisherExact.of(3, 1, 1, 3, 0.95).pValue())
        .isCloseTo(0.4857142857142858, within(1e-14));
    FisherExact empty = FisherExact.of(8, 2, 0, 10, 0.95);
    assertThat(empty.pValue()).isCloseTo(0.0007144558228149554, within(1e-15));
    assertThat(empty.oddsRatio()).isInfinite();
    assertThat(empty.low()).isCloseTo(3.8170102580070666, within(1e-3));
  }
}
