/**
 * Card of {@code contingency-test}.
 *
 * <p><b>Question.</b> Are two categories independent, in all or within strata; how strongly are
 * they associated; do two answers of the same persons agree.
 *
 * <p><b>Options.</b> {@code columns} (one or more categories, each against the groups); {@code by}
 * (one category: the groups); {@code strata} (one or two categories, for 2 x 2 tables); {@code
 * paired} (false; true: column and groups are two answers of each person, with the same levels);
 * {@code scores} (a number for each group, for a trend; 0, 1, 2 ...); {@code confidence} (0.95);
 * {@code adjust}: none, bonferroni, holm, hochberg, BH, BY, over the columns, for each test by
 * itself.
 *
 * <p><b>Sums.</b> Persons at each level of each column in each group of each stratum [levels x
 * groups x strata]; rows left out [columns]. Levels come from the study.
 *
 * <p><b>Method.</b> Pearson's chi-square, with Yates' correction for 2 x 2; Cochran and Armitage's
 * trend for columns of two levels; Mantel and Haenszel's chi-square (with and without a correction
 * of 1/2), their odds ratio with the error of Robins, Breslow and Greenland, and Breslow and Day's
 * test with Tarone's correction; McNemar's test (Bowker's for more levels). Cramer's V with the
 * limits of chi-square's noncentrality l as sqrt(l / (n (k - 1))); odds ratio (Woolf), risk ratio
 * (Katz), risk difference (Newcombe's method 10).
 *
 * <p><b>Result.</b> Tests, effects with limits, the counts.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator. Readers see a column's statistics if no cell of
 * its table, in any stratum, is withheld: from statistics of full precision a cell would follow.
 *
 * <p><b>Assumptions.</b> A row is a person. Rows without a level or group are left out and counted.
 *
 * <p><b>Tested against.</b> R 4.2.2 (chisq.test, prop.trend.test, mantelhaen.test, mcnemar.test;
 * formulae in R for the others).
 *
 * <p><b>Limits.</b> At most 10,000 cells. Fisher's exact test is the crosstab's. Strata of sparse
 * cells are withheld, though Mantel and Haenszel's test would bear them.
 *
 * <p><b>References.</b> Pearson 1900; Yates 1934; McNemar 1947; Bowker 1948; Cochran 1954; Armitage
 * 1955; Woolf 1955; Mantel and Haenszel 1959; Katz et al. 1978; Breslow and Day 1980; Tarone 1985;
 * Robins, Breslow and Greenland 1986; Newcombe 1998; Smithson 2003.
 */
package io.tributary.jobs.analysis.contingency;
