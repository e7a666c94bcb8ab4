package io.tributary.jobs.probability;

import org.apache.commons.math3.special.Gamma;

/**
 * Noncentral t, F and chi-square as mixtures of central ones, and the noncentralities that an
 * observed statistic leaves room for. Distribution functions to about 1e-13 absolute.
 *
 * <p>A mixture's central parts come from each other downwards, where all terms are positive (Lenth
 * 1989, AS 243; Ding 1992, AS 275); it is summed over the weights that a double can hold.
 */
public final class Noncentral {
  /** Weights beyond this many deviations from the middle are below 1e-18. */
  private static final double REACH = 9.5;

  private static final double MARGIN = 60;
  private static final int HALVINGS = 200;

  private Noncentral() {}

  /** P(T at most t), with noncentrality {@code delta}. */
  public static double student(double t, double df, double delta) {
    if (t < 0) {
      return 1 - student(-t, df, -delta);
    }
    double below =
        delta >= 0
            ? StrictMath.exp(Tails.logNormalUpper(delta))
            : 1 - StrictMath.exp(Tails.logNormalUpper(-delta));
    double square = t * t;
    if (square == 0) {
      return below;
    }
    double logX = -StrictMath.log1p(df / square);
    double logRest = -StrictMath.log1p(square / df);
    double mean = delta * delta / 2;
    double even = betas(mean, 0, 0.5, df / 2, logX, logRest);
    double odd = delta == 0 ? 0 : betas(mean, 0.5, 1, df / 2, logX, logRest);
    return below + (even + Math.signum(delta) * odd) / 2;
  }

  /** P(F at most f), with noncentrality {@code lambda}. */
  public static double fisher(double f, double df1, double df2, double lambda) {
    if (!(f > 0)) {
      return 0;
    }
    double logX = -StrictMath.log1p(df2 / (df1 * f));
    double logRest = -StrictMath.log1p(df1 * f / df2);
    return betas(lambda / 2, 0, df1 / 2, df2 / 2, logX, logRest);
  }

  /** P(X at most x), with noncentrality {@code lambda}. */
  public static double chiSquare(double x, double df, double lambda) {
    if (!(x > 0)) {
      return 0;
    }
    double mean = lambda / 2;
    double a = df / 2;
    int last = last(mean);
    double part = -Math.expm1(Tails.logChiSquareUpper(x, df + 2.0 * last));
    double sum = 0;
    double logStep = (a + last) * StrictMath.log(x / 2) - x / 2 - Gamma.logGamma(a + last + 1);
    for (int j = last; j >= first(mean); j--) {
      sum += weight(mean, j) * part;
      // P(a - 1) = P(a) + x^(a - 1) e^-x / Gamma(a).
      logStep += StrictMath.log(a + j) - StrictMath.log(x / 2);
      part += StrictMath.exp(logStep);
    }
    return sum;
  }

  /** Sum over j of mean^(j + shift) e^-mean / Gamma(j + shift + 1) times I_x(a + j, b). */
  private static double betas(
      double mean, double shift, double a, double b, double logX, double logRest) {
    int last = last(mean);
    double top = a + last;
    double part = StrictMath.exp(Tails.logIncompleteBeta(top, b, logX, logRest));
    double logStep = Tails.logBetaStep(top, b, logX, logRest);
    double sum = 0;
    for (int j = last; j >= first(mean); j--) {
      sum += weight(mean, j + shift) * part;
      // I(c - 1) = I(c) + x^(c - 1) (1 - x)^b / ((c - 1) B(c - 1, b)), c = a + j.
      logStep += StrictMath.log((a + j) / (a + j + b - 1)) - logX;
      part += StrictMath.exp(logStep);
    }
    return sum;
  }

  private static double weight(double mean, double j) {
    if (mean == 0) {
      return j == 0 ? 1 : 0;
    }
    return StrictMath.exp(j * StrictMath.log(mean) - mean - Gamma.logGamma(j + 1));
  }

  private static int first(double mean) {
    return (int) Math.max(0, mean - REACH * Math.sqrt(mean) - MARGIN);
  }

  private static int last(double mean) {
    return mean == 0 ? 0 : (int) (mean + REACH * Math.sqrt(mean) + MARGIN);
  }

  // ---- limits ----------------------------------------------------------------------------------

  private interface Distribution {
    /** P(statistic at most what was seen) at a noncentrality; falls with it. */
    double at(double noncentrality);
  }

  /** Limits of delta at an observed t, each tail (1 - level) / 2. */
  public static double[] studentLimits(double t, double df, double level) {
    double tail = (1 - level) / 2;
    Distribution distribution = delta -> student(t, df, delta);
    return new double[] {
      invert(distribution, 1 - tail, t, true), invert(distribution, tail, t, true)
    };
  }

  /** Limits of lambda at an observed F, at least 0. */
  public static double[] fisherLimits(double f, double df1, double df2, double level) {
    return limits(lambda -> fisher(f, df1, df2, lambda), df1 * f, level);
  }

  /** Limits of lambda at an observed chi-square, at least 0. */
  public static double[] chiSquareLimits(double x, double df, double level) {
    return limits(lambda -> chiSquare(x, df, lambda), x, level);
  }

  private static double[] limits(Distribution distribution, double start, double level) {
    double tail = (1 - level) / 2;
    return new double[] {
      invert(distribution, 1 - tail, start, false), invert(distribution, tail, start, false)
    };
  }

  private static double invert(
      Distribution distribution, double target, double start, boolean signed) {
    double low = start;
    double high = start;
    for (double step = 1; distribution.at(low) < target; step *= 2) {
      if (!signed && low == 0) {
        return 0;
      }
      low = signed ? low - step : Math.max(0, low - step);
    }
    for (double step = 1; distribution.at(high) > target; step *= 2) {
      high += step;
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      if (distribution.at(middle) > target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low + (high - low) / 2;
  }
}
