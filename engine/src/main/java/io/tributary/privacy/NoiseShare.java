package io.tributary.privacy;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import java.math.BigInteger;

/**
 * One site's share of a slot's noise (PROTOCOL.md 3.1). The sum over any m_h sites carries at least
 * the variance sigma^2 = Delta^2 / (2 rho), so each adds sigma^2 / m_h, before masking: whoever
 * drops out, and whatever c sites leave out, nobody sees a sum with less.
 *
 * @param sensitivity Delta, L2 sensitivity of the slot in grid units, at least 1
 * @param rho what the slot's sum costs, above 0
 * @param honest m_h = m - c_s, honest sites that are sure to be in the sum, at least 1
 */
public record NoiseShare(BigInteger sensitivity, Rho rho, int honest) {
  /** Least standard deviation of one share, in grid units. */
  public static final int MIN_SIGMA_BITS = 10;

  /** Greatest standard deviation of one share, in grid units. */
  public static final int MAX_SIGMA_BITS = 50;

  /** DP_GRID_TOO_COARSE unless 2^10 <= sigma of one share <= 2^50 grid units. */
  public NoiseShare {
    if (sensitivity.signum() <= 0 || rho.isZero() || honest < 1) {
      throw new IllegalArgumentException("sensitivity, rho and honest sites are positive");
    }
    BigInteger above = sensitivity.multiply(sensitivity).multiply(rho.denominator());
    BigInteger below = rho.numerator().multiply(BigInteger.valueOf(2L * honest));
    boolean coarse = above.compareTo(below.shiftLeft(2 * MIN_SIGMA_BITS)) < 0;
    boolean large = above.compareTo(below.shiftLeft(2 * MAX_SIGMA_BITS)) > 0;
    if (coarse || large) {
      throw Errors.protocol(
          ErrorCode.DP_GRID_TOO_COARSE,
          "The noise of one site is less than 2^10 or more than 2^50 steps of a slot's grid.",
          "On a coarse grid the sum of the sites' noises is not close enough to a Gaussian.",
          "Take another scale, a cost rho between, or fewer colluding sites.");
    }
  }

  /** Numerator of the variance of one share, in grid units squared. */
  public BigInteger varianceNumerator() {
    return sensitivity.multiply(sensitivity).multiply(rho.denominator());
  }

  /** Denominator of the variance of one share. */
  public BigInteger varianceDenominator() {
    return rho.numerator().multiply(BigInteger.valueOf(2L * honest));
  }

  /** Variance of a sum over {@code sites} contributors, in grid units squared; for intervals. */
  public double varianceOfSum(int sites) {
    return varianceNumerator().doubleValue() / varianceDenominator().doubleValue() * sites;
  }

  /**
   * Adds the share to narrow elements, each by itself, wrapping at 2^64 as masked words do.
   *
   * @param words plaintext words of a frame
   * @param from first element of the slot
   * @param elements how many
   * @param random the step's noise stream, read in order: the same stream adds the same noise
   */
  public void addTo(long[] words, int from, int elements, RandomWords random) {
    DiscreteGaussian sampler =
        new DiscreteGaussian(varianceNumerator(), varianceDenominator(), random);
    for (int i = from; i < from + elements; i++) {
      words[i] += sampler.next().longValue();
    }
  }

  /**
   * Least scale at which a slot's shares are fine enough: the grid of a count, too, is finer than
   * one person.
   *
   * @param norm L2 bound of one person in the slot's unit
   * @param elements of the slot
   */
  public static int scaleBits(double norm, int elements, Rho rho, int honest) {
    double wanted = MIN_SIGMA_BITS + Math.getExponent(2 * rho.ceiling() * honest) / 2.0;
    int least = (int) Math.floor(wanted) - 2;
    int clip = Math.getExponent(norm) + 1;
    for (int bits = least - clip; bits <= Math.max(least, 40) - clip + 60; bits++) {
      BigInteger delta = new PersonClip(norm, bits, elements).sensitivity();
      BigInteger above = delta.multiply(delta).multiply(rho.denominator());
      BigInteger below = rho.numerator().multiply(BigInteger.valueOf(2L * honest));
      // The rounding's share of Delta does not help: the clip alone has to fill the grid.
      boolean fine = above.compareTo(below.shiftLeft(2 * MIN_SIGMA_BITS)) >= 0;
      if (fine && Math.scalb(norm, bits) >= StrictMath.sqrt(elements)) {
        return bits;
      }
    }
    throw new IllegalArgumentException("norm=" + norm);
  }
}
