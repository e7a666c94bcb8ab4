package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.genomics.Copies;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.jobs.probability.Tails;
import java.util.Optional;

/**
 * Least squares of the outcome on covariates and copies of ALT, from the sums of one variant over
 * whitened columns (Frisch, Waugh, Lovell): with a = C'g, u = r'g, v = g'g - a'a the slope is u /
 * v. Persons without a call are taken off: with S = I - C_M'C_M and b = -C_M'r_M, u becomes r'g -
 * a' S^-1 b, v becomes g'g - a'S^-1 a, and the residual sum of squares r'r - r_M'r_M - b'S^-1 b.
 */
final class LinearTest {
  /** What is left of a sum of squares where a column follows from others, at most. */
  static final double SINGULAR = 1e-10;

  private final NullModel model;
  private final Whitening whitening;
  private final double outcomeScale;
  private final Tails.Student[] distributions = new Tails.Student[1024];

  LinearTest(NullModel model) {
    this.model = model;
    this.whitening = model.whitening();
    this.outcomeScale = model.scale(model.columns());
  }

  /**
   * One variant where everybody has a call.
   *
   * @param sums of g u, u as {@link Whitening#vector}
   */
  Association complete(Copies copies, double[] sums) {
    double[] a = a(copies, sums);
    double v = copies.squares();
    double u = sums[model.columns()] / whitening.residualUnit();
    return finish(copies, u, v - dot(a, a), whitening.residual());
  }

  /**
   * One variant where some have no call.
   *
   * @param missing sums of u over them
   * @param products sums of u u' over them, upper triangle by rows
   */
  Association incomplete(Copies copies, double[] sums, double[] missing, double[] products) {
    int q = model.columns();
    int c = q + 1;
    double unit = whitening.columnUnit();
    double root = Math.sqrt((double) model.moments().persons());
    double[] left = new double[c * (c + 1) / 2];
    double[] b = new double[c];
    left[0] = 1 - copies.counts().missing() / (double) model.moments().persons();
    b[0] = -missing[q] / (root * whitening.residualUnit());
    for (int j = 0; j < q; j++) {
      left[Cholesky.packed(c, 0, j + 1)] = -missing[j] / (root * unit);
      b[j + 1] = -products[Cholesky.packed(c, j, q)] / (unit * whitening.residualUnit());
      for (int i = 0; i <= j; i++) {
        left[Cholesky.packed(c, i + 1, j + 1)] =
            (i == j ? 1 : 0) - products[Cholesky.packed(c, i, j)] / (unit * unit);
      }
    }
    Cholesky factor = Cholesky.of(c, left, SINGULAR);
    if (factor.rank() < c) {
      return Association.failed(Association.RANK_DEFICIENT);
    }
    double[] a = a(copies, sums);
    double[] solvedA = factor.solve(a);
    double[] solvedB = factor.solve(b);
    double residualMissing =
        products[Cholesky.packed(c, q, q)] / (whitening.residualUnit() * whitening.residualUnit());
    return finish(
        copies,
        sums[q] / whitening.residualUnit() - dot(a, solvedB),
        copies.squares() - dot(a, solvedA),
        whitening.residual() - residualMissing - dot(b, solvedB));
  }

  /** Products of the copies with the whitened columns, the intercept first. */
  private double[] a(Copies copies, double[] sums) {
    double[] a = new double[model.columns() + 1];
    a[0] = copies.sum() / Math.sqrt((double) model.moments().persons());
    for (int j = 0; j < model.columns(); j++) {
      a[j + 1] = sums[j] / whitening.columnUnit();
    }
    return a;
  }

  private Association finish(Copies copies, double u, double v, double residual) {
    Optional<Association> untestable = Association.untestable(copies, model.parameters());
    if (untestable.isPresent()) {
      return untestable.get();
    }
    String code = Association.inflation(copies.spread(), v);
    if (!code.equals(Association.OK)) {
      return Association.failed(code);
    }
    long df = copies.called() - model.parameters() - 1;
    double beta = u / v;
    double left = residual - u * beta;
    if (!(left > 0)) {
      return Association.failed(Association.INVALID);
    }
    double error = Math.sqrt(left / (df * v));
    return Association.of(
        beta * outcomeScale, error * outcomeScale, beta / error, distribution(df));
  }

  /** Most variants have the degrees of freedom of another one. */
  private Tails.Student distribution(long df) {
    int place = (int) (df % distributions.length);
    Tails.Student known = distributions[place];
    if (known == null || known.df() != df) {
      known = Tails.Student.of((double) df);
      distributions[place] = known;
    }
    return known;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
