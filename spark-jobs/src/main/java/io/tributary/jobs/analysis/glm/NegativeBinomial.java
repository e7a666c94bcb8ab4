package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.probability.LogFactorial;
import io.tributary.jobs.probability.RisingFactorial;

/**
 * Likelihood of counts with variance mean + mean^2 / theta, as a function of log theta (Lawless
 * 1987).
 */
final class NegativeBinomial {
  /** Doubles that {@link #evaluate} fills. */
  static final int OUT = 3;

  private NegativeBinomial() {}

  /**
   * One person.
   *
   * @param out [3] receives minus twice the log-likelihood, its half's derivative to log theta with
   *     the sign of the log-likelihood, and theta^2 times the observed information of theta
   */
  static void evaluate(double y, double mean, double theta, double[] out) {
    RisingFactorial.evaluate(theta, y, out);
    double all = theta + mean;
    double share = theta / all;
    double log = StrictMath.log1p(mean / theta);
    double logLikelihood =
        out[0]
            - LogFactorial.of((long) y)
            + (y > 0 ? y * StrictMath.log(mean) : 0)
            - (y + theta) * log;
    out[0] = -2 * logLikelihood;
    out[1] = out[1] - theta * log + share * (mean - y);
    out[2] = out[2] - share * (mean * (mean / all) + share * y);
  }
}
