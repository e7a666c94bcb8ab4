package io.tributary.jobs.analysis;

import java.math.BigDecimal;

/**
 * From columns that were centred and scaled inside a fit back to the columns as they are. Scales
 * are powers of two, so slopes keep every bit; the intercept is added up exactly and rounded once.
 *
 * @param intercept whether the model has one; it stands first
 * @param centres subtracted from each column, [columns]
 * @param scales each was divided by, [columns]
 */
public record CentredColumns(boolean intercept, Reals centres, Reals scales) {
  /**
   * Coefficients of the columns as they were.
   *
   * @param beta of the scaled columns, the intercept first if there is one
   * @param outcomeCentre subtracted from the outcome
   * @param outcomeScale the outcome was divided by
   */
  public Reals estimates(Reals beta, double outcomeCentre, double outcomeScale) {
    double[] estimates = new double[beta.size()];
    int first = intercept ? 1 : 0;
    BigDecimal constant = new BigDecimal(outcomeCentre);
    for (int j = first; j < estimates.length; j++) {
      estimates[j] = beta.at(j) * (outcomeScale / scales().at(j - first));
      constant =
          constant.subtract(
              new BigDecimal(estimates[j]).multiply(new BigDecimal(centres().at(j - first))));
    }
    if (first == 1) {
      BigDecimal own = new BigDecimal(beta.at(0)).multiply(new BigDecimal(outcomeScale));
      estimates[0] = constant.add(own).doubleValue();
    }
    return Reals.of(estimates);
  }

  /**
   * T V T' with T the linear map of {@link #estimates}, times a factor. With V in the outcome's
   * scale the factor is the dispersion over the square of that scale.
   *
   * @param scaled V, row-major [p x p]
   */
  public Reals covariance(double[] scaled, double factor) {
    int first = intercept ? 1 : 0;
    int p = first + centres.size();
    double[] slopes = new double[p];
    for (int j = 0; j < p; j++) {
      slopes[j] = j < first ? 1 : 1 / scales().at(j - first);
    }
    double[] covariance = new double[p * p];
    for (int j = first; j < p; j++) {
      for (int k = first; k < p; k++) {
        covariance[j * p + k] = scaled[j * p + k] * slopes[j] * slopes[k] * factor;
      }
    }
    if (first == 1) {
      BigDecimal[] row = new BigDecimal[p];
      for (int k = 0; k < p; k++) {
        row[k] = new BigDecimal(scaled[k] * slopes[k]);
        for (int j = 1; j < p; j++) {
          row[k] =
              row[k].subtract(
                  new BigDecimal(scaled[j * p + k] * slopes[j] * slopes[k])
                      .multiply(new BigDecimal(centres().at(j - 1))));
        }
      }
      BigDecimal corner = row[0];
      for (int k = 1; k < p; k++) {
        corner = corner.subtract(row[k].multiply(new BigDecimal(centres().at(k - 1))));
        covariance[k] = row[k].doubleValue() * factor;
        covariance[k * p] = covariance[k];
      }
      covariance[0] = corner.doubleValue() * factor;
    }
    return Reals.of(covariance);
  }
}
