package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.study.Errors;

/** From a row of the model to its vector on the grid; deterministic, for all parties alike. */
final class Whitening {
  private final NullModel model;
  private final Cholesky factor;
  private final double[] slopes;
  private final double residual;
  private final double columnUnit;
  private final double residualUnit;

  /**
   * @param factor of the scaled products of the design
   * @param slopes of the scaled outcome on the scaled columns
   * @param residual sum of squares of the scaled outcome about the model
   */
  Whitening(NullModel model, Cholesky factor, double[] slopes, double residual) {
    this.model = model;
    this.factor = factor;
    this.slopes = slopes;
    this.residual = residual;
    this.columnUnit =
        Scales.powerNear((double) model.moments().persons(), model.moments().persons());
    this.residualUnit =
        residual > 0 ? columnUnit / Math.scalb(1.0, Math.getExponent(Math.sqrt(residual))) : 1;
  }

  /** Elements of a vector: whitened columns, then the residual. */
  int size() {
    return model.columns() + 1;
  }

  /** Residual sum of squares in the unit of the outcome's scale. */
  double residual() {
    return residual;
  }

  /** What whitened columns are multiplied by. */
  double columnUnit() {
    return columnUnit;
  }

  /** What residuals are multiplied by, beside the outcome's scale. */
  double residualUnit() {
    return residualUnit;
  }

  /** Upper bound of each element's root of the pooled sum of squares. */
  double norm() {
    // Whitened columns have norm columnUnit, residuals at most twice that.
    return 2.001 * columnUnit;
  }

  /**
   * A person's vector.
   *
   * @param row columns of the design, then the outcome
   */
  double[] vector(double[] row) {
    int q = model.columns();
    double[] scaled = scaled(row);
    double left = (row[q] - model.moments().means().at(q)) / model.scale(q);
    for (int j = 0; j < q; j++) {
      left -= slopes[j] * scaled[j];
    }
    double[] white = factor.forward(scaled);
    double[] vector = new double[q + 1];
    for (int j = 0; j < q; j++) {
      vector[j] = white[j] * columnUnit;
    }
    vector[q] = left * residualUnit;
    return vector;
  }

  /**
   * A person's row of a model with intercept: one, then the whitened columns. VALUE_OUT_OF_BOUNDS
   * if it is longer than all rows of the first sums together.
   *
   * @param row columns of the design, then the outcome
   */
  double[] design(double[] row) {
    double[] white = factor.forward(scaled(row));
    double[] design = new double[white.length + 1];
    design[0] = 1;
    for (int j = 0; j < white.length; j++) {
      design[j + 1] = white[j] * columnUnit;
      if (!(Math.abs(design[j + 1]) <= norm())) {
        throw Errors.valueOutOfBounds("whitened column " + (j + 1), norm());
      }
    }
    return design;
  }

  private double[] scaled(double[] row) {
    double[] scaled = new double[model.columns()];
    for (int j = 0; j < scaled.length; j++) {
      scaled[j] = (row[j] - model.moments().means().at(j)) / model.scale(j);
    }
    return scaled;
  }
}
