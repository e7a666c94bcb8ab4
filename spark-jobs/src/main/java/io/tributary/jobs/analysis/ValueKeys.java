package io.tributary.jobs.analysis;

import java.math.BigDecimal;

/**
 * Values of a column as whole numbers that keep their order, so that a bin can be split down to one
 * value. A column whose values all have few decimals takes {@code rint(x 10^d)}; any other takes
 * the bits of the double, mirrored below zero.
 */
public final class ValueKeys {
  /** Decimals the first round tries, 0 to this. */
  public static final int MAX_DECIMALS = 3;

  /** Decimals of a column that the grids of the first round do not hold. */
  public static final int RAW = -1;

  private static final double[] POWERS = {1, 10, 100, 1000};

  private ValueKeys() {}

  /** Whether {@code x} is a whole number over 10^decimals, and the nearest double to it. */
  public static boolean onGrid(double x, int decimals) {
    double scaled = Math.rint(x * POWERS[decimals]);
    return Math.abs(scaled) <= 0x1p53 && scaled / POWERS[decimals] == x;
  }

  /** Key of a value; of equal order, and different for different values. */
  public static long key(double x, int decimals) {
    if (decimals >= 0) {
      return (long) Math.rint(x * POWERS[decimals]);
    }
    long bits = Double.doubleToRawLongBits(x + 0.0);
    return bits >= 0 ? bits : bits ^ Long.MAX_VALUE;
  }

  /** The value of a key. */
  public static double value(long key, int decimals) {
    if (decimals >= 0) {
      return key / POWERS[decimals];
    }
    return Double.longBitsToDouble(key >= 0 ? key : key ^ Long.MAX_VALUE);
  }

  /** A key no value at least {@code bound} lies below. */
  public static long keyBelow(double bound, int decimals) {
    if (decimals >= 0) {
      return clamp(Math.floor(bound * POWERS[decimals]) - 1);
    }
    return key(Math.nextDown(bound), decimals);
  }

  /** A key no value at most {@code bound} lies above. */
  public static long keyAbove(double bound, int decimals) {
    if (decimals >= 0) {
      return clamp(Math.ceil(bound * POWERS[decimals]) + 1);
    }
    return key(Math.nextUp(bound), decimals);
  }

  private static long clamp(double key) {
    return (long) Math.max(-0x1p54, Math.min(0x1p54, key));
  }

  /**
   * Distance from the mean that no value exceeds: (x - mean)^2 is one term of the sum of squares
   * (Samuelson 1968).
   */
  public static double radius(BigDecimal squaresAboutMean) {
    double root = Exact.root(squaresAboutMean);
    return Math.nextUp(root * (1 + 0x1p-40));
  }
}
