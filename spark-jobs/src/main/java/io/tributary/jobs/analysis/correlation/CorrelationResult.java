package io.tributary.jobs.analysis.correlation;

import io.tributary.jobs.analysis.Reals;

/**
 * Moments of complete rows, before the release floor.
 *
 * @param n complete rows
 * @param dropped rows with a missing value
 * @param means [columns]; empty with fewer persons than the floor asks for
 * @param covariance with n - 1, row-major [columns x columns]
 */
public record CorrelationResult(long n, long dropped, Reals means, Reals covariance) {}
