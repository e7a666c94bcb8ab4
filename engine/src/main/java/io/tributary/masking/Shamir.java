package io.tributary.masking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Shamir sharing of 32-byte seeds over F_p, p = 2^61 - 1 (PROTOCOL.md 2.6).
 *
 * <p>The secret is a 256-bit little-endian integer in limbs of 52, 52, 52, 52 and 48 bits, each the
 * constant term of its own polynomial of degree k - 1. The share of roster index i is the five
 * values at x = i + 1:
 *
 * <pre>
 *   bytes 8l .. 8l+7    u64 little-endian, limb l, below p;  l = 0 .. 4, 40 bytes in all
 * </pre>
 *
 * Arithmetic on secrets has no branch and no table look-up; only indices and counts, which are
 * public, steer it.
 */
public final class Shamir {
  /** Length of a share. */
  public static final int SHARE_BYTES = 40;

  static final long P = (1L << 61) - 1;
  static final int LIMBS = 5;

  private static final int LIMB_BITS = 52;
  private static final long LIMB_MASK = (1L << LIMB_BITS) - 1;
  private static final int TOP_LIMB_BITS = 48;

  private Shamir() {}

  /**
   * Deals a secret to every roster index.
   *
   * @param threshold k, shares that rebuild
   * @param sites n
   * @param coefficientKey key of the stream the coefficients are drawn from: for each limb in turn
   *     those of x^1 .. x^(k-1), each the low 61 bits of a word, a word that gives p itself skipped
   * @return [n][40]
   */
  public static byte[][] deal(Secret32 secret, int threshold, int sites, Secret32 coefficientKey) {
    if (threshold < 1 || threshold > sites) {
      throw new IllegalArgumentException("threshold=" + threshold + " sites=" + sites);
    }
    long[] limbs = limbs(secret.raw());
    long[] polynomial = new long[threshold];
    long[][] values = new long[sites][LIMBS];
    KeyStream stream = KeyStream.of(coefficientKey);
    for (int limb = 0; limb < LIMBS; limb++) {
      polynomial[0] = limbs[limb];
      for (int degree = 1; degree < threshold; degree++) {
        polynomial[degree] = coefficient(stream);
      }
      for (int i = 0; i < sites; i++) {
        values[i][limb] = evaluate(polynomial, i + 1L);
      }
    }
    stream.erase();
    Arrays.fill(limbs, 0);
    Arrays.fill(polynomial, 0);
    byte[][] shares = new byte[sites][];
    for (int i = 0; i < sites; i++) {
      shares[i] = bytes(values[i]);
      Arrays.fill(values[i], 0);
    }
    return shares;
  }

  /** Whether these are 40 bytes of five values below p. */
  public static boolean isShare(byte[] share) {
    if (share.length != SHARE_BYTES) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(share).order(ByteOrder.LITTLE_ENDIAN);
    long outside = 0;
    for (int limb = 0; limb < LIMBS; limb++) {
      long value = in.getLong();
      // Non-zero high bits, or a borrow-free subtraction of p, mean value >= p.
      outside |= (value >>> 61) | (~(value - P) >>> 63);
    }
    return outside == 0;
  }

  /**
   * Rebuilds a secret from the shares of the {@code threshold} lowest indices given.
   *
   * @param indices roster indices, each once, in any order; at least {@code threshold}
   * @param shares share of {@code indices[i]}, as {@link #isShare} allows
   * @return empty if the limbs are out of range: a share was wrong. A result still has to meet its
   *     commitment.
   */
  public static Optional<Secret32> rebuild(int[] indices, byte[][] shares, int threshold) {
    if (indices.length != shares.length || indices.length < threshold) {
      throw new IllegalArgumentException(
          "indices=%d shares=%d threshold=%d".formatted(indices.length, shares.length, threshold));
    }
    int[] lowest = Arrays.copyOf(sorted(indices), threshold);
    byte[][] chosen = new byte[threshold][];
    for (int i = 0; i < indices.length; i++) {
      int at = Arrays.binarySearch(lowest, indices[i]);
      if (at >= 0) {
        chosen[at] = shares[i];
      }
    }
    return basis(lowest).rebuild(chosen);
  }

