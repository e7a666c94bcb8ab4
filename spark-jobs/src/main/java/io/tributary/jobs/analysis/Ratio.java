package io.tributary.jobs.analysis;

import io.tributary.report.Cell;

/** An odds, rate or hazard ratio as tables show it, from its natural logarithm. */
public final class Ratio {
  private Ratio() {}

  /** The ratio; beyond the range in which a double has all its digits it is not computed. */
  public static Cell of(double log) {
    double ratio = StrictMath.exp(log);
    if (ratio < Double.MIN_NORMAL) {
      return new Cell.NotComputed("below 1e-307, see the coefficients");
    }
    return ratio > Double.MAX_VALUE
        ? new Cell.NotComputed("above 1e308, see the coefficients")
        : Cell.of(ratio);
  }
}
