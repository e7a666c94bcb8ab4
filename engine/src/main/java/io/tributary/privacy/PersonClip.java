package io.tributary.privacy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Bounds what one person can add to a slot, on the grid (PROTOCOL.md 3.1): the person's vector, all
 * rows summed, is clipped in L2 norm, scaled and rounded, and its norm on the grid is checked in
 * whole numbers.
 *
 * @param norm C, greatest L2 norm in the slot's unit; positive and finite
 * @param scaleBits s, as of the slot
 * @param elements d, of the vector; at least 1
 */
public record PersonClip(double norm, int scaleBits, int elements) {
  private static final double SHRINK = 1 - 0x1p-20;

  public PersonClip {
    if (!(norm > 0) || Double.isInfinite(norm) || elements < 1) {
      throw new IllegalArgumentException("norm=" + norm + " elements=" + elements);
    }
  }

  /** Delta = ceil(C 2^s + sqrt(d) / 2), in grid units: the sensitivity, one person more or less. */
  public BigInteger sensitivity() {
    BigDecimal scaled = new BigDecimal(norm);
    BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(scaleBits)));
    BigDecimal grid =
        scaleBits >= 0 ? scaled.multiply(power) : scaled.divide(power, 1100, RoundingMode.CEILING);
    BigDecimal rounding = new BigDecimal(Math.nextUp(StrictMath.sqrt(elements)) / 2);
    return grid.add(rounding).setScale(0, RoundingMode.CEILING).toBigInteger();
  }

  /** Whether a vector [d] has to be shortened; sites count that for themselves. */
  public boolean clips(double[] person) {
    return lengthOf(person) > norm;
  }

  /**
   * The person's vector on the grid, [d]; its L2 norm is at most {@link #sensitivity}.
   *
   * @param person finite numbers, in the slot's unit, all rows of the person added, [d]
   */
  public long[] onGrid(double[] person) {
    long[] grid = new long[elements];
    rounding().onGrid(person, grid);
    return grid;
  }

  /** Puts many persons' vectors on the grid. */
  public Rounding rounding() {
    return new Rounding(this);
  }

  /** A clip with what all persons' vectors need computed once. */
  public static final class Rounding {
    private final PersonClip clip;
    private final BigInteger most;
    private final boolean narrow;

    private Rounding(PersonClip clip) {
      this.clip = clip;
      BigInteger limit = clip.sensitivity();
      this.most = limit.multiply(limit);
      // An element is at most limit + 1, so that a square and the sum before it fit into a word.
      this.narrow = limit.bitLength() < 31;
    }

    /**
     * As {@link PersonClip#onGrid(double[])}.
     *
     * @param grid receives the vector, [d]
     */
    public void onGrid(double[] person, long[] grid) {
      if (person.length != clip.elements) {
        throw new IllegalArgumentException(
            "elements=" + person.length + ", expected " + clip.elements);
      }
      double length = lengthOf(person);
      if (Double.isNaN(length)) {
        throw new IllegalArgumentException("a person's vector is not finite");
      }
      double factor = length > clip.norm ? clip.norm / length : 1;
      while (true) {
        for (int i = 0; i < grid.length; i++) {
          grid[i] = (long) Math.rint(Math.scalb(person[i] * factor, clip.scaleBits));
        }
        if (narrow ? isShort(grid) : isShortInWholeNumbers(grid)) {
          return;
        }
        factor *= SHRINK;
      }
    }

    private boolean isShort(long[] grid) {
      long limit = most.longValue();
      long squares = 0;
      for (long element : grid) {
        squares += element * element;
        if (squares > limit) {
          return false;
        }
      }
      return true;
    }

    private boolean isShortInWholeNumbers(long[] grid) {
      BigInteger squares = BigInteger.ZERO;
      for (long element : grid) {
        BigInteger wide = BigInteger.valueOf(element);
        squares = squares.add(wide.multiply(wide));
      }
      return squares.compareTo(most) <= 0;
    }
  }

  /** Infinite or tiny numbers do not spoil it: the largest element is taken out first. */
  private static double lengthOf(double[] person) {
    double largest = 0;
    for (double element : person) {
      if (!Double.isFinite(element)) {
        return Double.NaN;
      }
      largest = Math.max(largest, Math.abs(element));
    }
    if (largest == 0) {
      return 0;
    }
    double sum = 0;
    for (double element : person) {
      sum += (element / largest) * (element / largest);
    }
    return largest * StrictMath.sqrt(sum);
  }
}
