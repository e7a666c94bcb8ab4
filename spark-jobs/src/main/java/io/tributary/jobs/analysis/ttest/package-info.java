/**
 * Card of {@code t-test}.
 *
 * <p><b>Question.</b> Is a mean, a difference of two groups' means, or a mean difference within
 * persons other than a number.
 *
 * <p><b>Options.</b> {@code columns} (one or more numbers, each tested); {@code by} (a column of
 * two levels: two samples), or {@code paired} (a number that is subtracted from each of the
 * columns), or neither: one sample; {@code mu} (0); {@code variance}: unequal (Welch), equal
 * (Student), of two groups; {@code confidence} (0.95); {@code adjust}: none, bonferroni, holm,
 * hochberg, BH, BY, over the columns.
 *
 * <p><b>Sums.</b> C columns, G groups: persons, sum of x and of |x| [C x G], wide, every double of
 * at least 2^-68 without error; rows left out [C]. Then squares and distances about the groups'
 * means [2 x C x G], wide, of those columns alone whose groups are all at least the floor.
 *
 * <p><b>Method.</b> Means, their differences and variances are taken from the sums with 80 digits
 * and rounded once. Cohen's d is over the standard deviation within both groups, or that of the one
 * sample; its limits are those of the noncentrality over sqrt(n) or sqrt(n_1 n_2 / (n_1 + n_2));
 * Hedges' g is d times Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)), with m the degrees of freedom.
 *
 * <p><b>Result.</b> For each column estimate (first level less second), error, limits, t, degrees
 * of freedom, two-sided p; d and g with limits; the groups' n, means and limits.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: of a group of one person, that person's value.
 * Readers see a column's statistics if every group has as many persons as the floor asks for a
 * statistic, and, under {@code maxShare}, if nobody can make up too much of a sum.
 *
 * <p><b>Assumptions.</b> A row is a person; means are about normal. Rows without a value or group
 * are left out and counted.
 *
 * <p><b>Tested against.</b> R 4.2.2 (t.test; pt with noncentrality for limits; p.adjust).
 *
 * <p><b>Limits.</b> At most 200 columns. One-sided tests are not offered.
 *
 * <p><b>References.</b> Student 1908; Welch 1947; Hedges 1981; Steiger and Fouladi 1997; Holm 1979;
 * Hochberg 1988; Benjamini and Hochberg 1995.
 */
package io.tributary.jobs.analysis.ttest;
