/**
 * Card of {@code histogram}.
 *
 * <p><b>Question.</b> How the values of one number are distributed, in all or in each group.
 *
 * <p><b>Sums.</b> Persons between edges, below and above them [groups x (bins + 2)], missing
 * [groups], rows without a group [1]. Edges are {@code breaks} of the study, or {@code bins} equal
 * parts of the declared range. Without either, two sums come before: persons, sum of x and |x| [3];
 * then squares about the mean [1]; edges are then round numbers from mean - 3 sd to mean + 3 sd.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator. Bins below the floor are withheld, zero too,
 * and others with them from which they would follow; persons beyond the edges stand in no total.
 * With {@code join} bins are joined from the left until each has {@code minCell} persons in each
 * group, so that none is withheld where the groups are large enough; that a bin was joined says
 * that it has fewer. The first and the last one then hold persons beyond the edges too.
 *
 * <p><b>With support rounds</b> ({@code release.supportRound}). Bins that few sites fill stay empty
 * and are withheld, with all that holds them, where edges are declared and not joined; else
 * FEW_SITES.
 *
 * <p><b>With noise</b> (a study with {@code privacy}). One sum: below, bins, above and missing
 * [groups x (bins + 3)], a person's vector of norm 1; edges from {@code breaks} or the declared
 * range. A count n has the interval n +/- z sd.
 *
 * <p><b>Assumptions.</b> A row is a person. A bin holds its lower edge, the last one both (R:
 * {@code hist(right = FALSE)}).
 *
 * <p><b>Limits.</b> At most 1000 bins.
 *
 * <p><b>References.</b> Willenborg and de Waal 2001.
 */
package io.tributary.jobs.analysis.histogram;