  private static int[] sorted(int[] indices) {
    int[] sorted = indices.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** The Lagrange coefficients for one set of indices, to rebuild many secrets from. */
  public static Basis basis(int... indices) {
    int[] sorted = sorted(indices);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] < 0 || (i > 0 && sorted[i] == sorted[i - 1])) {
        throw new IllegalArgumentException("index negative or twice: " + sorted[i]);
      }
    }
    long[] weights = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      long above = 1;
      long below = 1;
      for (int j = 0; j < indices.length; j++) {
        if (j != i) {
          above = multiply(above, indices[j] + 1L);
          below = multiply(below, subtract(indices[j] + 1L, indices[i] + 1L));
        }
      }
      weights[i] = multiply(above, inverse(below));
    }
    return new Basis(weights);
  }

  /** weight_i = prod_{j != i} x_j / (x_j - x_i): the secret is the weighted sum of the shares. */
  public static final class Basis {
    private final long[] weights;

    private Basis(long[] weights) {
      this.weights = weights;
    }

    /**
     * Rebuilds one secret.
     *
     * @param shares one for each index, in the order the indices were given
     * @return empty if the limbs are out of range
     */
    public Optional<Secret32> rebuild(byte[][] shares) {
      if (shares.length != weights.length) {
        throw new IllegalArgumentException(
            "shares=" + shares.length + " indices=" + weights.length);
      }
      long[] limbs = new long[LIMBS];
      for (int i = 0; i < shares.length; i++) {
        if (!isShare(shares[i])) {
          throw new IllegalArgumentException("share " + i + " is not below p");
        }
        ByteBuffer in = ByteBuffer.wrap(shares[i]).order(ByteOrder.LITTLE_ENDIAN);
        for (int limb = 0; limb < LIMBS; limb++) {
          limbs[limb] = add(limbs[limb], multiply(weights[i], in.getLong()));
        }
      }
      return secret(limbs);
    }
  }

  private static Optional<Secret32> secret(long[] limbs) {
    long outside = limbs[LIMBS - 1] >>> TOP_LIMB_BITS;
    for (int limb = 0; limb < LIMBS - 1; limb++) {
      outside |= limbs[limb] >>> LIMB_BITS;
    }
    byte[] value = new byte[Secret32.BYTES];
    // Limb l begins at bit 52 l; 52 bits span at most 7 bytes and two limbs meet inside a byte.
    for (int limb = 0; limb < LIMBS; limb++) {
      int bit = LIMB_BITS * limb;
      long shifted = limbs[limb] << (bit % 8);
      for (int b = 0; b < 7 && bit / 8 + b < value.length; b++) {
        int at = bit / 8 + b;
        value[at] = (byte) (value[at] | shifted >>> (8 * b));
      }
    }
    Arrays.fill(limbs, 0);
    Secret32 secret = Secret32.take(value);
    if (outside != 0) {
      secret.destroy();
      return Optional.empty();
    }
    return Optional.of(secret);
  }

  static long[] limbs(byte[] secret) {
    ByteBuffer in = ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN);
    long[] w = {in.getLong(), in.getLong(), in.getLong(), in.getLong()};
    long[] limbs = {
      w[0] & LIMB_MASK,
      (w[0] >>> 52 | w[1] << 12) & LIMB_MASK,
      (w[1] >>> 40 | w[2] << 24) & LIMB_MASK,
      (w[2] >>> 28 | w[3] << 36) & LIMB_MASK,
      w[3] >>> 16
    };
    Arrays.fill(w, 0);
    return limbs;
  }

  private static byte[] bytes(long[] values) {
    byte[] share = new byte[SHARE_BYTES];
    ByteBuffer.wrap(share).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return share;
  }

  /** Uniform in 0 .. p - 1; a second draw has probability 2^-61. */
  private static long coefficient(KeyStream stream) {
    long value = stream.nextWord() & P;
    while (value == P) {
      value = stream.nextWord() & P;
    }
    return value;
  }

  /** Horner's rule; polynomial[0] is the constant term. */
  static long evaluate(long[] polynomial, long x) {
    long value = 0;
    for (int degree = polynomial.length - 1; degree >= 0; degree--) {
      value = add(multiply(value, x), polynomial[degree]);
    }
    return value;
  }

  /** a + b mod p, for a, b below p. */
  static long add(long a, long b) {
    return reduceOnce(a + b);
  }

  /** a - b mod p, for a, b below p. */
  static long subtract(long a, long b) {
    long difference = a - b;
    return difference + (P & (difference >> 63));
  }

  /**
   * a b mod p, for a, b below p: with a b = h 2^61 + l the product is h + l mod p, and h + l is
   * below 2p since a b is at most (p - 1)^2.
   */
  static long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return reduceOnce((low & P) + (high << 3 | low >>> 61));
  }

  /** Subtracts p from a value in 0 .. 2p - 1 if it is at least p, without a branch. */
  private static long reduceOnce(long value) {
    long reduced = value - P;
    return reduced + (P & (reduced >> 63));
  }

  /** a^(p - 2) by Fermat; a is public here, a difference of indices. */
  static long inverse(long a) {
    long result = 1;
    long power = a;
    for (long exponent = P - 2; exponent != 0; exponent >>>= 1) {
      if ((exponent & 1) != 0) {
        result = multiply(result, power);
      }
      power = multiply(power, power);
    }
    return result;
  }
}
