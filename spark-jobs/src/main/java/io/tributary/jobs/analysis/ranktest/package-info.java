/**
 * Card of {@code rank-test}.
 *
 * <p><b>Question.</b> Does a number tend to be greater in some groups, whatever its distribution;
 * or is one number of a person greater than another.
 *
 * <p><b>Options.</b> {@code columns} (one or more numbers, each tested); {@code by} (one column),
 * or {@code paired} (one number that the others are compared with within each person); {@code
 * resolution} (1: values are counted at its multiples); {@code confidence} (0.95); {@code adjust}:
 * none, bonferroni, holm, hochberg, BH, BY, over the columns, for each test by itself.
 *
 * <p><b>Sums.</b> Persons at each value [columns x groups x values]; rows whose value lies between
 * two of them, beyond all of them, and rows left out [3 x columns]. Values are the multiples of the
 * resolution in the column's declared range, else 2048 about zero.
 *
 * <p><b>Method.</b> Everybody's rank follows from the counts; equal values share a mean rank. Two
 * groups: Mann and Whitney's W, normal approximation with correction for ties and by 1/2; the
 * probability that a person of the first group has a greater value than one of the second (ties
 * half), with DeLong's error, and twice it less 1. Any groups: Kruskal and Wallis's chi-square,
 * corrected for ties. Pairs: Wilcoxon's V of the differences, those of 0 left out, normal
 * approximation with correction for ties and by 1/2; the matched-pairs rank-biserial correlation.
 * Exact where every value is a multiple of the resolution; else values are moved to the nearest
 * one, and the report says so.
 *
 * <p><b>Result.</b> Tests, effects, the groups' n and mean rank; of pairs n and mean rank by the
 * sign of the difference. {@code persons} of pairs are those with a difference, as n of the effect.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator: who is alone at a value is seen there with value
 * and group, as in a histogram without a floor. Choose a coarser resolution where that matters.
 * Readers see a column's statistics if every group has as many persons as the floor asks for; of
 * pairs, if as many persons have a difference, and enough of either sign for a cell. V and the
 * correlation tell how many have one; how many have none is withheld below a cell, and no total
 * holds them.
 *
 * <p><b>Outcomes.</b> RANGE_UNKNOWN: values beyond those counted, of a column without a range.
 *
 * <p><b>Assumptions.</b> A row is a person. Rows without a value or group are left out and counted.
 *
 * <p><b>Tested against.</b> R 4.2.2 (wilcox.test, kruskal.test, pROC 1.18).
 *
 * <p><b>Limits.</b> At most 50 columns and 2^19 counts. No exact distribution of W for small
 * groups; the location shift of Hodges and Lehmann is a difference of two persons' values and not
 * given.
 *
 * <p><b>References.</b> Wilcoxon 1945; Mann and Whitney 1947; Kruskal and Wallis 1952; DeLong,
 * DeLong and Clarke-Pearson 1988; Kerby 2014.
 */
package io.tributary.jobs.analysis.ranktest;
