package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.linalg.Cholesky;
import io.tributary.jobs.probability.Tails;

/**
 * Score test of a variant in a logistic model, from sums at the model without it: with a = X'Wg, u
 * = g'(y - mu), v = g'Wg - a'(X'WX)^-1 a, chi-square is u u / v (Cox and Hinkley 1974, section
 * 9.3). Beta is the first step of Newton's method, u / v.
 *
 * <p>Persons without a call are taken off X'WX, and off X'(y - mu), which is zero over everybody:
 * with S the rest of X'WX and b that of X'(y - mu), u becomes g'(y - mu) - a'S^-1 b, v g'Wg -
 * a'S^-1 a. That is Neyman's C(alpha): the covariates' effects are not estimated again for each
 * variant. Where calls are missing with the outcome, the weights w = mu (1 - mu) of everybody's
 * effects are not those of the persons with a call, and there is no test.
 */
final class ScoreTest {
  /**
   * Mean square, by weight, of the change of log-odds by a step to the effects among persons with a
   * call, at most: weights of a rare outcome, and so chi-square, are off by its root, a tenth.
   */
  private static final double MOST_MOVED = 0.01;

  /** Logarithm of the probability of a greater step, where calls are missing at random. */
  private static final double LEAST_CHANCE = StrictMath.log(1e-3);

  private final NullFit fit;
  private final int c;
  private final Cholesky everybody;

  ScoreTest(NullFit fit) {
    this.fit = fit;
    this.c = fit.coefficients().size();
    this.everybody = Cholesky.of(c, fit.information().toArray(), 0);
  }

  /**
   * One variant where everybody has a call.
   *
   * @param sums of g w x [c], g (y - mu), g g w
   */
  Association complete(double[] sums) {
    return finish(sums, everybody, fit.information().at(0), new double[c]);
  }

  /**
   * One variant where some have no call.
   *
   * @param missing sums of x_i w x_j, i at most j, and x_i (y - mu) over them, row by row
   */
  Association incomplete(double[] sums, double[] missing) {
    double[] left = fit.information().toArray();
    double[] b = new double[c];
    int pair = 0;
    int product = 0;
    for (int i = 0; i < c; i++) {
      for (int j = i; j < c; j++) {
        left[pair++] -= missing[product++];
      }
      b[i] = -missing[product++];
    }
    Cholesky factor = Cholesky.of(c, left, LinearTest.SINGULAR);
    if (factor.rank() < c) {
      return Association.failed(Association.RANK_DEFICIENT);
    }
    return isDifferential(factor, left[0], b)
        ? Association.failed(Association.DIFFERENTIAL)
        : finish(sums, factor, left[0], b);
  }

  /**
   * Whether calls are missing with the outcome, given covariates. With a share f of the information
   * missing at random b has variance f S, so that b'S^-1 b / f is chi-square on c degrees of
   * freedom.
   */
  private boolean isDifferential(Cholesky factor, double weight, double[] b) {
    double[] step = factor.solve(b);
    double decrement = 0;
    for (int j = 0; j < c; j++) {
      decrement += step[j] * b[j];
    }
    if (decrement <= MOST_MOVED * weight) {
      return false;
    }
    double missing = Math.max(0, 1 - weight / fit.information().at(0));
    return !(Tails.logChiSquareUpper(decrement / missing, c) >= LEAST_CHANCE);
  }

  /**
   * @param weight sum of w
   * @param b X'(y - mu)
   */
  private Association finish(double[] sums, Cholesky factor, double weight, double[] b) {
    double[] solved = factor.solve(java.util.Arrays.copyOf(sums, c));
    double u = sums[c];
    double v = sums[c + 1];
    double spread = v - sums[0] * sums[0] / weight;
    for (int j = 0; j < c; j++) {
      u -= solved[j] * b[j];
      v -= solved[j] * sums[j];
    }
    String code = Association.inflation(spread, v);
    return code.equals(Association.OK)
        ? Association.normal(Association.Test.SCORE, u / v, 1 / Math.sqrt(v))
        : Association.failed(code);
  }
}
