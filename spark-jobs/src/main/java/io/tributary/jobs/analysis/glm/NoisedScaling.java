package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Reals;
import java.io.Serializable;

/**
 * The columns of a noised model on [-1, 1], from declared ranges alone: z = (x - centre) / reach,
 * the intercept first if there is one. Only numbers in a model with intercept are centred, so a
 * factor's columns keep their zeros.
 *
 * @param intercept whether z starts with 1
 * @param centres of the design's columns
 * @param reaches of the design's columns, above 0
 * @param outcomeCentre taken off the outcome
 * @param outcomeReach the outcome is divided by it
 * @param norm R, greatest L2 norm of a person's z
 */
record NoisedScaling(
    boolean intercept,
    Reals centres,
    Reals reaches,
    double outcomeCentre,
    double outcomeReach,
    double norm)
    implements Serializable {

  /**
   * Scales a design. A term that has a factor in it has at most one column that is not 0, so every
   * term adds at most 1 to R^2.
   *
   * @param low least value of each variable
   * @param high greatest value of each variable
   */
  static NoisedScaling of(
      boolean intercept,
      int terms,
      Design design,
      double[] low,
      double[] high,
      double outcomeCentre,
      double outcomeReach) {
    double[] centres = new double[design.size()];
    double[] reaches = new double[design.size()];
    for (int j = 0; j < centres.length; j++) {
      double[] bounds = design.bounds(j, low, high);
      centres[j] = intercept && design.isNumber(j) ? bounds[0] / 2 + bounds[1] / 2 : 0;
      reaches[j] = Math.max(Math.abs(bounds[1] - centres[j]), Math.abs(bounds[0] - centres[j]));
    }
    double norm = Math.nextUp(Math.sqrt(terms + (intercept ? 1.0 : 0.0)));
    return new NoisedScaling(
        intercept, Reals.of(centres), Reals.of(reaches), outcomeCentre, outcomeReach, norm);
  }

  /** p, with the intercept. */
  int size() {
    return centres.size() + (intercept ? 1 : 0);
  }

  /** A row's z, [p], from the design's columns at {@code from} on. */
  void scale(double[] row, int from, double[] z) {
    int first = intercept ? 1 : 0;
    if (intercept) {
      z[0] = 1;
    }
    for (int j = 0; j < centres.size(); j++) {
      double scaled = (row[from + j] - centres.at(j)) / reaches.at(j);
      z[first + j] = Math.max(-1, Math.min(1, scaled));
    }
  }

  /**
   * The row that turns scaled coefficients into coefficient {@code position} of the columns as they
   * are, [p].
   */
  double[] back(int position) {
    double[] row = new double[size()];
    if (!intercept) {
      row[position] = outcomeReach / reaches.at(position);
      return row;
    }
    if (position > 0) {
      row[position] = outcomeReach / reaches.at(position - 1);
      return row;
    }
    row[0] = outcomeReach;
    for (int j = 0; j < centres.size(); j++) {
      row[1 + j] = -outcomeReach * centres.at(j) / reaches.at(j);
    }
    return row;
  }
}
