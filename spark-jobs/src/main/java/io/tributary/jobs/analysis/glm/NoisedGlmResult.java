package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Reals;

/**
 * A noised fit, of scaled columns.
 *
 * @param outcome {@code OK} or {@code NOT_CONVERGED}
 * @param persons noised
 * @param beta estimates, [p]
 * @param sampling covariance from sampling, row-major [p x p]
 * @param noise covariance that the last sum's noise adds, row-major [p x p]
 * @param contributors sites in the last sum
 */
public record NoisedGlmResult(
    String outcome, double persons, Reals beta, Reals sampling, Reals noise, int contributors) {}
