/**
 * Card of {@code crosstab}.
 *
 * <p><b>Question.</b> How many persons have each combination of one to three categories, and are
 * two of them independent.
 *
 * <p><b>Sums.</b> Persons in every cell [product of levels], rows that lack a value [1]. Levels
 * come from the study; a number without declared levels costs one sum before: persons at each whole
 * number from -1024 to 1023 [columns x 2048], and values beside that grid [columns].
 *
 * <p><b>Result.</b> Cells and all margins with percentages; for two ways Pearson's chi-square, for
 * 2 x 2 also with Yates' correction, and Fisher's exact test with the conditional odds ratio.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator. A cell or margin below the floor is withheld,
 * zero too, since "nobody" in a small group is a statement about each of its members; more cells
 * are withheld until no withheld small count follows from the shown ones ({@link
 * io.tributary.jobs.analysis.ProtectedCounts} gives the argument). Tests are withheld with them. A
 * level found in the data that fewer persons than the floor have ends in RARE_LEVEL.
 *
 * <p><b>With support rounds</b> ({@code release.supportRound}). Cells that few sites fill stay
 * empty and are withheld, with all margins that hold them, where levels are declared; else
 * FEW_SITES.
 *
 * <p><b>With noise</b> (a study with {@code privacy}). One sum: cells and, last, missing [cells +
 * 1], a person's vector of norm 1. Levels have to be declared. A count n has the interval n +/- z
 * sd, a margin of k cells has sd sqrt(k). No tests: their distributions do not hold.
 *
 * <p><b>Assumptions.</b> A row is a person.
 *
 * <p><b>Limits.</b> Cells are protected within this table here, and against the counts of the
 * study's other analyses by {@link io.tributary.jobs.analysis.StudyGate}; other studies are not
 * looked at. At most 10,000 cells.
 *
 * <p><b>References.</b> Pearson 1900; Yates 1934; Fisher 1935; Kelly, Golden and Assad 1992;
 * Willenborg and de Waal 2001.
 */
package io.tributary.jobs.analysis.crosstab;
