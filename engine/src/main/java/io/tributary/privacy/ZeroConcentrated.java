package io.tributary.privacy;

import io.tributary.study.Rho;

/**
 * What a cost rho of zero-concentrated differential privacy is in (epsilon, delta), and back
 * (PROTOCOL.md 3.2).
 */
public final class ZeroConcentrated {
  /** Costs that {@link #rhoFor} gives are multiples of 2^-40. */
  private static final int RHO_BITS = 40;

  private static final long MAX_RHO = 1024;

  private ZeroConcentrated() {}

  /**
   * The proven epsilon: every alpha above 1 gives one, epsilon = alpha rho + log(1 - 1/alpha) -
   * log(delta alpha) / (alpha - 1), and the least of them is taken (Canonne, Kamath and Steinke
   * 2020, proposition 12). For rho 0.1 at delta 1e-6 it is 2.14.
   *
   * @param delta strictly between 0 and 1
   */
  public static double epsilon(Rho rho, double delta) {
    return epsilon(rho.ceiling(), delta);
  }

  private static double epsilon(double rho, double delta) {
    requireDelta(delta);
    if (rho == 0) {
      return 0;
    }
    // The function has one minimum in log(alpha - 1).
    double low = -40;
    double high = 60;
    for (int i = 0; i < 200; i++) {
      double third = (high - low) / 3;
      if (atOrder(rho, delta, low + third) < atOrder(rho, delta, high - third)) {
        high -= third;
      } else {
        low += third;
      }
    }
    return Math.max(0, atOrder(rho, delta, (low + high) / 2)) * (1 + 1e-12);
  }

  private static double atOrder(double rho, double delta, double logExcess) {
    double excess = StrictMath.exp(logExcess);
    double alpha = 1 + excess;
    double logAlpha = StrictMath.log1p(excess);
    return alpha * rho + (logExcess - logAlpha) - (StrictMath.log(delta) + logAlpha) / excess;
  }

  /**
   * The greatest cost, a multiple of 2^-40, whose proven epsilon is at most {@code epsilon}.
   *
   * @throws IllegalArgumentException if there is none above 0
   */
  public static Rho rhoFor(double epsilon, double delta) {
    requireDelta(delta);
    long low = 0;
    long high = MAX_RHO << RHO_BITS;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (epsilon(Math.scalb((double) middle, -RHO_BITS), delta) <= epsilon) {
        low = middle;
      } else {
        high = middle;
      }
    }
    if (low == 0 || !(epsilon > 0)) {
      throw new IllegalArgumentException("no cost is small enough for epsilon " + epsilon);
    }
    return Rho.of(low, 1L << RHO_BITS);
  }

  /**
   * Epsilon by the curve of a Gaussian mechanism of this cost (Balle and Wang 2018, theorem 8).
   * Exact for one continuous Gaussian, so for what is done here it is shown as "about" only: 2.00
   * for rho 0.1 at delta 1e-6.
   */
  public static double aboutEpsilon(Rho rho, double delta) {
    requireDelta(delta);
    double mu = StrictMath.sqrt(2 * rho.ceiling());
    if (mu == 0) {
      return 0;
    }
    double low = 0;
    double high = 1;
    while (gaussianDelta(mu, high) > delta) {
      high *= 2;
    }
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (gaussianDelta(mu, middle) > delta) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static double gaussianDelta(double mu, double epsilon) {
    double lower = epsilon / mu - mu / 2;
    double upper = epsilon / mu + mu / 2;
    return upperTail(lower) - StrictMath.exp(epsilon + StrictMath.log(upperTail(upper)));
  }

  /** P(Z > x): a series about 0, a continued fraction beyond 2.5 (Abramowitz and Stegun 26.2). */
  private static double upperTail(double x) {
    if (x < 0) {
      return 1 - upperTail(-x);
    }
    double density = StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * Math.PI);
    if (x < 2.5) {
      double term = x;
      double sum = x;
      for (int k = 1; k < 100; k++) {
        term *= x * x / (2 * k + 1);
        sum += term;
      }
      return 0.5 - density * sum;
    }
    double fraction = x;
    for (int k = 400; k >= 1; k--) {
      fraction = x + k / fraction;
    }
    return density / fraction;
  }

  private static void requireDelta(double delta) {
    if (!(delta > 0 && delta < 1)) {
      throw new IllegalArgumentException("delta=" + delta);
    }
  }
}
