package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.elasticnet.NetState.Fit;
import io.tributary.jobs.linalg.Cholesky;

/**
 * One step of a penalised logistic model: the least of the penalty and the quadratic that agrees
 * with the deviance in value, score and information (Lee, Sun and Saunders 2014). A step that
 * raises what is minimised is halved. Pure functions of public state.
 */
final class LogisticPath {
  /** Share of the rows that a step's decrement may still be. */
  private static final double DECREMENT = 1e-14;

  /** Halvings of one step. */
  static final int MAX_HALVINGS = 12;

  private LogisticPath() {}

  /** Where a fit starts: the share of events. */
  static Fit first(TrainingSet rows, int columns) {
    double[] start = new double[columns + 1];
    start[0] = StrictMath.log((double) rows.events() / (rows.persons() - rows.events()));
    Reals at = Reals.of(start);
    return new Fit(at, at, Double.POSITIVE_INFINITY, 0, false, 0);
  }

  /**
   * The fit after a round's sums; halvings that do not help end as they are, not ended.
   *
   * @param information upper triangle packed by rows
   */
  static Fit next(
      Fit fit,
      TrainingSet rows,
      Penalty penalty,
      double deviance,
      double[] score,
      double[] information) {
    double objective = deviance / 2 + penalty.at(fit.coefficients());
    double n = rows.persons();
    if (objective > fit.previousObjective() + 1e-12 * n && fit.halvings() < MAX_HALVINGS) {
      double[] half = fit.coefficients().toArray();
      for (int j = 0; j < half.length; j++) {
        half[j] = fit.previous().at(j) + (half[j] - fit.previous().at(j)) / 2;
      }
      return new Fit(
          Reals.of(half),
          fit.previous(),
          fit.previousObjective(),
          fit.halvings() + 1,
          false,
          deviance);
    }
    int size = score.length;
    double[] right = score.clone();
    double[] at = fit.coefficients().toArray();
    for (int j = 0; j < size; j++) {
      right[j] += product(information, size, j, at);
    }
    Reals next = new PenalisedQuadratic(information, right, penalty).solve(fit.coefficients());
    double[] step = new double[size];
    for (int j = 0; j < size; j++) {
      step[j] = next.at(j) - at[j];
    }
    double decrement = 0;
    for (int j = 0; j < size; j++) {
      decrement += step[j] * product(information, size, j, step);
    }
    boolean ended = decrement <= DECREMENT * n;
    return new Fit(next, fit.coefficients(), objective, 0, ended, deviance);
  }

  private static double product(double[] upper, int size, int row, double[] vector) {
    double product = 0;
    for (int k = 0; k < size; k++) {
      product += upper[Cholesky.packed(size, Math.min(row, k), Math.max(row, k))] * vector[k];
    }
    return product;
  }
}
