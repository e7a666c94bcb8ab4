/**
 * Tail probabilities on the log scale, right far beyond where a double underflows (DESIGN.md 10),
 * and quantiles. StrictMath throughout: every party computes the same bits.
 */
package io.tributary.jobs.probability;
