package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Reals;

/**
 * The penalty of one fit in the scale of its coefficients: sum of l1 |b| + l2 b^2 / 2, with the
 * intercept's first and 0.
 *
 * @param l1 of each coefficient
 * @param l2 of each coefficient
 * @param fixed 1 where a coefficient is 0 because its column is constant, else 0
 */
record Penalty(Reals l1, Reals l2, Reals fixed) {

  /**
   * As glmnet has it: n lambda (alpha |b| + (1 - alpha) b^2 / 2) of columns over their standard
   * deviations, or as they are; and in a linear model of the outcome over its own, which divides
   * the square by it (Friedman, Hastie and Tibshirani 2010, and glmnet's help page).
   *
   * @param standardised whether columns count over their standard deviations
   * @param linear whether the outcome was scaled
   */
  static Penalty of(
      NetScaling scaling,
      TrainingSet rows,
      double lambda,
      double alpha,
      boolean standardised,
      boolean linear) {
    int q = scaling.columns();
    double[] l1 = new double[q + 1];
    double[] l2 = new double[q + 1];
    double[] fixed = new double[q + 1];
    double n = rows.persons();
    double scale = linear ? scaling.scales().at(q) : 1;
    double deviation = linear ? rows.deviations().at(q) : 1;
    for (int j = 0; j < q; j++) {
      double unit = standardised ? rows.deviations().at(j) : 1;
      double factor = unit / scaling.scales().at(j);
      l1[1 + j] = n * lambda * alpha * factor / scale;
      l2[1 + j] = n * lambda * (1 - alpha) * factor * factor / deviation;
      fixed[1 + j] = rows.deviations().at(j) > 0 ? 0 : 1;
    }
    return new Penalty(Reals.of(l1), Reals.of(l2), Reals.of(fixed));
  }

  /** Its value. */
  double at(Reals coefficients) {
    double sum = 0;
    for (int j = 1; j < coefficients.size(); j++) {
      double b = coefficients.at(j);
      sum += l1.at(j) * Math.abs(b) + l2.at(j) * b * b / 2;
    }
    return sum;
  }
}
