package io.tributary.jobs.analysis.correlation;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import java.math.BigDecimal;
import java.util.List;

/**
 * Moments of complete rows, before the release floor.
 *
 * @param n complete rows, [groups]
 * @param dropped rows with a missing value or group
 * @param absolutes sums of absolute values, [groups x columns]
 * @param means [groups x columns]; zeros in a group with fewer persons than the floor asks for
 * @param covariance with n - 1, row-major [groups x columns x columns]; zeros likewise
 */
public record CorrelationResult(
    Counts n, long dropped, List<BigDecimal> absolutes, Reals means, Reals covariance) {
  public CorrelationResult {
    absolutes = List.copyOf(absolutes);
  }
}
