/**
 * Card of {@code correlation}.
 *
 * <p><b>Question.</b> How numbers vary together, over rows that have all of them; in each group of
 * {@code by}.
 *
 * <p><b>Sums.</b> p numbers, g groups: complete rows [g], dropped rows [1], sum of x and of |x| [g
 * p], wide; then products about the means of groups of enough persons [g p (p + 1) / 2], wide,
 * columns scaled by public powers of two.
 *
 * <p><b>Result.</b> Means, standard deviations, covariance, Pearson's correlation with t test and
 * Fisher's z limits.
 *
 * <p><b>Revealed.</b> Both sums, to the coordinator. Nothing is shown on fewer persons than the
 * floor; of groups so many are withheld that no small one follows from the others.
 *
 * <p><b>Assumptions.</b> A row is a person.
 *
 * <p><b>Limits.</b> Rank correlations need ranks over all sites and are not offered.
 *
 * <p><b>References.</b> Fisher 1921; Chan, Golub and LeVeque 1983.
 */
package io.tributary.jobs.analysis.correlation;
