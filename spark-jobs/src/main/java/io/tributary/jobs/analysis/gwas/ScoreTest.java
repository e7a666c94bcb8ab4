package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.linalg.Cholesky;

/**
 * Score test of a variant in a logistic model, from sums at the model without it: with a = X'Wg, u
 * = g'(y - mu), v = g'Wg - a'(X'WX)^-1 a, chi-square is u u / v (Cox and Hinkley 1974, section
 * 9.3). Beta is the first step of Newton's method, u / v.
 *
 * <p>Persons without a call are taken off X'WX, and off X'(y - mu), which is zero over everybody:
 * with S the rest of X'WX and b that of X'(y - mu), u becomes g'(y - mu) - a'S^-1 b, v g'Wg -
 * a'S^-1 a. That is Neyman's C(alpha): the covariates' effects are not estimated again for each
 * variant.
 */
final class ScoreTest {
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
    return factor.rank() < c
        ? Association.failed(Association.RANK_DEFICIENT)
        : finish(sums, factor, left[0], b);
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
