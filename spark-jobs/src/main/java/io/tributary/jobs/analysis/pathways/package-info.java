/**
 * Card of {@code treatment-pathways}: in which order persons first begin several treatments.
 *
 * <p><b>Model.</b> Each of {@code treatments} is a column of days from the index date to a person's
 * first exposure (missing: never). Treatments by their days are the pathway; those that begin
 * within {@code combine} days (0 if nothing is said) of the first one of a step are one step, a
 * combination. A pathway is cut after {@code depth} steps (5).
 *
 * <p><b>Sums.</b> One: persons by pathway, [all sequences of disjoint combinations of T treatments
 * with at most {@code depth} steps, none included].
 *
 * <p><b>Result.</b> {@code treatment_pathways}, as a tree from the first step on: persons who begin
 * so, and persons whose whole pathway it is; combinations are written {@code a+b}, steps {@code
 * a-b}.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator. The report goes down the tree: of persons who
 * begin in one way, how many stay so and how many go on to each next step is a table of one way, of
 * which small counts are withheld with those from which they would follow; what is below a withheld
 * step is not in the report. Nobody is withheld like 1 to 4. Where more than 500 pathways could be
 * shown, the smallest count that is shown is doubled until there are no more.
 *
 * <p><b>Assumptions.</b> A row is a person. First exposures only: a treatment that is resumed is no
 * further step.
 *
 * <p><b>Limits.</b> 2 to 6 treatments; at most 3000 pathways: all of five treatments, and three
 * steps of six. Days are whole.
 *
 * <p><b>References.</b> Hripcsak et al. 2016, PNAS 113:7329 (treatment pathways in OHDSI); Markus
 * et al. 2022, TreatmentPatterns, Computer Methods and Programs in Biomedicine 225:107081.
 */
package io.tributary.jobs.analysis.pathways;
