package io.tributary.jobs.probability;

import org.apache.commons.math3.special.Beta;
import org.apache.commons.math3.special.Gamma;

/**
 * Natural logarithms of upper tail probabilities, accurate to about 1e-13 relative in the
 * probability wherever that is a double, and in the logarithm far beyond.
 */
public final class Tails {
  private static final double LOG_SQRT_2PI = 0.9189385332046728;
  private static final double LOG_10 = 2.302585092994046;
  private static final double LOG_2 = 0.6931471805599453;
  private static final int MAX_TERMS = 100_000;
  private static final double TINY = 1e-300;

  private Tails() {}

  /** log P(|Z| > |z|), Z standard normal. */
  public static double logNormalTwoSided(double z) {
    return LOG_2 + logNormalUpper(Math.abs(z));
  }

  /**
   * log P(Z > z) for z of at least 0. Below 2.5 by the series of the distribution function, above
   * by Laplace's continued fraction of Mills' ratio (Abramowitz and Stegun 26.2.11 and 26.2.14).
   */
  public static double logNormalUpper(double z) {
    if (z < 2.5) {
      double term = z;
      double sum = z;
      for (int k = 1; k < MAX_TERMS && term > sum * 1e-18; k++) {
        term *= z * z / (2 * k + 1);
        sum += term;
      }
      return StrictMath.log(0.5 - sum * StrictMath.exp(-z * z / 2 - LOG_SQRT_2PI));
    }
    // z + 1/(z + 2/(z + 3/(z + ...))), from the far end; the number of terms that 1e-17 needs falls
    // with z^2.
    int terms = (int) Math.min(2000, 60 + 3000 / (z * z));
    double fraction = z;
    for (int k = terms; k >= 1; k--) {
      fraction = z + k / fraction;
    }
    return -z * z / 2 - LOG_SQRT_2PI - StrictMath.log(fraction);
  }

  /**
   * log P(|T| > |t|) of Student's t with {@code df} degrees of freedom: the incomplete beta
   * function I_x(df/2, 1/2) at x = df / (df + t^2) (Abramowitz and Stegun 26.7.1).
   */
  public static double logStudentTwoSided(double t, double df) {
    return Student.of(df).logTwoSided(t);
  }

  /**
   * Student's t distribution of many statistics.
   *
   * @param df degrees of freedom
   * @param logBeta log B(df/2, 1/2)
   */
  public record Student(double df, double logBeta) {
    public static Student of(double df) {
      return new Student(df, Beta.logBeta(df / 2, 0.5));
    }

    /** log P(|T| > |t|). */
    public double logTwoSided(double t) {
      double square = t * t;
      if (square == 0) {
        return 0;
      }
      // log x and log(1 - x) without cancellation for small and for large t^2 / df.
      double logX = -StrictMath.log1p(square / df);
      double logRest = -StrictMath.log1p(df / square);
      return logIncompleteBeta(df / 2, 0.5, logBeta, logX, logRest);
    }
  }

  /** log P(F > f) of the F distribution. */
  public static double logFisherUpper(double f, double df1, double df2) {
    if (!(f > 0)) {
      return 0;
    }
    double logX = -StrictMath.log1p(df1 * f / df2);
    double logRest = -StrictMath.log1p(df2 / (df1 * f));
    return logIncompleteBeta(df2 / 2, df1 / 2, logX, logRest);
  }

  /**
   * log I_x(a, b) by the continued fraction (Press et al., Numerical Recipes, section 6.4, modified
   * Lentz), on the side where it converges.
   */
  static double logIncompleteBeta(double a, double b, double logX, double logRest) {
    return logIncompleteBeta(a, b, Beta.logBeta(a, b), logX, logRest);
  }

  private static double logIncompleteBeta(
      double a, double b, double logBeta, double logX, double logRest) {
    double x = StrictMath.exp(logX);
    double front = a * logX + b * logRest - logBeta;
    if (x < (a + 1) / (a + b + 2)) {
      return front - StrictMath.log(a) + StrictMath.log(betaFraction(a, b, x));
    }
    double other =
        front - StrictMath.log(b) + StrictMath.log(betaFraction(b, a, StrictMath.exp(logRest)));
    return StrictMath.log1p(-StrictMath.exp(other));
  }

  /** log (I_x(a, b) - I_x(a + 1, b)) = log (x^a (1 - x)^b / (a B(a, b))). */
  static double logBetaStep(double a, double b, double logX, double logRest) {
    return a * logX + b * logRest - StrictMath.log(a) - Beta.logBeta(a, b);
  }

  private static double betaFraction(double a, double b, double x) {
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    double h = d;
    for (int m = 1; m < MAX_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 + even * d;
      d = 1 / (Math.abs(d) < TINY ? TINY : d);
      c = 1 + even / c;
      c = Math.abs(c) < TINY ? TINY : c;
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 + odd * d;
      d = 1 / (Math.abs(d) < TINY ? TINY : d);
      c = 1 + odd / c;
      c = Math.abs(c) < TINY ? TINY : c;
      h *= d * c;
      if (Math.abs(d * c - 1) < 1e-16) {
        break;
      }
    }
    return h;
  }

  /**
   * log P(X > x) of chi-square: the incomplete gamma function Q(df/2, x/2), by series below a + 1
   * and by continued fraction above (Press et al., section 6.2).
   */
  public static double logChiSquareUpper(double chiSquare, double df) {
    if (!(chiSquare > 0)) {
      return 0;
    }
    double a = df / 2;
    double x = chiSquare / 2;
    double front = -x + a * StrictMath.log(x) - Gamma.logGamma(a);
    if (x < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int n = 1; n < MAX_TERMS && term > sum * 1e-17; n++) {
        term *= x / (a + n);
        sum += term;
      }
      return StrictMath.log1p(-StrictMath.exp(front + StrictMath.log(sum)));
    }
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i < MAX_TERMS; i++) {
      double an = -i * (i - a);
      b += 2;
      d = an * d + b;
      d = 1 / (Math.abs(d) < TINY ? TINY : d);
      c = b + an / c;
      c = Math.abs(c) < TINY ? TINY : c;
      h *= d * c;
      if (Math.abs(d * c - 1) < 1e-16) {
        break;
      }
    }
    return front + StrictMath.log(h);
  }

  /** z with P(|Z| <= z) = level. */
  public static double normalQuantile(double level) {
    double target = StrictMath.log1p(-level);
    return invert(target, 0, Double.POSITIVE_INFINITY);
  }

  /** t with P(|T| <= t) = level, {@code df} degrees of freedom. */
  public static double studentQuantile(double level, double df) {
    return invert(StrictMath.log1p(-level), 0, df);
  }

  /**
   * Solves log tail(q) = target by bisection on an interval grown from 1; df infinite is normal.
   */
  private static double invert(double target, double low, double df) {
    double high = 1;
    while (tail(high, df) > target && high < 1e150) {
      high *= 2;
    }
    double from = low;
    double to = high;
    for (int i = 0; i < 2000; i++) {
      double middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) {
        break;
      }
      if (tail(middle, df) > target) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return to;
  }

  private static double tail(double q, double df) {
    return Double.isInfinite(df) ? logNormalTwoSided(q) : logStudentTwoSided(q, df);
  }

  /** -log10 of a probability given by its natural logarithm. */
  public static double negativeLog10(double logProbability) {
    return logProbability == 0 ? 0 : -logProbability / LOG_10;
  }
}
