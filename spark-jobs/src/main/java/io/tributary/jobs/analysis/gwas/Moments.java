package io.tributary.jobs.analysis.gwas;

import io.tributary.jobs.analysis.Reals;

/**
 * Sums of the first round. Columns are those of the design, then the outcome.
 *
 * @param persons complete rows
 * @param dropped rows with a missing value
 * @param means of the columns
 * @param reaches upper bounds of the sums of |x - mean| over all persons
 */
record Moments(long persons, long dropped, Reals means, Reals reaches) {}
