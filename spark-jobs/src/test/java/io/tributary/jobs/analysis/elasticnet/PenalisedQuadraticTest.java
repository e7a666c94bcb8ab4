package io.tributary.jobs.analysis.elasticnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Solutions have the slopes that a least of a quadratic and a penalty must have. */
class PenalisedQuadraticTest {
  private static final int SIZE = 12;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 1})
  void slopesAreThoseOfALeast(double share) {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      double[] gram = new double[SIZE * (SIZE + 1) / 2];
      double[] right = new double[SIZE];
      for (int row = 0; row < 40; row++) {
        double[] z = new double[SIZE];
        for (int j = 0; j < SIZE; j++) {
          z[j] = j == 0 ? 1 : random.nextGaussian();
        }
        // The last column nearly follows from others, one is constant.
        z[SIZE - 1] = z[1] + z[2] + 1e-3 * z[SIZE - 1];
        z[5] = 0;
        double y = z[1] - 2 * z[3] + random.nextGaussian();
        for (int j = 0; j < SIZE; j++) {
          right[j] += z[j] * y;
          for (int k = j; k < SIZE; k++) {
            gram[Cholesky.packed(SIZE, j, k)] += z[j] * z[k];
          }
        }
      }
      double[] l1 = new double[SIZE];
      double[] l2 = new double[SIZE];
      double[] fixed = new double[SIZE];
      fixed[5] = 1;
      for (int j = 1; j < SIZE; j++) {
        l1[j] = 30 * share * (1 + random.nextDouble());
        l2[j] = 0.5;
      }
      Penalty penalty = new Penalty(Reals.of(l1), Reals.of(l2), Reals.of(fixed));
      Reals b = new PenalisedQuadratic(gram, right, penalty).solve(Reals.zeros(SIZE));
      assertThat(b.at(5)).isZero();
      for (int j = 0; j < SIZE; j++) {
        double slope = right[j] - l2[j] * b.at(j);
        for (int k = 0; k < SIZE; k++) {
          slope -= gram[Cholesky.packed(SIZE, Math.min(j, k), Math.max(j, k))] * b.at(k);
        }
        double scale = 1e-10 * (1 + Math.abs(right[j]));
        if (b.at(j) != 0) {
          assertThat(slope).isCloseTo(Math.signum(b.at(j)) * l1[j], within(scale));
        } else if (fixed[j] == 0) {
          assertThat(Math.abs(slope)).isLessThanOrEqualTo(l1[j] + scale);
        }
      }
    }
  }
}
