package io.tributary.jobs.survival;

import io.tributary.jobs.probability.Tails;

/**
 * Distributions of u, where a logarithm of a time is predictor + scale u (Kalbfleisch and Prentice
 * 2002, sections 2.2 and 3.6). Densities and survival functions are log-concave in u.
 */
public enum LogTimes {
  /** Smallest extreme value: Weibull times, exponential ones at scale 1. */
  EXTREME_VALUE {
    @Override
    public void evaluate(double u, boolean event, double[] out) {
      double hazard = StrictMath.exp(u);
      out[0] = event ? u - hazard : -hazard;
      out[1] = event ? 1 - hazard : -hazard;
      out[2] = hazard;
    }
  },
  /** Standard normal: log-normal times. */
  NORMAL {
    @Override
    public void evaluate(double u, boolean event, double[] out) {
      if (event) {
        out[0] = -u * u / 2 - LOG_SQRT_2PI;
        out[1] = -u;
        out[2] = 1;
        return;
      }
      double log =
          u >= 0
              ? Tails.logNormalUpper(u)
              : StrictMath.log1p(-StrictMath.exp(Tails.logNormalUpper(-u)));
      double hazard = StrictMath.exp(-u * u / 2 - LOG_SQRT_2PI - log);
      out[0] = log;
      out[1] = -hazard;
      out[2] = Math.max(0, hazard * (hazard - u));
    }
  },
  /** Standard logistic: log-logistic times. */
  LOGISTIC {
    @Override
    public void evaluate(double u, boolean event, double[] out) {
      double e = StrictMath.exp(-Math.abs(u));
      double below = u >= 0 ? 1 / (1 + e) : e / (1 + e);
      double above = u >= 0 ? e / (1 + e) : 1 / (1 + e);
      double log = StrictMath.log1p(e);
      out[0] = event ? -Math.abs(u) - 2 * log : -(Math.max(u, 0) + log);
      out[1] = event ? above - below : -below;
      out[2] = (event ? 2 : 1) * below * above;
    }
  };

  private static final double LOG_SQRT_2PI = 0.9189385332046728;

  /**
   * One person.
   *
   * @param event whether u is the event's, or else censored
   * @param out [3] receives the logarithm of the density, or of the survival function if censored,
   *     its derivative to u, and its second derivative with the sign changed, at least 0
   */
  public abstract void evaluate(double u, boolean event, double[] out);
}
