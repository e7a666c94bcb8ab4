package io.tributary.jobs.linalg;

import java.util.ArrayList;
import java.util.List;

/**
 * Cholesky factor of a symmetric positive semidefinite matrix, which sets columns aside that depend
 * on earlier ones, as R's limited pivoting does; then solves and inverts on the others.
 *
 * <p>Square roots and divisions are IEEE 754 operations, so the result is the same on every
 * machine.
 */
public final class Cholesky {
  private final int size;
  // Lower triangle, row-major [size x size]; rows and columns of aliased positions are zero.
  private final double[] lower;
  private final boolean[] aliased;
  private final List<Integer> aliasedPositions;

  private Cholesky(int size, double[] lower, boolean[] aliased) {
    this.size = size;
    this.lower = lower;
    this.aliased = aliased;
    List<Integer> positions = new ArrayList<>();
    for (int j = 0; j < size; j++) {
      if (aliased[j]) {
        positions.add(j);
      }
    }
    this.aliasedPositions = List.copyOf(positions);
  }

  /**
   * Factors a matrix.
   *
   * @param upper upper triangle, packed by rows: (0,0), (0,1) .. (0,size-1), (1,1) ..
   * @param tolerance a column is aliased if what earlier columns leave of its diagonal element is
   *     at most this share of it (1 / variance inflation)
   */
  public static Cholesky of(int size, double[] upper, double tolerance) {
    if (upper.length != size * (size + 1) / 2) {
      throw new IllegalArgumentException("upper=" + upper.length + " size=" + size);
    }
    double[] lower = new double[size * size];
    boolean[] aliased = new boolean[size];
    for (int j = 0; j < size; j++) {
      double diagonal = upper[packed(size, j, j)];
      double left = diagonal;
      for (int k = 0; k < j; k++) {
        left -= lower[j * size + k] * lower[j * size + k];
      }
      if (!(left > tolerance * diagonal) || !(left > 0)) {
        aliased[j] = true;
        for (int k = 0; k < j; k++) {
          lower[j * size + k] = 0;
        }
        continue;
      }
      double pivot = Math.sqrt(left);
      lower[j * size + j] = pivot;
      for (int i = j + 1; i < size; i++) {
        double value = upper[packed(size, j, i)];
        for (int k = 0; k < j; k++) {
          value -= lower[i * size + k] * lower[j * size + k];
        }
        lower[i * size + j] = value / pivot;
      }
    }
    return new Cholesky(size, lower, aliased);
  }

  /** Position of element (row, column), row at most column, in a packed upper triangle. */
  public static int packed(int size, int row, int column) {
    return row * size - row * (row - 1) / 2 + column - row;
  }

  /** Positions that depend on earlier ones, ascending. */
  public List<Integer> aliased() {
    return aliasedPositions;
  }

  public int rank() {
    return size - aliasedPositions.size();
  }

  /** Solution of A x = b; zero at aliased positions. */
  public double[] solve(double[] b) {
    double[] x = forward(b);
    for (int i = size - 1; i >= 0; i--) {
      if (aliased[i]) {
        x[i] = 0;
        continue;
      }
      double value = x[i];
      for (int k = i + 1; k < size; k++) {
        value -= lower[k * size + i] * x[k];
      }
      x[i] = value / lower[i * size + i];
    }
    return x;
  }

  /** Solution of L x = b, A = L L'; zero at aliased positions. */
  public double[] forward(double[] b) {
    double[] x = new double[size];
    for (int i = 0; i < size; i++) {
      if (aliased[i]) {
        continue;
      }
      double value = b[i];
      for (int k = 0; k < i; k++) {
        value -= lower[i * size + k] * x[k];
      }
      x[i] = value / lower[i * size + i];
    }
    return x;
  }

  /** Inverse, row-major [size x size], symmetric to the bit; zero at aliased positions. */
  public double[] inverse() {
    double[] inverse = new double[size * size];
    double[] unit = new double[size];
    for (int j = 0; j < size; j++) {
      if (aliased[j]) {
        continue;
      }
      unit[j] = 1;
      double[] column = solve(unit);
      unit[j] = 0;
      for (int i = 0; i <= j; i++) {
        inverse[i * size + j] = column[i];
        inverse[j * size + i] = column[i];
      }
    }
    return inverse;
  }
}
