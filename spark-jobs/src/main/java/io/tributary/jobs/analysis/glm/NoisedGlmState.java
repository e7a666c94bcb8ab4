package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Reals;

/**
 * What is public between the sums of a noised model.
 *
 * @param step sums taken so far
 * @param persons noised count of the first sum; 0 before it
 * @param beta of the scaled columns, [p]
 */
record NoisedGlmState(int step, double persons, Reals beta) {}
