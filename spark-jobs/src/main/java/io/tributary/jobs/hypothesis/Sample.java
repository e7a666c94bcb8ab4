package io.tributary.jobs.hypothesis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/**
 * A group's size, mean and sum of squares about the mean. Nothing is rounded to a double before a
 * difference is taken, so values about 1e9 lose no digits.
 *
 * @param n persons, at least 2
 * @param mean in the column's unit
 * @param squares about the mean
 */
public record Sample(long n, BigDecimal mean, BigDecimal squares) {
  private static final MathContext DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);

  /** Variance with n - 1. */
  public double variance() {
    return squares.divide(BigDecimal.valueOf(n - 1), DIGITS).doubleValue();
  }

  public double sd() {
    return StrictMath.sqrt(variance());
  }

  /** This mean less another, rounded once. */
  public double minus(BigDecimal other) {
    return mean.subtract(other).doubleValue();
  }

  /** All groups as one. */
  public static Sample all(List<Sample> groups) {
    long n = 0;
    BigDecimal sum = BigDecimal.ZERO;
    for (Sample group : groups) {
      n += group.n;
      sum = sum.add(group.mean.multiply(BigDecimal.valueOf(group.n)));
    }
    BigDecimal mean = sum.divide(BigDecimal.valueOf(n), DIGITS);
    BigDecimal squares = BigDecimal.ZERO;
    for (Sample group : groups) {
      BigDecimal off = group.mean.subtract(mean);
      squares =
          squares
              .add(group.squares)
              .add(off.multiply(off).multiply(BigDecimal.valueOf(group.n)), DIGITS);
    }
    return new Sample(n, mean, squares);
  }
}
