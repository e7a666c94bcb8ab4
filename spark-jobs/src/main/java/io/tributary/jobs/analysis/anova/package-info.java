/**
 * Card of {@code anova}.
 *
 * <p><b>Question.</b> Do the means of several groups differ, do their variances, and how much of
 * the variation lies between groups.
 *
 * <p><b>Options.</b> {@code columns} (one or more numbers, each tested); {@code by} (one column);
 * {@code confidence} (0.95); {@code adjust}: none, bonferroni, holm, hochberg, BH, BY, over the
 * columns, for each test by itself.
 *
 * <p><b>Sums.</b> Those of {@code t-test}: persons, sum of x and of |x| [columns x groups], wide;
 * rows left out [columns]; then squares and distances about the groups' means [2 x columns x
 * groups], wide, of columns whose groups are all at least the floor.
 *
 * <p><b>Method.</b> Fisher's F; Welch's test with a variance for each group; Levene's test, which
 * is F of the distances |x - mean of the group|; Bartlett's test. Eta squared with the limits of
 * the noncentrality l of F as l / (l + n), the lower one 0 where F leaves room for nothing; omega
 * squared.
 *
 * <p><b>Result.</b> For each column statistic, degrees of freedom and p of the four tests; sums of
 * squares; effects; the groups' n, means and limits.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: of a group of one person, that person's value.
 * Readers see a column's statistics if every group has as many persons as the floor asks for a
 * statistic, and, under {@code maxShare}, if nobody can make up too much of a sum.
 *
 * <p><b>Assumptions.</b> A row is a person; means are about normal. Rows without a value or group
 * are left out and counted.
 *
 * <p><b>Tested against.</b> R 4.2.2 (aov, oneway.test, bartlett.test, pf with noncentrality).
 *
 * <p><b>Limits.</b> One way, at most 200 columns; more ways are linear models. Levene's test is
 * about means, not medians (Brown and Forsythe): medians are no sums.
 *
 * <p><b>References.</b> Fisher 1925; Welch 1951; Levene 1960; Bartlett 1937; Hays 1963; Steiger
 * 2004.
 */
package io.tributary.jobs.analysis.anova;
