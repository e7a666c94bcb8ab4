package io.tributary.jobs.probability;

/**
 * Logarithm of theta (theta + 1) ... (theta + y - 1) / theta^y with its first two derivatives: what
 * Gamma(theta + y) / Gamma(theta) comes to in likelihoods, without the cancellation of large theta.
 */
public final class RisingFactorial {
  /** Doubles that {@link #evaluate} fills. */
  public static final int OUT = 3;

  /** From here on the asymptotic series have terms below 1e-17. */
  private static final double LARGE = 32;

  private RisingFactorial() {}

  /**
   * Sums over k = 0 .. y - 1, term by term up to 32 and from there as differences of the asymptotic
   * series of log Gamma, digamma and trigamma (Abramowitz and Stegun 6.1.41, 6.3.18, 6.4.12).
   *
   * @param theta above 0
   * @param y a whole number of at least 0
   * @param out receives the sums of log(1 + k / theta), theta / (theta + k) and theta^2 / (theta +
   *     k)^2
   */
  public static void evaluate(double theta, double y, double[] out) {
    double logs = 0;
    double ratios = 0;
    double squares = 0;
    double k = 0;
    while (k < y && theta + k < LARGE) {
      double ratio = theta / (theta + k);
      logs += StrictMath.log1p(k / theta);
      ratios += ratio;
      squares += ratio * ratio;
      k++;
    }
    if (k < y) {
      double a = theta + k;
      double b = theta + y;
      double m = y - k;
      double log = StrictMath.log1p(m / a);
      logs += (a - 0.5) * log + m * StrictMath.log1p(y / theta) - m + (logGamma(b) - logGamma(a));
      ratios += theta * (log + (digamma(b) - digamma(a)));
      squares += theta * theta * (m / a / b + (trigamma(a) - trigamma(b)));
    }
    out[0] = logs;
    out[1] = ratios;
    out[2] = squares;
  }

  /** log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2). */
  private static double logGamma(double x) {
    double q = 1 / (x * x);
    return (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q / 1680))) / x;
  }

  /** digamma(x) - log x. */
  private static double digamma(double x) {
    double q = 1 / (x * x);
    return -0.5 / x - q * (1.0 / 12 - q * (1.0 / 120 - q * (1.0 / 252 - q / 240)));
  }

  /** trigamma(x) - 1 / x. */
  private static double trigamma(double x) {
    double q = 1 / (x * x);
    return 0.5 * q + q / x * (1.0 / 6 - q * (1.0 / 30 - q * (1.0 / 42 - q / 30)));
  }
}
