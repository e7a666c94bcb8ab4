package io.tributary.jobs.analysis.glm;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Spread;

/**
 * A step of log theta by Newton's method at the coefficients of an iteration, beside their own: the
 * expected information between them is 0 (Lawless 1987).
 *
 * @param next theta after the step
 * @param decrement twice what the log-likelihood has to gain, about
 * @param stdError of theta by the observed information
 */
record DispersionStep(double next, double decrement, double stdError) {
  /** Of families without theta. */
  static final DispersionStep NONE = new DispersionStep(Double.POSITIVE_INFINITY, 0, 0);

  /** Theta over the mean from which nobody can tell the counts from poisson ones. */
  private static final double ENDLESS = 1e6;

  /** Longest step of log theta. */
  private static final double LONGEST = 2;

  /** Where the search starts: by moments, between a hundredth of the mean and a hundred means. */
  static double first(Counted counted, Spread spread) {
    double weights = counted.outcome(Element.W).doubleValue();
    double mean = counted.outcome(Element.W_Y).doubleValue() / weights;
    double excess = spread.weighted().doubleValue() / weights - mean;
    double moment = excess > 0 ? mean * (mean / excess) : Double.POSITIVE_INFINITY;
    return Math.max(mean / 100, Math.min(moment, 100 * mean));
  }

  /** A step from one round's sums. */
  static DispersionStep of(double theta, Aggregate sum) {
    double score = sum.exact(IrlsKernel.THETA_SCORE, 0).doubleValue();
    double observed = sum.exact(IrlsKernel.THETA_INFORMATION, 0).doubleValue();
    // Of log theta.
    double information = observed - score;
    double step =
        information > 0
            ? Math.max(-LONGEST, Math.min(LONGEST, score / information))
            : Math.copySign(LONGEST, score);
    return new DispersionStep(
        theta * StrictMath.exp(step), Math.abs(score * step), theta / Math.sqrt(observed));
  }

  /** Whether theta runs off: the counts vary no more than poisson ones. */
  boolean endless(Counted counted) {
    double mean =
        counted.outcome(Element.W_Y).doubleValue() / counted.outcome(Element.W).doubleValue();
    return decrement > 0 && next > ENDLESS * mean;
  }
}
