package io.tributary.jobs.analysis.polytomous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProportionalOddsTest {
  private static final ProportionalOdds MODEL =
      new ProportionalOdds(List.of("a", "b", "c", "d"), List.of("x"));

  @Test
  void startGivesTheSharesOfTheLevels() {
    List<BigDecimal> weights =
        List.of(
            BigDecimal.valueOf(10),
            BigDecimal.valueOf(20),
            BigDecimal.valueOf(30),
            BigDecimal.valueOf(40));
    Counted counted = new Counted(Counts.of(1, 2, 3, 4), 0, weights, List.of(), List.of());
    Reals start = MODEL.start(counted);
    double below = 0;
    double[] shares = {0.1, 0.3, 0.6};
    assertThat(start.at(0)).isZero();
    for (int k = 0; k < shares.length; k++) {
      below = 1 / (1 + Math.exp(-start.at(1 + k)));
      assertThat(below).isEqualTo(shares[k], within(1e-15));
    }
  }

  /** A step that would take one threshold beyond the next leaves half of the way between them. */
  @Test
  void thresholdsNeverMeet() {
    Reals at = Reals.of(0.5, -1, 0, 3);
    assertThat(MODEL.moved(at, new double[] {1, 0.5, 0, 0})).isEqualTo(Reals.of(1.5, -0.5, 0, 3));
    Reals shortened = MODEL.moved(at, new double[] {1, 2, 0, -1});
    assertThat(shortened).isEqualTo(Reals.of(0.75, -0.5, 0, 2.75));
    Reals both = MODEL.moved(at, new double[] {0, 1, 0, -30});
    assertThat(both.at(3) - both.at(2)).isEqualTo(1.5, within(1e-15));
    assertThat(MODEL.admits(both)).isTrue();
    assertThat(MODEL.admits(Reals.of(0, 1, 1, 2))).isFalse();
    assertThat(MODEL.admits(Reals.of(0, 1, 2, 1))).isFalse();
  }
}
