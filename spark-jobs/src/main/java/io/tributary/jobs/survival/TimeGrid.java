package io.tributary.jobs.survival;

import java.io.Serializable;

/**
 * A public grid of times: 0, step, 2 step .. points x step, where step = multiple / 10^decimals. A
 * time is put on the next grid point at or after it, an entry on the one at or before it, so that
 * nobody leaves the risk sets who was in them; a time that is a grid point stays what it is.
 *
 * @param multiple step in units of the last decimal, at least 1
 * @param decimals 0 to {@link #MAX_DECIMALS}
 * @param points index of the last grid point, at least 1
 * @param exact whether every time is known to be a grid point
 */
public record TimeGrid(long multiple, int decimals, int points, boolean exact)
    implements Serializable {
  public static final int MAX_DECIMALS = 9;

  /** Grid points of one curve: 179 years of days. */
  public static final int MAX_POINTS = 1 << 16;

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  public TimeGrid {
    if (multiple < 1
        || multiple > 1L << 40
        || decimals < 0
        || decimals > MAX_DECIMALS
        || points < 1
        || points > MAX_POINTS) {
      throw new IllegalArgumentException(
          "multiple=" + multiple + " decimals=" + decimals + " points=" + points);
    }
  }

  /** Whether a time is a whole number over 10^decimals, to the nearest double. */
  public static boolean isDecimal(double time, int decimals) {
    double scaled = Math.rint(time * POWERS[decimals]);
    return scaled <= 0x1p53 && scaled / POWERS[decimals] == time;
  }

  /**
   * The grid for times up to {@code most}: of the given step.
   *
   * @param step positive; a number of at most nine decimals
   * @return null if the step has more decimals, or the grid more than {@code limit} points
   */
  public static TimeGrid ofStep(double step, double most, int limit, boolean exact) {
    for (int decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
      if (isDecimal(step, decimals)) {
        double multiple = Math.rint(step * POWERS[decimals]);
        double points = Math.max(1, Math.ceil(most * POWERS[decimals] / multiple));
        return points <= limit && multiple >= 1 && multiple <= 0x1p40
            ? new TimeGrid((long) multiple, decimals, (int) points, exact)
            : null;
      }
    }
    return null;
  }

  /** The finest grid of step 1, 2 or 5 times a power of ten with at most {@code limit} points. */
  public static TimeGrid coarse(double most, int limit) {
    for (int power = -MAX_DECIMALS; power <= 11; power++) {
      for (int digit : new int[] {1, 2, 5}) {
        int decimals = Math.max(0, -power);
        long multiple = digit * Math.round(StrictMath.pow(10, Math.max(0, power)));
        double points = Math.max(1, Math.ceil(most * POWERS[decimals] / (double) multiple));
        if (points <= limit) {
          return new TimeGrid(multiple, decimals, (int) points, false);
        }
      }
    }
    throw new IllegalArgumentException("most=" + most);
  }

  /** Time of a grid point. */
  public double time(int index) {
    return (double) (index * multiple) / POWERS[decimals];
  }

  /** Distance of two grid points. */
  public double step() {
    return (double) multiple / POWERS[decimals];
  }

  /** Grid point at or after a time; beyond {@link #points} for a time that is beyond the grid. */
  public int exit(double time) {
    return (int) Math.min(points + 1.0, Math.ceil(units(time) / (double) multiple));
  }

  /** Grid point at or before a time. */
  public int entry(double time) {
    return (int) Math.min(points + 1.0, Math.floor(units(time) / (double) multiple));
  }

  /** A time in units of the last decimal; a whole number if it is one. */
  private double units(double time) {
    double scaled = time * POWERS[decimals];
    double near = Math.rint(scaled);
    return near / POWERS[decimals] == time ? near : scaled;
  }

  /** How times stand on the grid, as a sentence. */
  public String sentence() {
    return exact
        ? "Times are exact: every one is a multiple of " + text(step()) + "."
        : "Times are taken to multiples of "
            + text(step())
            + " (ends upwards, entries downwards); times closer than that count as ties.";
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
