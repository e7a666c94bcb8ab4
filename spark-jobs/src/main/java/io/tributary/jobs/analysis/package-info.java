/**
 * Analyses: a folder each, one line each in {@link io.tributary.jobs.analysis.Catalog}. Here is
 * what they share: strict options, rows as blocks of doubles, exact arithmetic on sums, states as
 * bytes, and the release floor. Each folder's own package documentation is its card: model, sums,
 * what is revealed, assumptions, limits, references.
 */
package io.tributary.jobs.analysis;
