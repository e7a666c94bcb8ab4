package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Optional;

/**
 * The linear model without a variant, and by it each person's vector: the columns whitened, so that
 * their pooled sums of squares are one and their products zero, and the residual of the outcome.
 * Elements are multiplied by powers of two that bring them near one.
 *
 * @param moments of the first round
 * @param products about the means, upper triangle by rows, columns of the design and the outcome
 */
record NullModel(Moments moments, Reals products) {
  /** Variance inflation beyond which plink2 refuses. */
  static final double MAX_INFLATION = 50;

  /** Correlation of two columns beyond which plink2 refuses. */
  static final double MAX_CORRELATION = 0.999;

  /** Columns of the design, without the intercept. */
  int columns() {
    return moments.means().size() - 1;
  }

  /** Parameters of the model without a variant. */
  int parameters() {
    return columns() + 1;
  }

  double product(int i, int j) {
    int size = columns() + 1;
    return products.at(Cholesky.packed(size, Math.min(i, j), Math.max(i, j)));
  }

  /** The first column without variation among all persons; the outcome is the last one. */
  Optional<Integer> constant() {
    for (int j = 0; j <= columns(); j++) {
      if (!(product(j, j) > 0)) {
        return Optional.of(j);
      }
    }
    return Optional.empty();
  }

  /** Two columns of the design that tell nearly the same; equal where one depends on several. */
  Optional<int[]> collinear() {
    for (int i = 0; i < columns(); i++) {
      for (int j = i + 1; j < columns(); j++) {
        double r = product(i, j) / Math.sqrt(product(i, i) * product(j, j));
        if (Math.abs(r) > MAX_CORRELATION) {
          return Optional.of(new int[] {i, j});
        }
      }
    }
    Cholesky factor = factor();
    if (factor.rank() < columns()) {
      int at = factor.aliased().get(0);
      return Optional.of(new int[] {at, at});
    }
    double[] inverse = factor.inverse();
    for (int j = 0; j < columns(); j++) {
      double scaled = product(j, j) / square(scale(j));
      if (scaled * inverse[j * columns() + j] > MAX_INFLATION) {
        return Optional.of(new int[] {j, j});
      }
    }
    return Optional.empty();
  }

  private static double square(double x) {
    return x * x;
  }

  /** Power of two near a column's standard deviation. */
  double scale(int column) {
    return Scales.powerNear(Math.sqrt(product(column, column)), moments.persons());
  }

  private Cholesky factor() {
    int q = columns();
    double[] upper = new double[q * (q + 1) / 2];
    for (int i = 0; i < q; i++) {
      for (int j = i; j < q; j++) {
        upper[Cholesky.packed(q, i, j)] = product(i, j) / (scale(i) * scale(j));
      }
    }
    return Cholesky.of(q, upper, 1e-12);
  }

  /** The transformation of rows; the design has full rank. */
  Whitening whitening() {
    int q = columns();
    Cholesky factor = factor();
    double[] withOutcome = new double[q];
    for (int j = 0; j < q; j++) {
      withOutcome[j] = product(j, q) / (scale(j) * scale(q));
    }
    double[] slopes = factor.solve(withOutcome);
    double explained = 0;
    for (int j = 0; j < q; j++) {
      explained += slopes[j] * withOutcome[j];
    }
    double residual = Math.max(0, product(q, q) / square(scale(q)) - explained);
    return new Whitening(this, factor, slopes, residual);
  }
}
