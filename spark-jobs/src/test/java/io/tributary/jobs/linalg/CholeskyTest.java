package io.tributary.jobs.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CholeskyTest {
  /** Packed upper triangle of X'X. */
  private static double[] crossProduct(double[][] x, int p) {
    double[] packed = new double[p * (p + 1) / 2];
    for (double[] row : x) {
      for (int j = 0; j < p; j++) {
        for (int k = j; k < p; k++) {
          packed[Cholesky.packed(p, j, k)] += row[j] * row[k];
        }
      }
    }
    return packed;
  }

  private static double[][] rows(int n, int p, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[n][p];
    for (double[] row : x) {
      for (int j = 0; j < p; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return x;
  }

  @Test
  void solutionAndInverseMultiplyBack() {
    int p = 6;
    double[] packed = crossProduct(rows(40, p, 1), p);
    Cholesky factor = Cholesky.of(p, packed, 1e-10);
    assertThat(factor.rank()).isEqualTo(p);
    double[] b = {1, -2, 3, 0.5, 0, 7};
    double[] x = factor.solve(b);
    double[] inverse = factor.inverse();
    for (int i = 0; i < p; i++) {
      double product = 0;
      double fromInverse = 0;
      for (int j = 0; j < p; j++) {
        product += packed[Cholesky.packed(p, Math.min(i, j), Math.max(i, j))] * x[j];
        fromInverse += inverse[i * p + j] * b[j];
        assertThat(inverse[i * p + j]).isEqualTo(inverse[j * p + i]);
      }
      assertThat(product).isCloseTo(b[i], within(1e-12));
      assertThat(fromInverse).isCloseTo(x[i], within(1e-13));
    }
  }

  @Test
  void columnThatFollowsFromEarlierOnesIsSetAside() {
    double[][] x = rows(30, 4, 2);
    for (double[] row : x) {
      row[2] = row[0] - 2 * row[1];
    }
    Cholesky factor = Cholesky.of(4, crossProduct(x, 4), 1e-10);
    assertThat(factor.aliased()).containsExactly(2);
    assertThat(factor.rank()).isEqualTo(3);
    assertThat(factor.solve(new double[] {1, 1, 1, 1})[2]).isZero();
  }

  @Test
  void columnOfZerosIsSetAside() {
    double[][] x = rows(30, 3, 3);
    for (double[] row : x) {
      row[1] = 0;
    }
    assertThat(Cholesky.of(3, crossProduct(x, 3), 1e-10).aliased()).containsExactly(1);
  }
}
