package io.tributary.jobs.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Decompositions put together again, and one that is known. */
class SymmetricEigenTest {
  @Test
  void knownMatrix() {
    // The second difference of n points has eigenvalues 2 - 2 cos(pi k / (n + 1)).
    int n = 12;
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i + 1 < n) {
        matrix[i * n + i + 1] = -1;
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(n, matrix);
    for (int k = 0; k < n; k++) {
      assertThat(eigen.value(k))
          .isCloseTo(2 - 2 * Math.cos(Math.PI * (n - k) / (n + 1)), within(1e-14));
    }
  }

  @Test
  void vectorsAreOrthonormalAndGiveTheMatrix() {
    Random random = new Random(5);
    int n = 20;
    double[] matrix = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        // Scales of sixteen orders of magnitude.
        double value = random.nextGaussian() * Math.pow(10, -(i + j) / 2.5);
        matrix[i * n + j] = value;
        matrix[j * n + i] = value;
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(n, matrix);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double inner = 0;
        double element = 0;
        for (int k = 0; k < n; k++) {
          inner += eigen.vector(k, i) * eigen.vector(k, j);
          element += eigen.value(k) * eigen.vector(i, k) * eigen.vector(j, k);
        }
        assertThat(inner).isCloseTo(i == j ? 1 : 0, within(1e-14));
        assertThat(element).isCloseTo(matrix[i * n + j], within(1e-14));
      }
      assertThat(i == 0 || eigen.value(i) <= eigen.value(i - 1)).isTrue();
    }
  }

  @Test
  void zeroAndEqualValues() {
    SymmetricEigen zero = SymmetricEigen.of(3, new double[9]);
    assertThat(zero.value(0)).isZero();
    assertThat(zero.vector(1, 1)).isEqualTo(1);
    SymmetricEigen one = SymmetricEigen.of(2, new double[] {1, 0, 0, 1});
    assertThat(one.value(0)).isEqualTo(1);
    assertThat(one.value(1)).isEqualTo(1);
  }
}
