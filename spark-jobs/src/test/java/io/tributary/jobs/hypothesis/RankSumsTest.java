package io.tributary.jobs.hypothesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against ranks and pairs that are gone through one by one. */
class RankSumsTest {
  private final long[][] counts = new long[2][12];

  private RankSums ranks() {
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      counts[i % 2][random.nextInt(10) + i % 2]++;
    }
    return RankSums.of(counts);
  }

  @Test
  void statisticCountsPairs() {
    RankSums ranks = ranks();
    double wins = 0;
    for (int a = 0; a < 12; a++) {
      for (int b = 0; b < 12; b++) {
        wins += counts[0][a] * counts[1][b] * (a > b ? 1 : a == b ? 0.5 : 0);
      }
    }
    assertThat(ranks.mannWhitney().statistic()).isEqualTo(wins);
    assertThat(ranks.superiority().estimate()).isCloseTo(wins / 900, within(1e-15));
    assertThat(ranks.meanRank(0) * 30 + ranks.meanRank(1) * 30)
        .isCloseTo(60 * 61 / 2.0, within(1e-9));
  }

  /** Without its correction z^2 is Kruskal and Wallis's statistic of two groups. */
  @Test
  void twoGroupsAreOneTest() {
    RankSums ranks = ranks();
    double off = ranks.mannWhitney().statistic() - 450;
    double z = ranks.mannWhitney().z() * off / (off - Math.signum(off) * 0.5);
    assertThat(ranks.kruskalWallis()).isCloseTo(z * z, within(1e-12));
  }

  /** A million persons at one value: no overflow, and constant. */
  @Test
  void manyPersons() {
    long many = 1L << 29;
    assertThat(RankSums.of(new long[][] {{many}, {many}}).isConstant()).isTrue();
    RankSums ranks = RankSums.of(new long[][] {{many, 0}, {0, many}});
    assertThat(ranks.isConstant()).isFalse();
    assertThat(ranks.mannWhitney().statistic()).isZero();
    assertThat(ranks.superiority().error()).isZero();
    assertThat(ranks.kruskalWallis()).isCloseTo(2.0 * many - 1, within(1.0));
  }
}
