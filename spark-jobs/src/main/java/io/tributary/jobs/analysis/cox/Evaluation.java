package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.survival.PartialLikelihood;
import java.util.Arrays;

/**
 * What a round says of the likelihood at its coefficients, of centred and scaled columns; names as
 * in {@link PartialLikelihood}.
 *
 * @param mean [p]
 * @param information packed by rows, [p (p + 1) / 2]
 * @param squares [p]
 */
record Evaluation(double logarithm, Reals mean, Reals information, Reals squares) {
  static Evaluation of(PartialLikelihood likelihood, int cells) {
    double[] ones = new double[cells];
    Arrays.fill(ones, 1);
    return new Evaluation(
        likelihood.logarithm(),
        Reals.of(likelihood.mean(ones)),
        Reals.of(likelihood.information(ones)),
        Reals.of(likelihood.squares()));
  }
}
