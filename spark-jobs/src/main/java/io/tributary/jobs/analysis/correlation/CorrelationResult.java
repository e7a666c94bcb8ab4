package io.tributary.jobs.analysis.correlation;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;

/**
 * Moments of complete rows, before the release floor.
 *
 * @param n complete rows, [groups]
 * @param dropped rows with a missing value or group
 * @param means [groups x columns]; zeros in a group with fewer persons than the floor asks for
 * @param covariance with n - 1, row-major [groups x columns x columns]; zeros likewise
 */
public record CorrelationResult(Counts n, long dropped, Reals means, Reals covariance) {}
