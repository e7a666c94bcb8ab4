package io.tributary.jobs.analysis.glm;

import io.tributary.study.Errors;

/** One row of a block as a fit sees it, its values checked against the bounds of the first sums. */
final class ScaledRow {
  private final Scaling scaling;
  private final String slot;
  private final double[] centres;
  private final double[] inverses;
  private final double[] reach;
  private final double[] z;
  private double y;
  private double weight;
  private double offset;

  /**
   * A reader of rows.
   *
   * @param slot that a value beyond its bound would break
   */
  ScaledRow(Scaling scaling, String slot) {
    this.scaling = scaling;
    this.slot = slot;
    this.centres = scaling.centres().toArray();
    this.inverses = scaling.scales().toArray();
    for (int j = 0; j < inverses.length; j++) {
      inverses[j] = 1 / inverses[j];
    }
    this.reach = scaling.reach().toArray();
    this.z = new double[scaling.size()];
  }

  /** Reads the row at a place of its block; returns the greatest absolute element of z. */
  double read(double[] block, int row) {
    y = (block[row] - scaling.outcomeCentre()) / scaling.outcomeScale();
    weight = block[row + 1];
    offset = block[row + 2];
    if (!(Math.abs(y) <= scaling.outcomeReach())
        || !(weight <= scaling.weightReach())
        || !(Math.abs(offset) <= scaling.offsetReach())) {
      throw Errors.valueOutOfBounds(slot, scaling.outcomeReach());
    }
    int at = row + DesignReader.BEFORE;
    int first = scaling.intercept() ? 1 : 0;
    double most = first;
    if (first == 1) {
      z[0] = 1;
    }
    for (int j = 0; j < centres.length; j++) {
      double value = (block[at + j] - centres[j]) * inverses[j];
      double size = Math.abs(value);
      if (!(size <= reach[j])) {
        throw Errors.valueOutOfBounds(slot, reach[j]);
      }
      z[first + j] = value;
      most = Math.max(most, size);
    }
    return most;
  }

  /** Outcome, centred and scaled in a linear model. */
  double y() {
    return y;
  }

  double weight() {
    return weight;
  }

  double offset() {
    return offset;
  }

  /** The row of the model matrix; the same array for every row. */
  double[] z() {
    return z;
  }

  /** z' coefficients. */
  double dot(double[] coefficients) {
    double sum = 0;
    for (int j = 0; j < z.length; j++) {
      sum += coefficients[j] * z[j];
    }
    return sum;
  }
}
