package io.tributary.jobs.genomics;

import java.util.ArrayList;
import java.util.List;

/**
 * Quantiles of many -log10 p against those of uniform p. The numbers are not kept: they are counted
 * in bins of 0.4 % width, and a bin is one point, at its least number and its middle rank.
 */
public final class QuantilePlot {
  /** Exponent and eight bits of the mantissa. */
  private static final int SHIFT = 44;

  private static final int BINS = 1 << (63 - SHIFT);
  private static final int POINTS_A_DECADE = 100;

  private final int[] counts = new int[BINS];
  private long size;

  /**
   * One point.
   *
   * @param expected -log10 of rank / (n + 1)
   */
  public record Point(double expected, double observed) {}

  /** One more -log10 p, at least 0 and finite. */
  public void add(double value) {
    counts[bin(value)]++;
    size++;
  }

  private static int bin(double value) {
    return (int) (Double.doubleToRawLongBits(value + 0.0) >>> SHIFT);
  }

  private static double edge(int bin) {
    return Double.longBitsToDouble((long) bin << SHIFT);
  }

  /** A bound that the number of this rank, 0 for the least, reaches. */
  public double least(long rank) {
    return edge(binOf(rank));
  }

  /** A bound that the number of this rank stays below. */
  public double most(long rank) {
    return edge(binOf(rank) + 1);
  }

  /** Numbers below a bound that {@link #least} gave. */
  public long below(double bound) {
    long before = 0;
    for (int bin = 0; bin < bin(bound); bin++) {
      before += counts[bin];
    }
    return before;
  }

  private int binOf(long rank) {
    long before = 0;
    for (int bin = 0; bin < BINS; bin++) {
      before += counts[bin];
      if (before > rank) {
        return bin;
      }
    }
    throw new IndexOutOfBoundsException("rank " + rank + " of " + size);
  }

  /** Points from the smallest p on; where they lie close, some are left out. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    long smaller = 0;
    double last = Double.POSITIVE_INFINITY;
    for (int bin = BINS - 1; bin >= 0; bin--) {
      if (counts[bin] == 0) {
        continue;
      }
      double rank = smaller + (counts[bin] + 1) / 2.0;
      double expected = -StrictMath.log10(rank / (size + 1.0));
      smaller += counts[bin];
      if (last - expected >= 1.0 / POINTS_A_DECADE) {
        points.add(new Point(expected, edge(bin)));
        last = expected;
      }
    }
    return points;
  }

  /** Where the line of equal quantiles ends. */
  public double greatestExpected() {
    return StrictMath.log10(size + 1.0);
  }
}
