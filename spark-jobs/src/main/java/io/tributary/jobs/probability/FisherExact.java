package io.tributary.jobs.probability;

/**
 * Fisher's exact test of a 2 x 2 table: two-sided p-value, conditional maximum likelihood estimate
 * of the odds ratio and its exact limits (Fisher 1935; the definitions are those of R's
 * fisher.test, whose root finder stops at 1e-4, while this one goes on to the last bit).
 *
 * @param pValue two-sided: the tables that are at most as likely as the one seen
 * @param oddsRatio conditional estimate; 0 or infinite at the ends
 * @param low lower limit
 * @param high upper limit, may be infinite
 */
public record FisherExact(double pValue, double oddsRatio, double low, double high) {
  /** R's allowance for rounding when it compares likelihoods. */
  private static final double EQUAL = 1 + 1e-7;

  /** Tables that are gone through; beyond, the chi-square test is as good. */
  public static final long MAX_TABLES = 10_000_000;

  /** Largest |log odds ratio| searched. */
  private static final double FAR = 600;

  /**
   * Tests the table [[a, b], [c, d]].
   *
   * @param level of the limits
   */
  public static FisherExact of(long a, long b, long c, long d, double level) {
    long m = a + c;
    long n = b + d;
    long k = a + b;
    long low = Math.max(0, k - n);
    long high = Math.min(k, m);
    if (high - low >= MAX_TABLES) {
      throw new IllegalArgumentException("more than " + MAX_TABLES + " tables");
    }
    double[] logs = new double[(int) (high - low + 1)];
    for (int i = 0; i < logs.length; i++) {
      long x = low + i;
      logs[i] = logChoose(m, x) + logChoose(n, k - x) - logChoose(m + n, k);
    }
    int seen = (int) (a - low);
    double[] density = density(logs, 0);
    double p = 0;
    for (double value : density) {
      if (value <= density[seen] * EQUAL) {
        p += value;
      }
    }
    double alpha = (1 - level) / 2;
    return new FisherExact(
        Math.min(1, p),
        estimate(logs, seen),
        seen == 0 ? 0 : StrictMath.exp(solve(logs, seen, Tail.UPPER, alpha)),
        seen == logs.length - 1
            ? Double.POSITIVE_INFINITY
            : StrictMath.exp(solve(logs, seen, Tail.LOWER, alpha)));
  }

  private enum Tail {
    /** P(X >= seen), rises with the odds ratio. */
    UPPER,
    /** P(X <= seen), falls with it. */
    LOWER,
    /** Mean, rises with it. */
    MEAN
  }

  private static double estimate(double[] logs, int seen) {
    if (seen == 0) {
      return 0;
    }
    if (seen == logs.length - 1) {
      return Double.POSITIVE_INFINITY;
    }
    return StrictMath.exp(solve(logs, seen, Tail.MEAN, seen));
  }

  /** The log odds ratio at which a tail or the mean equals {@code target}. */
  private static double solve(double[] logs, int seen, Tail tail, double target) {
    double from = -FAR;
    double to = FAR;
    for (int i = 0; i < 200; i++) {
      double middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) {
        break;
      }
      boolean below = value(density(logs, middle), seen, tail) < target;
      if (below == (tail != Tail.LOWER)) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return from + (to - from) / 2;
  }

  private static double value(double[] density, int seen, Tail tail) {
    double sum = 0;
    for (int i = 0; i < density.length; i++) {
      boolean in =
          switch (tail) {
            case UPPER -> i >= seen;
            case LOWER -> i <= seen;
            case MEAN -> true;
          };
      if (in) {
        sum += tail == Tail.MEAN ? i * density[i] : density[i];
      }
    }
    return sum;
  }

  /** Noncentral hypergeometric probabilities at a log odds ratio. */
  private static double[] density(double[] logs, double logRatio) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logs.length; i++) {
      most = Math.max(most, logs[i] + logRatio * i);
    }
    double[] density = new double[logs.length];
    double sum = 0;
    for (int i = 0; i < logs.length; i++) {
      density[i] = StrictMath.exp(logs[i] + logRatio * i - most);
      sum += density[i];
    }
    for (int i = 0; i < logs.length; i++) {
      density[i] /= sum;
    }
    return density;
  }

  private static double logChoose(long n, long k) {
    return LogFactorial.of(n) - LogFactorial.of(k) - LogFactorial.of(n - k);
  }
}
