package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Optional;

/**
 * A step of Newton's method, the same at all parties.
 *
 * @param step from the coefficients to better ones
 * @param decrement score' information^-1 score: the square of the step in standard errors
 */
record Newton(Cholesky information, Reals step, double decrement) {
  /** What earlier columns leave of a column's information, at least. */
  private static final double SINGULAR = 1e-10;

  /** No coefficient of a column of unit variance moves farther at once. */
  private static final double LONGEST = 5;

  /**
   * The step, or empty if the information has not full rank.
   *
   * @param score of a log-likelihood, [p]
   * @param information upper triangle by rows
   */
  static Optional<Newton> of(double[] score, double[] information) {
    Cholesky factor = Cholesky.of(score.length, information, SINGULAR);
    if (factor.rank() < score.length) {
      return Optional.empty();
    }
    double[] step = factor.solve(score);
    double decrement = 0;
    double longest = 0;
    for (int j = 0; j < step.length; j++) {
      decrement += step[j] * score[j];
      longest = Math.max(longest, Math.abs(step[j]));
    }
    if (!Double.isFinite(longest) || !Double.isFinite(decrement)) {
      return Optional.empty();
    }
    if (longest > LONGEST) {
      for (int j = 0; j < step.length; j++) {
        step[j] *= LONGEST / longest;
      }
    }
    return Optional.of(new Newton(factor, Reals.of(step), decrement));
  }

  /** Coefficients after the step. */
  double[] from(double[] coefficients) {
    double[] next = coefficients.clone();
    for (int j = 0; j < next.length; j++) {
      next[j] += step.at(j);
    }
    return next;
  }
}
