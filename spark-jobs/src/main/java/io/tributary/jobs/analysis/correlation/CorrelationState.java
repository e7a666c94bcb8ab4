package io.tributary.jobs.analysis.correlation;

import io.tributary.jobs.analysis.Counts;
import java.math.BigDecimal;
import java.util.List;

/** What is public between the two rounds of a correlation. */
sealed interface CorrelationState {
  /** Counts and sums of complete rows come first. */
  record Counting() implements CorrelationState {}

  /**
   * Products about the means follow.
   *
   * @param n complete rows, [groups]
   * @param dropped rows with a missing value or group
   * @param sums exact, [groups x columns]
   * @param absolutes exact sums of |x|, [groups x columns]
   */
  record Multiplying(Counts n, long dropped, List<BigDecimal> sums, List<BigDecimal> absolutes)
      implements CorrelationState {
    public Multiplying {
      sums = List.copyOf(sums);
      absolutes = List.copyOf(absolutes);
    }
  }
}
