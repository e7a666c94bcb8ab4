package io.tributary.jobs.probability;

import java.util.function.DoubleUnaryOperator;

/** Confidence limits of counts that hold for every number of events. */
public final class ExactIntervals {
  private ExactIntervals() {}

  /** Two limits. */
  public record Limits(double low, double high) {}

  /**
   * Limits of the mean of a Poisson count (Garwood 1936), by chi-square quantiles.
   *
   * @param count events, 0 or more
   * @param level of confidence, between 0 and 1
   */
  public static Limits poisson(long count, double level) {
    double tail = (1 - level) / 2;
    return new Limits(
        count == 0 ? 0 : chiSquareQuantile(tail, 2.0 * count) / 2,
        chiSquareQuantile(1 - tail, 2.0 * count + 2) / 2);
  }

  /**
   * Limits of a weighted sum of Poisson counts, by gamma distributions with its mean and variance
   * (Fay and Feuer 1997, equation 11).
   *
   * @param sum the weighted sum, above 0
   * @param variance sum of squared weights times counts
   * @param most greatest weight
   */
  public static Limits weightedPoisson(double sum, double variance, double most, double level) {
    double tail = (1 - level) / 2;
    double above = sum + most;
    double spread = variance + most * most;
    return new Limits(
        variance / (2 * sum) * chiSquareQuantile(tail, 2 * sum * sum / variance),
        spread / (2 * above) * chiSquareQuantile(1 - tail, 2 * above * above / spread));
  }

  /**
   * Limits of a proportion (Clopper and Pearson 1934).
   *
   * @param count of {@code n}, 0 to n
   */
  public static Limits binomial(long count, long n, double level) {
    double tail = (1 - level) / 2;
    double low =
        count == 0 ? 0 : betaQuantile(StrictMath.log1p(-tail), 2.0 * count, 2.0 * (n - count + 1));
    double high =
        count == n ? 1 : betaQuantile(StrictMath.log(tail), 2.0 * (count + 1), 2.0 * (n - count));
    return new Limits(low, high);
  }

  /** Limits of a proportion by the score test (Wilson 1927). */
  public static Limits wilson(long count, long n, double level) {
    double z = Tails.normalQuantile(level);
    double share = count / (double) n;
    double middle = share + z * z / (2.0 * n);
    double half = z * StrictMath.sqrt(share * (1 - share) / n + z * z / (4.0 * n * n));
    double scale = 1 + z * z / n;
    return new Limits(
        count == 0 ? 0 : (middle - half) / scale, count == n ? 1 : (middle + half) / scale);
  }

  /** x with P(X &lt;= x) = probability, {@code df} degrees of freedom, not only whole ones. */
  public static double chiSquareQuantile(double probability, double df) {
    double target = StrictMath.log1p(-probability);
    double high = Math.max(1, df);
    while (Tails.logChiSquareUpper(high, df) > target) {
      high *= 2;
    }
    return descend(x -> Tails.logChiSquareUpper(x, df), target, 0, high);
  }

  /** p with log P(F &gt; f) = target, where p = df1 f / (df1 f + df2) is beta distributed. */
  private static double betaQuantile(double target, double df1, double df2) {
    return descend(p -> Tails.logFisherUpper(p * df2 / ((1 - p) * df1), df1, df2), target, 0, 1);
  }

  /** Where a descending function passes a target, by bisection. */
  private static double descend(
      DoubleUnaryOperator function, double target, double low, double high) {
    double from = low;
    double to = high;
    for (int i = 0; i < 2000; i++) {
      double middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) {
        break;
      }
      if (function.applyAsDouble(middle) > target) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return to;
  }
}
