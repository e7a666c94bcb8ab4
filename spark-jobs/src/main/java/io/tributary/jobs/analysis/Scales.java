package io.tributary.jobs.analysis;

/** Scales of columns inside a fit: powers of two, so that scaling and turning back are exact. */
public final class Scales {
  private Scales() {}

  /**
   * Power of two near a standard deviation; 1 for a column that is constant.
   *
   * @param root of the sum of squares about the mean
   * @param n rows
   */
  public static double powerNear(double root, long n) {
    double sd = root / Math.sqrt((double) Math.max(1, n));
    return sd > 0 && Double.isFinite(sd) ? Math.scalb(1.0, Math.getExponent(sd)) : 1;
  }

  /** A little more than a bound, for roundings on the way, and never zero. */
  public static double above(double bound) {
    return Math.max(bound * (1 + 0x1p-30), 0x1p-30);
  }
}
