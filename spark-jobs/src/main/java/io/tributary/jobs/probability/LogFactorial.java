package io.tributary.jobs.probability;

/** Logarithms of factorials, and of the poisson density where it peaks. */
public final class LogFactorial {
  private static final double HALF_LOG_2PI = 0.9189385332046728;
  private static final int TABLE = 128;
  private static final double[] LOGS = new double[TABLE];

  static {
    // 0! to 20! are whole numbers below 2^63; beyond, one logarithm is added a step.
    long factorial = 1;
    for (int n = 1; n < TABLE; n++) {
      if (n <= 20) {
        factorial *= n;
        LOGS[n] = StrictMath.log((double) factorial);
      } else {
        LOGS[n] = stirling(n) + n * StrictMath.log(n) - n;
      }
    }
  }

  private LogFactorial() {}

  /** log n!, n at least 0. */
  public static double of(long n) {
    return n < TABLE ? LOGS[(int) n] : stirling((double) n) + n * StrictMath.log((double) n) - n;
  }

  /** y log y - y - log y!: the log-likelihood of one count at its own mean. */
  public static double saturatedPoisson(long y) {
    if (y == 0) {
      return 0;
    }
    return y < 21 ? y * StrictMath.log((double) y) - y - LOGS[(int) y] : -stirling((double) y);
  }

  /**
   * a log a - a - log Gamma(a): the log-density of a gamma variable of shape a and scale 1 / a at
   * 1, which is its mean; a above 0.
   */
  public static double gammaPeak(double a) {
    // Gamma(a) = Gamma(a + k + 1) / (a (a + 1) ... (a + k)), so that Stirling's series holds.
    double product = 0;
    double x = a;
    while (x < 32) {
      product += StrictMath.log(x);
      x++;
    }
    if (x == a) {
      return StrictMath.log(a) - stirling(a);
    }
    double logGamma = stirling(x) + x * StrictMath.log(x) - x - StrictMath.log(x) - product;
    return a * StrictMath.log(a) - a - logGamma;
  }

  /**
   * log x! - (x log x - x) for x of at least 16: half of log(2 pi x) and Stirling's series
   * (Abramowitz and Stegun 6.1.41); the first term left out is below 1e-17.
   */
  private static double stirling(double x) {
    double square = x * x;
    double series =
        (1.0 / 12
                - (1.0 / 360
                        - (1.0 / 1260
                                - (1.0 / 1680 - (1.0 / 1188 - 691.0 / 360360 / square) / square)
                                    / square)
                            / square)
                    / square)
            / x;
    return HALF_LOG_2PI + 0.5 * StrictMath.log(x) + series;
  }
}
