/**
 * Card of {@code cohort-overlap}: how many persons are in each of several cohorts, in any two, and
 * in each combination of all.
 *
 * <p><b>Model.</b> Each of {@code cohorts} is a column of 0 and 1 of the study's cohort: a
 * covariate of presence, or a derived column. A person is in a cohort whose column is 1.
 *
 * <p><b>Sums.</b> One: persons of each combination [2^K] of K cohorts, 2 to 6; rows that lack a
 * value [1].
 *
 * <p><b>Result.</b> {@code cohorts}: persons of each. {@code overlap}, for any two: persons in
 * either, both, only the first (target), only the second (comparator), and Jaccard's index. {@code
 * combinations}: persons in exactly these cohorts.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator. The combinations are a table of K ways with all
 * its margins, of which {@link io.tributary.jobs.analysis.ProtectedCounts} withholds small counts
 * and those from which one would follow; nobody is withheld like 1 to 4. A sum over either of two
 * is shown where nothing of it is withheld.
 *
 * <p><b>Assumptions.</b> A row is a person.
 *
 * <p><b>Limits.</b> At most 6 cohorts. Rare combinations of many cohorts withhold common ones.
 *
 * <p><b>References.</b> OHDSI CohortDiagnostics, {@code cohort_overlap}; Lex et al. 2014, UpSet;
 * Jaccard 1912.
 */
package io.tributary.jobs.analysis.overlap;
