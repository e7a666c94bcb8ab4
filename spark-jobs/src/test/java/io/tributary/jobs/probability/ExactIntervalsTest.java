package io.tributary.jobs.probability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.probability.ExactIntervals.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against R 4.2: qchisq, qbeta, qgamma, prop.test and poisson.test. */
class ExactIntervalsTest {
  private static void check(Limits limits, double low, double high) {
    assertThat(limits.low()).isCloseTo(low, within(1e-10 * low));
    assertThat(limits.high()).isCloseTo(high, within(1e-10 * high));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.95, 0, 3.6888794541139354",
    "1, 0.95, 0.025317807984289897, 5.571643390938898932",
    "5, 0.95, 1.6234863901184209, 11.6683320793226670",
    "10, 0.95, 4.7953886961324343, 18.3903560420177783",
    "10, 0.9, 5.4254056970912918, 16.9622192357218964",
    "479, 0.95, 437.05895823871020, 523.87982473841282",
    "100000, 0.95, 99381.152663744724, 100621.744739743881"
  })
  void poissonIsGarwoods(long count, double level, double low, double high) {
    check(ExactIntervals.poisson(count, level), low, high);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0.30849710781876083",
    "5, 10, 0.18708602844739858, 0.81291397155260148",
    "10, 10, 0.69150289218123917, 1",
    "479, 2630, 0.16754890003531889, 0.19742077757169896",
    "7, 100000, 2.8144078805036868e-05, 1.4422140092234867e-04"
  })
  void binomialIsClopperAndPearsons(long count, long n, double low, double high) {
    check(ExactIntervals.binomial(count, n, 0.95), low, high);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0.27753279986288915",
    "5, 10, 0.23659309051256402, 0.76340690948743595",
    "10, 10, 0.72246720013711085, 1",
    "479, 2630, 0.16784600981757955, 0.19733977446700676"
  })
  void wilsonIsTheScoreTests(long count, long n, double low, double high) {
    check(ExactIntervals.wilson(count, n, 0.95), low, high);
  }

  /** 8, 20 and 50 events in 10000, 9000 and 7000 years, standard 3 : 2 : 1, as dsr does it. */
  @Test
  void weightedPoissonIsFayAndFeuers() {
    double[] weights = {0.5 / 10_000, 1.0 / 3 / 9_000, 1.0 / 6 / 7_000};
    int[] events = {8, 20, 50};
    double rate = 0;
    double variance = 0;
    double most = 0;
    for (int i = 0; i < 3; i++) {
      rate += weights[i] * events[i];
      variance += weights[i] * weights[i] * events[i];
      most = Math.max(most, weights[i]);
    }
    assertThat(rate).isCloseTo(0.002331216931216931, within(1e-16));
    check(
        ExactIntervals.weightedPoisson(rate, variance, most, 0.95),
        0.0018230922470709320,
        0.002960028028865856);
  }
}
