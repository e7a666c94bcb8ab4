package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShamirTest {
  private static final BigInteger P = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);
  private static final long[] EDGES = {0, 1, 2, 1L << 60, Shamir.P - 2, Shamir.P - 1};

  @Test
  void fieldArithmeticAgreesWithBigIntegers() {
    Random numbers = new Random(61);
    for (int i = 0; i < 20_000; i++) {
      long a = i < 36 ? EDGES[i / 6] : numbers.nextLong() & Shamir.P;
      long b = i < 36 ? EDGES[i % 6] : numbers.nextLong() & Shamir.P;
      a = a == Shamir.P ? 0 : a;
      b = b == Shamir.P ? 0 : b;
      BigInteger bigA = BigInteger.valueOf(a);
      BigInteger bigB = BigInteger.valueOf(b);
      assertThat(Shamir.add(a, b)).isEqualTo(bigA.add(bigB).mod(P).longValueExact());
      assertThat(Shamir.subtract(a, b)).isEqualTo(bigA.subtract(bigB).mod(P).longValueExact());
      assertThat(Shamir.multiply(a, b)).isEqualTo(bigA.multiply(bigB).mod(P).longValueExact());
      if (a != 0 && i < 200) {
        assertThat(Shamir.multiply(a, Shamir.inverse(a))).isEqualTo(1);
      }
    }
  }

  @Test
  void limbsAreTheLittleEndianIntegerInPieces() {
    Random numbers = new Random(52);
    for (int i = 0; i < 100; i++) {
      byte[] secret = new byte[32];
      numbers.nextBytes(secret);
      byte[] bigEndian = secret.clone();
      for (int b = 0; b < 32; b++) {
        bigEndian[b] = secret[31 - b];
      }
      BigInteger value = new BigInteger(1, bigEndian);
      long[] limbs = Shamir.limbs(secret);
      for (int limb = 0; limb < 5; limb++) {
        BigInteger expected =
            value.shiftRight(52 * limb).mod(BigInteger.ONE.shiftLeft(limb < 4 ? 52 : 48));
        assertThat(limbs[limb]).isEqualTo(expected.longValueExact());
      }
    }
  }

  /**
   * For k - 1 shares and any secret at all there is exactly one polynomial that deals both: find it
   * and deal with it. Since coefficients are uniform, k - 1 shares say nothing about the secret.
   */
  @Test
  void oneShareTooFewFitsEverySecret() {
    SecureRandom random = new SecureRandom();
    byte[][] shares = Shamir.deal(Secret32.random(random), 4, 6, Secret32.random(random));
    int[] known = {1, 2, 4};
    for (long candidate : EDGES) {
      for (int limb = 0; limb < Shamir.LIMBS; limb++) {
        long[] x = {0, 2, 3, 5};
        long[] y = {candidate, 0, 0, 0};
        for (int i = 0; i < known.length; i++) {
          y[i + 1] = value(shares[known[i]], limb);
        }
        long[] polynomial = through(x, y);
        assertThat(polynomial[0]).isEqualTo(candidate);
        for (int i = 0; i < known.length; i++) {
          assertThat(Shamir.evaluate(polynomial, known[i] + 1L)).isEqualTo(y[i + 1]);
        }
      }
    }
  }

  /**
   * The coefficients are uniform, so a single share is too: each of its bits is set half the time.
   */
  @Test
  void aShareOfAFixedSecretHasBalancedBits() {
    Secret32 secret = Secret32.copyOf(new byte[32]);
    int deals = 4000;
    int[] ones = new int[61];
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < deals; i++) {
      long value = value(Shamir.deal(secret, 2, 2, Secret32.random(random))[1], 0);
      for (int bit = 0; bit < 61; bit++) {
        ones[bit] += (int) (value >>> bit & 1);
      }
    }
    // Six standard deviations of a binomial (4000, 1/2) are 190; 61 bits: failure below 2^-22.
    for (int count : ones) {
      assertThat(count).isBetween(deals / 2 - 190, deals / 2 + 190);
    }
  }

  @Test
  void valuesNotBelowThePrimeAreNoShares() {
    assertThat(Shamir.isShare(new byte[40])).isTrue();
    assertThat(Shamir.isShare(new byte[39])).isFalse();
    for (long value :
        new long[] {Shamir.P, Shamir.P + 1, 1L << 61, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      byte[] share = new byte[40];
      ByteBuffer.wrap(share).order(ByteOrder.LITTLE_ENDIAN).putLong(16, value);
      assertThat(Shamir.isShare(share)).isFalse();
      assertThatThrownBy(() -> Shamir.rebuild(new int[] {0}, new byte[][] {share}, 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void tooFewOrRepeatedIndicesAreRefused() {
    byte[][] shares = {new byte[40], new byte[40]};
    assertThatThrownBy(() -> Shamir.rebuild(new int[] {0, 1}, shares, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shamir.rebuild(new int[] {1, 1}, shares, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Shamir.deal(Secret32.copyOf(new byte[32]), 3, 2, Secret32.copyOf(new byte[32])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long value(byte[] share, int limb) {
    return ByteBuffer.wrap(share).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * limb);
  }

  /** Coefficients of the polynomial of least degree through the points (x, y). */
  private static long[] through(long[] x, long[] y) {
    long[] sum = new long[x.length];
    for (int i = 0; i < x.length; i++) {
      long[] term = new long[x.length];
      term[0] = y[i];
      for (int j = 0; j < x.length; j++) {
        if (j != i) {
          long scale = Shamir.inverse(Shamir.subtract(x[i], x[j]));
          // term (X - x_j) / (x_i - x_j)
          for (int degree = x.length - 1; degree >= 0; degree--) {
            long lower = degree == 0 ? 0 : term[degree - 1];
            long shifted = Shamir.subtract(lower, Shamir.multiply(term[degree], x[j]));
            term[degree] = Shamir.multiply(shifted, scale);
          }
        }
      }
      for (int degree = 0; degree < x.length; degree++) {
        sum[degree] = Shamir.add(sum[degree], term[degree]);
      }
    }
    return sum;
  }
}
