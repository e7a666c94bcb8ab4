package io.tributary.jobs.analysis;

import io.tributary.jobs.probability.Tails;
import io.tributary.report.Cell;

/** A probability as tables show it, from its natural logarithm. */
public final class PValue {
  /** Smaller ones lose digits as doubles. */
  private static final double LEAST = 1e-307;

  private PValue() {}

  /** Column {@code p_value}; below 1e-307 it is not computed, and the other column tells it. */
  public static Cell of(double logProbability) {
    double p = StrictMath.exp(logProbability);
    return p < LEAST ? new Cell.NotComputed("below 1e-307, see neg_log_10_p_value") : Cell.of(p);
  }

  /** Column {@code neg_log_10_p_value}. */
  public static Cell negativeLog10(double logProbability) {
    return Cell.of(Tails.negativeLog10(logProbability));
  }
}
