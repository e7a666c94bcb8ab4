/**
 * Card of {@code summary}.
 *
 * <p><b>Question.</b> How many persons have a value, and where do the values lie, in all or in each
 * group of one or two categories.
 *
 * <p><b>Sums.</b> G groups, C numbers, L levels of all categories.
 *
 * <ol>
 *   <li>Persons [C x G], missing [C x G], sum of x and of |x| [C x G] (wide, every double of at
 *       least 2^-68 without error), values with more than 0, 1, 2 and 3 decimals [C x 4]; persons
 *       [L x G] and missing of categories; rows without a group [1].
 *   <li>Squares about each group's mean [C x G], wide; the bound is (sum |x| + n |mean|)^2.
 *   <li>At most 8 more: persons in 512 parts of each bin that still holds a wanted order statistic.
 *       A bin is left when it is one value, or when its part would hold fewer persons than the
 *       floor; then it is the smallest run of parts about the rank with enough.
 * </ol>
 *
 * <p><b>Result.</b> n, missing, mean, sd and variance (n - 1), sum; R's type 7 quantiles, exact
 * where the final bins are single values (whole numbers, few decimals, ties), else between two
 * stated bounds. Least and greatest value are refused: each is one person's value.
 *
 * <p><b>Revealed.</b> All sums above, to the coordinator; the report shows what the release floor
 * lets through. A count of missing values is 0, at least a cell, or withheld, with the sum over the
 * groups that would tell it. It is a courtesy to those who copy tables: where another column of the
 * same persons has no missing value, the two n differ by it. A group that is withheld takes a
 * second one with it, so that it does not follow from all.
 *
 * <p><b>With noise</b> (a study with {@code privacy}). One sum, with v = (x - centre) / reach by
 * the declared range: persons with and without a value [C x G x 2], v [C x G], v^2 [C x G], persons
 * in 32 parts of the range [C x G x 32] if quantiles are asked for, levels and missing of K
 * categories [(L + K) x G]; a person's vector has norm sqrt(C), or sqrt(K), in each. The mean is
 * centre + reach u with u = S / N; its variance is reach^2 ((Q / N - u^2) / (N - 1) + (sd_S^2 + u^2
 * sd_N^2) / N^2), sample and noise. A quantile is where C_j - p N passes 0, its limits where that
 * passes z times sqrt(N p (1 - p) + sd^2 (j (1 - p)^2 + (32 - j) p^2)). Rows without a group are in
 * no count.
 *
 * <p><b>Assumptions.</b> A row is a person, or one of at most {@code rowsPerPerson} rows of a
 * person: then n, moments and quantiles are those of rows, and the floor asks for that many times
 * the rows. The table does not change between sums: the persons of a bin are compared with those of
 * the sum before.
 *
 * <p><b>Limits.</b> Counts are audited over all analyses of the study ({@link
 * io.tributary.jobs.analysis.StudyGate}); sums and means of two analyses over nearly the same rows
 * can be subtracted by whoever reads both. The bounds of an inexact quantile hold at least as many
 * persons as a cell must have.
 *
 * <p><b>References.</b> Chan, Golub and LeVeque 1983 (variance about a centre); Samuelson 1968 (how
 * far one value can lie); Hyndman and Fan 1996 (types of quantile).
 */
package io.tributary.jobs.analysis.summary;
