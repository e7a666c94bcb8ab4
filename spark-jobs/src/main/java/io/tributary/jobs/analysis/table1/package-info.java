/**
 * Card of {@code table1}.
 *
 * <p><b>Question.</b> Who the persons of a cohort are, by covariate, in all or in each level of a
 * column, and how far apart the levels are.
 *
 * <p><b>Covariates.</b> A column that is 0 or 1 (presence around the index date, a boolean) is one;
 * each level of a category is one; a number is one. Levels of an ordered category, {@code
 * age_group} if nothing else is said, are joined with their neighbours, from the first on, until
 * each has {@code minCell} persons in each cohort.
 *
 * <p><b>Sums.</b> G cohorts (levels of {@code by}), C numbers, L levels of all categories.
 *
 * <ol>
 *   <li>Persons [G]; with a value, sum of x and of |x| [C x G] (every double of at least 2^-68
 *       without error); persons [L x G]; rows without a level of {@code by} [1].
 *   <li>If there are numbers: squares about each cohort's mean [C x G], wide; the bound is (sum |x|
 *       + n |mean|)^2.
 * </ol>
 *
 * <p><b>Result.</b> {@code cohorts}; {@code covariates}: persons that have it and their share of
 * the cohort, where who lacks a value counts as not having it, as in OHDSI; {@code
 * covariates_continuous}: persons with a value, mean, sd (n - 1); {@code standardized_difference}
 * of each later cohort from the first, (mean 2 - mean 1) / sd with sd^2 = (sd 1^2 + sd 2^2) / 2,
 * where a share p has sd^2 = p (1 - p) (Austin 2009); {@code covariate_ref}: what each covariate
 * is. Names of columns are those of OHDSI's FeatureExtraction in snake case.
 *
 * <p><b>Revealed.</b> All sums above, to the coordinator. In the report a level with fewer than
 * {@code minCell} persons of a cohort takes a second one of that cohort with it, since the cohort's
 * size is shown; no sum over cohorts is shown but the number of persons. Means and differences
 * stand only where the counts that they tell are shown, and no person makes up too much of a mean.
 *
 * <p><b>Assumptions.</b> A row is a person, or one of at most {@code rowsPerPerson} rows of a
 * person; then the floor asks for that many times the rows.
 *
 * <p><b>Limits.</b> At most {@value io.tributary.jobs.analysis.table1.Table1Analysis#MAX_COLUMNS}
 * columns. Counts are audited over all analyses of the study ({@link
 * io.tributary.jobs.analysis.StudyGate}), but different covariates are taken as unrelated: two
 * whose definitions differ little tell who lies between.
 *
 * <p><b>References.</b> Austin 2009, Statistics in Medicine 28:3083 (standardised differences);
 * OHDSI FeatureExtraction, {@code createTable1} and {@code computeStandardizedDifference}.
 */
package io.tributary.jobs.analysis.table1;
