package io.tributary.jobs.analysis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Means and sums of squares from exact sums. Only the last step rounds, so two machines agree and
 * nothing cancels.
 */
public final class Exact {
  /** Far more digits than a sum on the grid 2^-120 below 2^86 has before the point and after. */
  private static final MathContext DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);

  private Exact() {}

  /** sum / n, rounded once; 0 if n is 0. */
  public static double mean(BigDecimal sum, long n) {
    return n == 0 ? 0 : sum.divide(BigDecimal.valueOf(n), DIGITS).doubleValue();
  }

  /**
   * Sum of squares about the mean, from squares about a centre: SS_c - n (c - mean)^2.
   *
   * @param squares sum of (x - c)^2
   * @param sum sum of x
   */
  public static BigDecimal squaresAboutMean(
      BigDecimal squares, BigDecimal sum, long n, double centre) {
    if (n == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal count = BigDecimal.valueOf(n);
    BigDecimal off = new BigDecimal(centre).subtract(sum.divide(count, DIGITS));
    BigDecimal about = squares.subtract(count.multiply(off.multiply(off)), DIGITS);
    return about.signum() < 0 ? BigDecimal.ZERO : about;
  }

  /** Sum of squares about another point: SS + n (mean - point)^2. */
  public static BigDecimal squaresAbout(
      BigDecimal squaresAboutMean, BigDecimal sum, long n, BigDecimal point) {
    if (n == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal count = BigDecimal.valueOf(n);
    BigDecimal off = sum.divide(count, DIGITS).subtract(point);
    return squaresAboutMean.add(count.multiply(off.multiply(off)), DIGITS);
  }

  /** sum / n without rounding to a double. */
  public static BigDecimal exactMean(BigDecimal sum, long n) {
    return n == 0 ? BigDecimal.ZERO : sum.divide(BigDecimal.valueOf(n), DIGITS);
  }

  /** a / b to many digits. */
  public static BigDecimal quotient(BigDecimal a, BigDecimal b) {
    return a.divide(b, DIGITS);
  }

  /** a / b, rounded once. */
  public static double ratio(BigDecimal a, BigDecimal b) {
    return a.divide(b, DIGITS).doubleValue();
  }

  /** Variance with n - 1, rounded once. */
  public static double variance(BigDecimal squaresAboutMean, long n) {
    return squaresAboutMean.divide(BigDecimal.valueOf(n - 1), DIGITS).doubleValue();
  }

  /** Square root of a sum of squares, rounded once. */
  public static double root(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.sqrt(DIGITS).doubleValue();
  }

  /** A double at least as great as a bound that sums give; never below a tiny positive number. */
  public static double upperBound(BigDecimal value) {
    return Math.max(Math.nextUp(value.doubleValue() * (1 + 0x1p-40)), 0x1p-60);
  }
}
