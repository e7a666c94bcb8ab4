package io.tributary.jobs.analysis.pca;

import io.tributary.jobs.analysis.Reals;

/**
 * Some vectors over variants, [rows x columns], in a fixed order of summation.
 *
 * @param numbers row-major
 */
record Block(int rows, int columns, Reals numbers) {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  static Block of(int rows, int columns, double[] numbers) {
    return new Block(rows, columns, Reals.of(numbers));
  }

  /** Orthonormal vectors of no direction in particular, the same everywhere (SplitMix64). */
  static Block start(int rows, int columns) {
    double[] numbers = new double[Math.multiplyExact(rows, columns)];
    long seed = 0;
    for (int i = 0; i < numbers.length; i++) {
      seed += GOLDEN;
      long mixed = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
      numbers[i] = ((mixed ^ (mixed >>> 31)) >> 11) * 0x1p-52;
    }
    return of(rows, columns, numbers).orthonormal();
  }

  double at(int row, int column) {
    return numbers.at(row * columns + column);
  }

  /**
   * Vectors of length 1 that span the same space, by Gram and Schmidt, twice; a vector that depends
   * on those before is 0.
   */
  Block orthonormal() {
    double[] q = numbers.toArray();
    for (int j = 0; j < columns; j++) {
      double before = length(q, j);
      for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < j; i++) {
          double along = 0;
          for (int at = 0; at < q.length; at += columns) {
            along += q[at + i] * q[at + j];
          }
          for (int at = 0; at < q.length; at += columns) {
            q[at + j] -= along * q[at + i];
          }
        }
      }
      double length = length(q, j);
      double by = length > 0x1p-40 * before ? 1 / length : 0;
      for (int at = j; at < q.length; at += columns) {
        q[at] *= by;
      }
    }
    return of(rows, columns, q);
  }

  private double length(double[] q, int column) {
    double squares = 0;
    for (int at = column; at < q.length; at += columns) {
      squares += q[at] * q[at];
    }
    return Math.sqrt(squares);
  }

  /** Length of a vector. */
  double length(int column) {
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      squares += at(row, column) * at(row, column);
    }
    return Math.sqrt(squares);
  }

  /** Products of all vectors with those of another, row-major [columns x columns]. */
  double[] products(Block other) {
    double[] products = new double[columns * columns];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        double left = at(row, i);
        for (int j = 0; j < columns; j++) {
          products[i * columns + j] += left * other.at(row, j);
        }
      }
    }
    return products;
  }

  /** This times a matrix, row-major [columns x columns]. */
  Block times(double[] matrix) {
    double[] turned = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        double left = at(row, i);
        for (int j = 0; j < columns; j++) {
          turned[row * columns + j] += left * matrix[i * columns + j];
        }
      }
    }
    return of(rows, columns, turned);
  }

  /** Each vector times a number of its own. */
  Block scaled(double[] by) {
    double[] scaled = numbers.toArray();
    for (int at = 0; at < scaled.length; at++) {
      scaled[at] *= by[at % columns];
    }
    return of(rows, columns, scaled);
  }

  /** a this + b other. */
  Block combined(double a, double b, Block other) {
    double[] sum = new double[rows * columns];
    for (int at = 0; at < sum.length; at++) {
      sum[at] = a * numbers.at(at) + b * other.numbers().at(at);
    }
    return of(rows, columns, sum);
  }

  /** The first vectors. */
  Block first(int some) {
    double[] part = new double[rows * some];
    for (int at = 0; at < part.length; at++) {
      part[at] = at(at / some, at % some);
    }
    return of(rows, some, part);
  }
}
