package io.tributary.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.study.Rho;
import org.junit.jupiter.api.Test;

final class ZeroConcentratedTest {
  /** The figures of PROTOCOL.md 3.2. */
  @Test
  void provenEpsilonOfTheProtocolsExamples() {
    assertThat(ZeroConcentrated.epsilon(Rho.of(1, 10), 1e-6)).isEqualTo(2.14, within(0.005));
    assertThat(ZeroConcentrated.epsilon(Rho.of(1, 1), 1e-6)).isEqualTo(7.77, within(0.005));
  }

  @Test
  void theCurveIsAboutTwoAndBelowTheProof() {
    assertThat(ZeroConcentrated.aboutEpsilon(Rho.of(1, 10), 1e-6)).isEqualTo(2.00, within(0.01));
    for (String text : new String[] {"1/1000", "1/100", "1/10", "1/2", "1", "4"}) {
      Rho rho = Rho.parse(text);
      for (double delta : new double[] {1e-9, 1e-6, 1e-3}) {
        assertThat(ZeroConcentrated.aboutEpsilon(rho, delta))
            .as(text + " " + delta)
            .isLessThan(ZeroConcentrated.epsilon(rho, delta));
      }
    }
  }

  /** rho + 2 sqrt(rho log(1/delta)) is the older bound (Bun and Steinke 2016); it is no better. */
  @Test
  void theProofIsNoWorseThanTheOlderOne() {
    for (double rho = 1e-4; rho < 10; rho *= 3) {
      double older = rho + 2 * Math.sqrt(rho * Math.log(1e6));
      assertThat(ZeroConcentrated.epsilon(Rho.of((long) (rho * 1e12), 1_000_000_000_000L), 1e-6))
          .isLessThan(older);
    }
  }

  @Test
  void aBudgetOfEpsilonIsNeverExceeded() {
    for (double epsilon : new double[] {0.1, 1, 2.14, 8}) {
      Rho rho = ZeroConcentrated.rhoFor(epsilon, 1e-6);
      assertThat(ZeroConcentrated.epsilon(rho, 1e-6)).isLessThanOrEqualTo(epsilon);
      assertThat(ZeroConcentrated.epsilon(rho.plus(Rho.of(1, 1_000_000)), 1e-6))
          .isGreaterThan(epsilon);
    }
    assertThatThrownBy(() -> ZeroConcentrated.rhoFor(0, 1e-6))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ZeroConcentrated.epsilon(Rho.of(1, 1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void costsOfStepsAdd() {
    Rho sum = Rho.ZERO;
    for (int step = 0; step < 10; step++) {
      sum = sum.plus(Rho.of(1, 100));
    }
    assertThat(ZeroConcentrated.epsilon(sum, 1e-6))
        .isEqualTo(ZeroConcentrated.epsilon(Rho.of(1, 10), 1e-6));
    assertThat(ZeroConcentrated.epsilon(Rho.ZERO, 1e-6)).isZero();
  }
}
