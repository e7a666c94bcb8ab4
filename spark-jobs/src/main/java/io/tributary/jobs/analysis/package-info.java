/**
 * Analyses: a folder each, one line each in {@link io.tributary.jobs.analysis.Catalog}. Here is
 * what they share: strict options, rows as blocks of doubles, exact arithmetic on sums, states as
 * bytes, and the release floor. Each folder's own package documentation is its card: model, sums,
 * what is revealed, assumptions, limits, references.
 *
 * <p>The release gate has two parts. An analysis applies {@link io.tributary.jobs.analysis.Floor}
 * to its own result: counts and their margins by {@link
 * io.tributary.jobs.analysis.ProtectedCounts}, statistics by {@code statistic}, steps of curves by
 * joining grid times, since a step with one death is one person ({@code kaplanmeier}). Then all
 * reports of a study pass {@link io.tributary.jobs.analysis.StudyGate} together: an analysis names
 * its counts of persons and whom they count ({@code StudyAnalysis.counts}), and what follows from
 * all tables is withheld. Dominance rules are not applied to sums of magnitudes: they need the
 * largest contribution of a person, which no sum holds and which would itself be one person's
 * value; a magnitude is shown on {@code minPersons} persons only.
 */
package io.tributary.jobs.analysis;
