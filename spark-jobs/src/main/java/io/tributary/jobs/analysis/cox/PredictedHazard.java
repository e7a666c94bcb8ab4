package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.cox.CoxResult.Fit;
import io.tributary.jobs.survival.Curve;

/**
 * What a fit says of a row: its predictor and its cumulative hazard in each stratum, with errors
 * that hold those of the coefficients (Tsiatis 1981; Therneau and Grambsch 2000, section 10.2).
 */
public final class PredictedHazard {
  private final Fit fit;
  private final double[] off;
  private final double predictor;
  private final double error;

  private PredictedHazard(Fit fit, double[] off, double offset) {
    this.fit = fit;
    this.off = off;
    double sum = offset - fit.meanOffset();
    for (int j = 0; j < off.length; j++) {
      sum += fit.estimates().at(j) * off[j];
    }
    this.predictor = sum;
    this.error = StrictMath.sqrt(quadratic(off));
  }

  /** Of a row whose levels are known. */
  static PredictedHazard of(Fit fit, NewData.Row row) {
    double[] off = row.columns().toArray();
    for (int j = 0; j < off.length; j++) {
      off[j] -= fit.centres().at(j);
    }
    return new PredictedHazard(fit, off, row.offset());
  }

  /** Log of the hazard over that of a row whose columns and offset are at their means. */
  public double predictor() {
    return predictor;
  }

  /** Standard error of the predictor. */
  public double error() {
    return error;
  }

  /**
   * Cumulative hazard up to and including an event time.
   *
   * @param cell of the event time, or less than 0 before the first one
   */
  public double hazard(int cell) {
    return cell < 0 ? 0 : fit.hazard().at(cell) * StrictMath.exp(predictor);
  }

  /** Standard error of the cumulative hazard there. */
  public double hazardError(int cell) {
    if (cell < 0) {
      return 0;
    }
    int at = cell * (1 + off.length);
    double[] away = new double[off.length];
    for (int j = 0; j < away.length; j++) {
      away[j] = fit.hazardError().at(at + 1 + j) - fit.hazard().at(cell) * off[j];
    }
    return StrictMath.exp(predictor) * StrictMath.sqrt(fit.hazardError().at(at) + quadratic(away));
  }

  /** Share that has not had the event by then. */
  public double survival(int cell) {
    return StrictMath.exp(-hazard(cell));
  }

  /**
   * Limits of that share, symmetric on the scale of the hazard, at most 1; NaN if nobody is left.
   *
   * @param normal quantile of the normal distribution
   */
  public double[] limits(int cell, double normal) {
    return Curve.limits(survival(cell), hazardError(cell), Curve.Limits.LOG, normal);
  }

  private double quadratic(double[] x) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      for (int k = 0; k < x.length; k++) {
        sum += x[j] * x[k] * fit.covariance().at(j * x.length + k);
      }
    }
    return Math.max(0, sum);
  }
}
