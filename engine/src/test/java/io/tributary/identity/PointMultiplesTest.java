package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;

/**
 * Against two others: the curve's law in plain numbers (RFC 8032, 5.1.4, in affine coordinates),
 * and Bouncy Castle's verification.
 */
class PointMultiplesTest {
  private static final BigInteger ONE = BigInteger.ONE;
  private static final BigInteger P = ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger L =
      ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger D =
      BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);
  private static final Point NEUTRAL = new Point(BigInteger.ZERO, ONE);
  private static final Point BASE =
      new Point(
          new BigInteger(
              "15112221349535400772501151409588531511454012693041857206046113283949847762202"),
          new BigInteger(
              "46316835694926478169428394003475163141307993866256225615783033603165251855960"));

  /** Of order 8; its encoding is one of those that no key may have. */
  private static final Point OF_ORDER_8 =
      new Point(
          new BigInteger(
              "43496726750457979451437558183816721346016168361625936758514574428539776020131"),
          new BigInteger(
              "55188659117513257062467267217118295137698188065244968500265048394206261417927"));

  private record Point(BigInteger x, BigInteger y) {
    Point plus(Point that) {
      BigInteger product = D.multiply(x).multiply(that.x).multiply(y).multiply(that.y).mod(P);
      BigInteger above = x.multiply(that.y).add(y.multiply(that.x));
      BigInteger right = y.multiply(that.y).add(x.multiply(that.x));
      return new Point(
          above.multiply(ONE.add(product).modInverse(P)).mod(P),
          right.multiply(ONE.subtract(product).mod(P).modInverse(P)).mod(P));
    }

    Point times(BigInteger scalar) {
      Point sum = NEUTRAL;
      for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
        sum = sum.plus(sum);
        if (scalar.testBit(bit)) {
          sum = sum.plus(this);
        }
      }
      return sum;
    }

    Point negative() {
      return new Point(P.subtract(x).mod(P), y);
    }

    byte[] encoded() {
      byte[] out = littleEndian(y);
      out[31] |= (byte) (x.testBit(0) ? 0x80 : 0);
      return out;
    }
  }

  @Test
  void thePointsOfThisTestLieOnTheCurve() {
    for (Point point : List.of(BASE, OF_ORDER_8)) {
      BigInteger x2 = point.x.multiply(point.x);
      BigInteger y2 = point.y.multiply(point.y);
      assertThat(y2.subtract(x2).mod(P)).isEqualTo(ONE.add(D.multiply(x2).multiply(y2)).mod(P));
    }
    assertThat(BASE.times(L)).isEqualTo(NEUTRAL);
    assertThat(OF_ORDER_8.times(BigInteger.valueOf(8))).isEqualTo(NEUTRAL);
    assertThat(OF_ORDER_8.times(BigInteger.valueOf(4))).isNotEqualTo(NEUTRAL);
  }

  /** Every digit and carry: ends of windows, runs of ones, alternating digits, both ends. */
  @Test
  void sumsAreThoseOfPlainNumbers() {
    Random random = new Random(8032);
    List<BigInteger> scalars = new ArrayList<>();
    for (int small = 0; small <= 33; small++) {
      scalars.add(BigInteger.valueOf(small));
      scalars.add(L.subtract(BigInteger.valueOf(small)));
    }
    for (int bit = 4; bit < 253; bit += 7) {
      scalars.add(ONE.shiftLeft(bit));
      scalars.add(ONE.shiftLeft(bit).subtract(ONE));
    }
    scalars.add(ONE.shiftLeft(253).subtract(ONE));
    scalars.add(repeated(16));
    scalars.add(repeated(17));
    scalars.add(repeated(15));
    for (int i = 0; i < 40; i++) {
      scalars.add(new BigInteger(253, random));
    }
    Point other = BASE.times(new BigInteger(252, random));
    PointMultiples negative = PointMultiples.ofNegative(other.encoded());

    for (int i = 0; i < scalars.size(); i++) {
      BigInteger s = scalars.get(i);
      BigInteger t = scalars.get((i * 31 + 7) % scalars.size());
      Point expected = BASE.times(s).plus(other.negative().times(t));

      byte[] sum =
          PointMultiples.sum(PointMultiples.BASE, littleEndian(s), negative, littleEndian(t));

      assertThat(sum).as("s=%s t=%s", s, t).isEqualTo(expected.encoded());
    }
  }

  @Test
  void aPointAndItsNegativeCancel() {
    PointMultiples negative = PointMultiples.ofNegative(BASE.encoded());
    byte[] s = littleEndian(L.subtract(BigInteger.TWO));

    assertThat(PointMultiples.sum(PointMultiples.BASE, s, negative, s))
        .isEqualTo(NEUTRAL.encoded());
  }

  /** Signatures as they are and with a changed byte anywhere, key and message included. */
  @Test
  void verificationAgreesWithBouncyCastle() {
    Random random = new Random(5117);
    int valid = 0;
    for (int i = 0; i < 400; i++) {
      SigningIdentity identity = SigningIdentity.ofSeed(bytes(random, 32));
      byte[] message = bytes(random, random.nextInt(200));
      byte[] signature = identity.sign(message);
      byte[] key = identity.verifyingKey().bytes();
      if (i % 2 == 1) {
        byte[] changed = message.length > 0 && i % 3 == 0 ? message : signature;
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      }

      boolean verifies = VerifyingKey.of(key).verifies(message, signature);

      assertThat(verifies).isEqualTo(i % 2 == 0);
      assertThat(verifies)
          .isEqualTo(Ed25519.verify(signature, 0, key, 0, message, 0, message.length));
      valid += verifies ? 1 : 0;
    }
    assertThat(valid).isEqualTo(200);
  }

  /** More keys than are kept prepared, twice over. */
  @Test
  void manyKeysTakeTurns() {
    List<SigningIdentity> identities = new ArrayList<>();
    Random random = new Random(320);
    for (int i = 0; i < 330; i++) {
      identities.add(SigningIdentity.ofSeed(bytes(random, 32)));
    }
    byte[] message = {1, 2, 3};
    for (int turn = 0; turn < 2; turn++) {
      for (int i = 0; i < identities.size(); i++) {
        byte[] signature = identities.get(i).sign(message);
        assertThat(identities.get(i).verifyingKey().verifies(message, signature)).isTrue();
        assertThat(
                identities
                    .get((i + 1) % identities.size())
                    .verifyingKey()
                    .verifies(message, signature))
            .isFalse();
      }
    }
  }

  /**
   * A signer may add a point of order 8 to R; eight times the equation would hold then. Such a
   * signature would be accepted by some and refused by others, so nobody here accepts it.
   */
  @Test
  void aPartOfSmallOrderInRIsRefused() throws Exception {
    byte[] seed = bytes(new Random(8), 32);
    byte[] hash = MessageDigest.getInstance("SHA-512").digest(seed);
    hash[0] &= (byte) 248;
    hash[31] = (byte) ((hash[31] & 127) | 64);
    BigInteger a = number(Arrays.copyOf(hash, 32)).mod(L);
    VerifyingKey key = SigningIdentity.ofSeed(seed).verifyingKey();
    assertThat(BASE.times(a).encoded()).isEqualTo(key.bytes());
    byte[] message = {9};
    for (int i = 0; i < 16; i++) {
      BigInteger r = new BigInteger(252, new Random(i));
      Point honest = BASE.times(r);
      Point shifted = honest.plus(OF_ORDER_8.times(BigInteger.valueOf(1 + i % 7)));

      assertThat(key.verifies(message, signature(honest, r, a, key, message))).isTrue();
      assertThat(key.verifies(message, signature(shifted, r, a, key, message))).isFalse();
    }
  }

  private static byte[] signature(
      Point r, BigInteger ofR, BigInteger a, VerifyingKey key, byte[] message) throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-512");
    hash.update(r.encoded());
    hash.update(key.bytes());
    BigInteger k = number(hash.digest(message)).mod(L);
    byte[] out = Arrays.copyOf(r.encoded(), 64);
    System.arraycopy(littleEndian(ofR.add(k.multiply(a)).mod(L)), 0, out, 32, 32);
    return out;
  }

  /** A number whose digits to the base 32 are all the same. */
  private static BigInteger repeated(int digit) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 0; i < 50; i++) {
      number = number.shiftLeft(5).add(BigInteger.valueOf(digit));
    }
    return number;
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static BigInteger number(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] out = new byte[32];
    byte[] bigEndian = HexFormat.of().parseHex("%064x".formatted(number));
    for (int i = 0; i < 32; i++) {
      out[i] = bigEndian[31 - i];
    }
    return out;
  }
}
