package io.tributary.jobs.linalg;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and
 * Van Loan 2013, 8.5). Only sums, products, quotients and square roots of IEEE 754 in a fixed
 * order, so the result is the same on every machine.
 */
public final class SymmetricEigen {
  /** Sweeps after which a matrix of doubles is diagonal; convergence is quadratic. */
  private static final int MOST_SWEEPS = 60;

  private final int size;
  private final double[] values;
  private final double[] vectors;

  private SymmetricEigen(int size, double[] values, double[] vectors) {
    this.size = size;
    this.values = values;
    this.vectors = vectors;
  }

  /**
   * Decomposes a matrix.
   *
   * @param matrix row-major [size x size], of which the upper triangle is read
   */
  public static SymmetricEigen of(int size, double[] matrix) {
    double[] a = new double[size * size];
    double[] v = new double[size * size];
    for (int i = 0; i < size; i++) {
      v[i * size + i] = 1;
      for (int j = i; j < size; j++) {
        a[i * size + j] = matrix[i * size + j];
        a[j * size + i] = matrix[i * size + j];
      }
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && rotate(size, a, v); sweep++) {
      // Until nothing beside the diagonal is left.
    }
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> a[i * size + i]).reversed());
    double[] values = new double[size];
    double[] vectors = new double[size * size];
    for (int j = 0; j < size; j++) {
      values[j] = a[order[j] * size + order[j]];
      for (int i = 0; i < size; i++) {
        vectors[i * size + j] = v[i * size + order[j]];
      }
    }
    return new SymmetricEigen(size, values, vectors);
  }

  /** One sweep over all pairs; false if there was nothing to rotate. */
  private static boolean rotate(int size, double[] a, double[] v) {
    boolean some = false;
    for (int p = 0; p < size; p++) {
      for (int q = p + 1; q < size; q++) {
        double off = a[p * size + q];
        double product = Math.abs(a[p * size + p]) * Math.abs(a[q * size + q]);
        if (off == 0 || off * off <= 0x1p-106 * product) {
          continue;
        }
        some = true;
        double theta = (a[q * size + q] - a[p * size + p]) / (2 * off);
        double t = Math.copySign(1 / (Math.abs(theta) + Math.sqrt(theta * theta + 1)), theta);
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int k = 0; k < size; k++) {
          turn(a, k * size + p, k * size + q, c, s);
        }
        for (int k = 0; k < size; k++) {
          turn(a, p * size + k, q * size + k, c, s);
        }
        a[p * size + q] = 0;
        a[q * size + p] = 0;
        for (int k = 0; k < size; k++) {
          turn(v, k * size + p, k * size + q, c, s);
        }
      }
    }
    return some;
  }

  private static void turn(double[] m, int first, int second, double c, double s) {
    double x = m[first];
    double y = m[second];
    m[first] = c * x - s * y;
    m[second] = s * x + c * y;
  }

  /** Eigenvalue {@code j}, the greatest first. */
  public double value(int j) {
    return values[j];
  }

  /** Element {@code i} of eigenvector {@code j}, which has length 1. */
  public double vector(int i, int j) {
    return vectors[i * size + j];
  }
}
