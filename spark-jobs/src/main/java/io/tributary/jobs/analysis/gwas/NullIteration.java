package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import java.util.Optional;

/**
 * One iteration of the logistic model without a variant, on intercept and whitened columns: score
 * X'(y - mu) and information X'WX.
 */
final class NullIteration {
  /** Iterations that are taken at most. */
  static final int MOST = 7;

  /** A step of a billionth of a standard error is the last. */
  private static final double CONVERGED = 1e-18;

  private static final String SCORE = "score";
  private static final String INFORMATION = "information";

  private final NullModel model;
  private final Reals coefficients;

  NullIteration(NullModel model, Reals coefficients) {
    this.model = model;
    this.coefficients = coefficients;
  }

  /** Coefficients of the model that has an intercept only. */
  static Reals start(NullModel model) {
    double share = model.moments().means().at(model.columns());
    double[] coefficients = new double[model.parameters()];
    coefficients[0] = StrictMath.log(share / (1 - share));
    return Reals.of(coefficients);
  }

  /** Sums over any persons are bounded by norms over all of them (Cauchy and Schwarz). */
  Layout layout(int sites) {
    int c = model.parameters();
    double norm = model.whitening().norm();
    double persons = Math.sqrt((double) model.moments().persons()) * 1.001;
    return Layout.of(sites)
        .wide(SCORE, c, "unit", norm, norm * persons)
        .wide(INFORMATION, c * (c + 1) / 2, "unit^2", norm * norm, norm * norm)
        .build();
  }

  GridSum sum(Layout layout, ModelRows rows) {
    GridSum sum = new GridSum(layout);
    int score = sum.slot(SCORE);
    int information = sum.slot(INFORMATION);
    Whitening whitening = model.whitening();
    Logistic person = new Logistic();
    for (double[] row : rows.rows()) {
      double[] x = whitening.design(row);
      double eta = 0;
      for (int j = 0; j < x.length; j++) {
        eta += coefficients.at(j) * x[j];
      }
      person.set(eta, row[model.columns()]);
      int pair = 0;
      for (int i = 0; i < x.length; i++) {
        sum.add(score, i, x[i] * person.residual());
        double weighted = x[i] * person.weight();
        for (int j = i; j < x.length; j++) {
          sum.add(information, pair++, weighted * x[j]);
        }
      }
    }
    return sum;
  }

  /** The step from these coefficients; empty if some persons' weights have vanished. */
  Optional<Newton> step(Aggregate sum) {
    return Newton.of(sum.values(SCORE), sum.values(INFORMATION));
  }

  /** The fit, if this step is the last one. */
  Optional<NullFit> fit(Newton newton, Aggregate sum) {
    if (!(newton.decrement() <= CONVERGED)) {
      return Optional.empty();
    }
    return Optional.of(new NullFit(model, next(newton), Reals.of(sum.values(INFORMATION))));
  }

  Reals next(Newton newton) {
    return Reals.of(newton.from(coefficients.toArray()));
  }
}
