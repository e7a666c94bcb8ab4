package io.tributary.privacy;

import java.math.BigInteger;

/**
 * Exact samples of the discrete Gaussian: integer x with probability proportional to exp(-x^2 / (2
 * sigma^2)), for a rational sigma^2. Rejection from a discrete Laplace, whose coins of probability
 * exp(-gamma) are made from coins of rational probability; whole numbers throughout, so that no
 * rounding shows in a tail or in a low bit (Canonne, Kamath and Steinke 2020, algorithms 1 to 3;
 * Mironov 2012 for what doubles give away).
 *
 * <p>The time of a draw depends on the coins, hence a little on its value: noise is drawn where
 * nobody outside the site can measure it. Not thread-safe.
 */
public final class DiscreteGaussian {
  private static final BigInteger TWO = BigInteger.TWO;
  private static final BigInteger ONE = BigInteger.ONE;

  private final BigInteger numerator;
  private final BigInteger denominator;
  private final BigInteger laplace;
  private final BigInteger exponent;
  private final RandomWords random;

  /**
   * A sampler of one variance.
   *
   * @param numerator of sigma^2, at least 1
   * @param denominator of sigma^2, at least 1
   */
  public DiscreteGaussian(BigInteger numerator, BigInteger denominator, RandomWords random) {
    if (numerator.signum() <= 0 || denominator.signum() <= 0) {
      throw new IllegalArgumentException("sigma^2 is a positive fraction");
    }
    BigInteger common = numerator.gcd(denominator);
    this.numerator = numerator.divide(common);
    this.denominator = denominator.divide(common);
    // t = floor(sigma) + 1
    this.laplace = this.numerator.divide(this.denominator).sqrt().add(ONE);
    this.exponent =
        TWO.multiply(this.numerator).multiply(this.denominator).multiply(laplace).multiply(laplace);
    this.random = random;
  }

  /** One sample. */
  public BigInteger next() {
    while (true) {
      BigInteger candidate = laplace();
      BigInteger off = candidate.abs().multiply(denominator).multiply(laplace).subtract(numerator);
      if (coinOfExponential(off.multiply(off), exponent)) {
        return candidate;
      }
    }
  }

  /** P(x) proportional to exp(-|x| / t). */
  private BigInteger laplace() {
    while (true) {
      BigInteger fraction = below(laplace);
      if (!coinOfExponential(fraction, laplace)) {
        continue;
      }
      BigInteger whole = BigInteger.ZERO;
      while (coinOfExponential(ONE, ONE)) {
        whole = whole.add(ONE);
      }
      BigInteger size = fraction.add(whole.multiply(laplace));
      boolean negative = below(TWO).signum() == 0;
      if (!negative || size.signum() != 0) {
        return negative ? size.negate() : size;
      }
    }
  }

  /** True with probability exp(-above / below). */
  private boolean coinOfExponential(BigInteger above, BigInteger below) {
    BigInteger[] parts = above.divideAndRemainder(below);
    for (BigInteger i = parts[0]; i.signum() > 0; i = i.subtract(ONE)) {
      if (!coinOfSmallExponential(ONE, ONE)) {
        return false;
      }
    }
    return coinOfSmallExponential(parts[1], below);
  }

  /** As above, for a quotient of at most 1: whether a falling run of coins has even length. */
  private boolean coinOfSmallExponential(BigInteger above, BigInteger below) {
    int run = 1;
    while (below(below.multiply(BigInteger.valueOf(run))).compareTo(above) < 0) {
      run++;
    }
    return run % 2 == 1;
  }

  /** Uniform in 0 .. limit - 1, by rejection. */
  private BigInteger below(BigInteger limit) {
    int bits = limit.subtract(ONE).bitLength();
    if (bits == 0) {
      return BigInteger.ZERO;
    }
    while (true) {
      byte[] bytes = new byte[(bits + 7) / 8];
      long word = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (i % Long.BYTES == 0) {
          word = random.next();
        }
        bytes[i] = (byte) word;
        word >>>= 8;
      }
      int spare = 8 * bytes.length - bits;
      bytes[0] = (byte) ((bytes[0] & 0xFF) >>> spare);
      BigInteger value = new BigInteger(1, bytes);
      if (value.compareTo(limit) < 0) {
        return value;
      }
    }
  }

  @Override
  public String toString() {
    return "DiscreteGaussian[variance=" + numerator + "/" + denominator + "]";
  }
}
