/**
 * Attrition: how many persons are left after each step of a cohort's definition.
 *
 * <p><b>Model.</b> Steps are the entry event, each inclusion rule in order, the cohort itself
 * (where the definition cuts it to days of the calendar), and the study's {@code where}. Of a
 * person's entry events the best one counts, as in the inclusion report of ATLAS: the one that
 * passes most rules, then the one whose first passed rule comes first, then the earliest. A person
 * is left after a step if that event passes it and all before it; so the last rule's persons are
 * those of whom some event passes all.
 *
 * <p><b>Sums.</b> One: {@code left} [steps], persons by the last step that they reach.
 *
 * <p><b>Revealed.</b> These counts. Of the persons left, the report shows as many steps as it can,
 * the last and the first before others, such that between two shown ones nobody was left out, or at
 * least {@code minCell} persons were: what a step leaves out is a cell like any other. Nobody being
 * left out is shown, as nobody missing is: it is about all who were left, and none of them is told
 * from another. The last step is the number of persons in the study's cohort, which {@link
 * io.tributary.jobs.analysis.StudyGate} holds against the other analyses.
 *
 * <p><b>Assumptions.</b> Nobody is at two sites. Where a study admits several rows a person, steps
 * still count persons, and only this table itself is protected.
 *
 * <p><b>Limits.</b> Cohorts with a definition only. Persons are counted, not events. At most 1000
 * steps.
 *
 * <p><b>References.</b> OHDSI Circe 1.x, {@code cohortInclusionAnalysis.sql} (inclusion report,
 * mode 1); omopgenerics, class {@code cohort_table}, for the table's columns; Moher et al. 2010,
 * CONSORT, for the picture.
 */
package io.tributary.jobs.analysis.attrition;
