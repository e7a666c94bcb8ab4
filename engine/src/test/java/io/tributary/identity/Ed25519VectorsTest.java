package io.tributary.identity;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.TWO;
import static java.math.BigInteger.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Ed25519 against other people's values: those of RFC 8032, and Project Wycheproof's edge cases and
 * forgeries (vectors/README.md). What must be refused is refused by RFC 8032, 5.1.7, in its strict
 * form: S below the group's order, R compared as bytes, no cofactor.
 */
class Ed25519VectorsTest {
  private static final String WYCHEPROOF = "/vectors/wycheproof/ed25519.csv";
  private static final HexFormat HEX = HexFormat.of();

  /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410). */
  private static final byte[] X509_PREFIX = HEX.parseHex("302a300506032b6570032100");

  private static final BigInteger P = ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger L =
      ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /** R of the valid signature (tcId 5) from which those with a changed R were made. */
  private static final String UNCHANGED_R =
      "657c1492402ab5ce03e2c3a7f0384d051b9cf3570f1207fc78c1bcc98c281c2b";

  private static final String NEUTRAL_ELEMENT = HEX.formatHex(littleEndian(ONE));

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/vectors/rfc/rfc8032.csv", useHeadersInDisplayName = true)
  void rfc8032(String name, String seed, String publicKey, String message, String signature) {
    SigningIdentity identity = SigningIdentity.ofSeed(HEX.parseHex(seed));

    assertThat(identity.verifyingKey().hex()).isEqualTo(publicKey);
    assertThat(HEX.formatHex(identity.sign(HEX.parseHex(message)))).isEqualTo(signature);
    assertThat(verifies(publicKey, message, HEX.parseHex(signature))).isTrue();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(resources = WYCHEPROOF, useHeadersInDisplayName = true)
  void wycheproof(
      int tcId, String flags, String result, String publicKey, String message, String signature)
      throws GeneralSecurityException {
    boolean valid = result.equals("valid");

    assertThat(verifies(publicKey, message, HEX.parseHex(signature))).isEqualTo(valid);
    // Asked about 64 bytes only: Java 17 takes a zero byte more (tcId 37) for the same signature.
    if (signature.length() == 2 * VerifyingKey.SIGNATURE_BYTES) {
      assertThat(platformVerifies(publicKey, message, signature)).isEqualTo(valid);
    }
  }

  /** Each invalid case is one step from a valid one. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(resources = WYCHEPROOF, useHeadersInDisplayName = true)
  void invalidForTheReasonGiven(
      int tcId, String flags, String result, String publicKey, String message, String hex)
      throws GeneralSecurityException {
    byte[] signature = HEX.parseHex(hex);
    switch (flags) {
      case "Valid", "Ktv", "TinkOverflow" -> assertThat(result).isEqualTo("valid");
      case "InvalidSignature" -> {
        assertThat(List.of(ZERO, ONE, L, P)).contains(number(Arrays.copyOf(signature, 32)));
        assertThat(List.of(ZERO, ONE, L.subtract(ONE), L, P)).contains(s(signature));
      }
      case "TruncatedSignature" -> assertThat(signature).hasSizeLessThan(64);
      case "SignatureWithGarbage" ->
          assertThat(withoutSomeBytes(signature))
              .anyMatch(shorter -> verifies(publicKey, message, shorter));
      case "CompressedSignature" -> {
        assertThat(signature).hasSize(63);
        assertThat(withOneByteMore(signature))
            .anyMatch(longer -> verifies(publicKey, message, longer));
      }
      case "SignatureMalleability" ->
          assertThat(addedToS())
              .anyMatch(added -> verifies(publicKey, message, withSmallerS(signature, added)));
      case "InvalidKtv" -> {
        assertThat(s(signature)).isGreaterThanOrEqualTo(L);
        assertThat(recoveredR(publicKey, message, signature)).isEqualTo(hex.substring(0, 64));
      }
      case "InvalidEncoding" -> {
        assertThat(s(signature)).isLessThan(L);
        assertThat(recoveredR(publicKey, message, signature))
            .isIn(UNCHANGED_R, NEUTRAL_ELEMENT)
            .isNotEqualTo(hex.substring(0, 64));
      }
      default -> throw new AssertionError(flags);
    }
  }

  private static boolean verifies(String publicKey, String message, byte[] signature) {
    return VerifyingKey.ofHex(publicKey).verifies(HEX.parseHex(message), signature);
  }

  private static boolean platformVerifies(String publicKey, String message, String signature)
      throws GeneralSecurityException {
    Signature verifier = Signature.getInstance("Ed25519", "SunEC");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519", "SunEC")
            .generatePublic(new X509EncodedKeySpec(joined(X509_PREFIX, HEX.parseHex(publicKey)))));
    verifier.update(HEX.parseHex(message));
    try {
      return verifier.verify(HEX.parseHex(signature));
    } catch (SignatureException e) {
      return false;
    }
  }

  /** All ways to come to 64 bytes by leaving out bytes that lie together. */
  private static Stream<byte[]> withoutSomeBytes(byte[] signature) {
    int tooMany = signature.length - 64;
    return IntStream.rangeClosed(0, 64)
        .mapToObj(
            at ->
                joined(
                    Arrays.copyOf(signature, at),
                    Arrays.copyOfRange(signature, at + tooMany, signature.length)));
  }

  /** A zero, or the byte that stands there, put in at each place. */
  private static Stream<byte[]> withOneByteMore(byte[] signature) {
    return IntStream.rangeClosed(0, signature.length)
        .boxed()
        .flatMap(
            at ->
                Stream.of((byte) 0, signature[Math.min(at, signature.length - 1)])
                    .map(
                        put ->
                            joined(
                                Arrays.copyOf(signature, at),
                                new byte[] {put},
                                Arrays.copyOfRange(signature, at, signature.length))));
  }

  /** What the source adds to S: multiples of the order, single bits, and the field's prime. */
  private static Stream<BigInteger> addedToS() {
    return Stream.concat(
        IntStream.range(0, 4).mapToObj(L::shiftLeft),
        Stream.of(TWO.pow(253), TWO.pow(254), TWO.pow(255), P));
  }

  private static byte[] withSmallerS(byte[] signature, BigInteger less) {
    BigInteger s = s(signature).subtract(less);
    return s.signum() < 0 ? new byte[0] : joined(Arrays.copyOf(signature, 32), littleEndian(s));
  }

  private static BigInteger s(byte[] signature) {
    return number(Arrays.copyOfRange(signature, 32, 64));
  }

  /** The encoding of [S]B - [H(R, A, M)]A, which a verifier compares to R. */
  private static String recoveredR(String publicKey, String message, byte[] signature)
      throws GeneralSecurityException {
    byte[] r = Arrays.copyOf(signature, 32);
    byte[] hashed = joined(r, HEX.parseHex(publicKey), HEX.parseHex(message));
    BigInteger challenge = number(MessageDigest.getInstance("SHA-512").digest(hashed)).mod(L);
    Point key = Point.decode(HEX.parseHex(publicKey));
    Point negated = new Point(P.subtract(key.x), key.y);
    return HEX.formatHex(Point.BASE.times(s(signature)).plus(negated.times(challenge)).encode());
  }

  /** A point of edwards25519 in affine coordinates: slow, and nothing else to go wrong. */
  private record Point(BigInteger x, BigInteger y) {
    private static final BigInteger D =
        BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);
    private static final Point BASE =
        decode(
            littleEndian(
                BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P)));

    static Point decode(byte[] encoded) {
      BigInteger number = number(encoded);
      BigInteger y = number.clearBit(255);
      BigInteger square =
          y.pow(2).subtract(ONE).multiply(D.multiply(y.pow(2)).add(ONE).modInverse(P)).mod(P);
      BigInteger x = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
      if (!x.pow(2).mod(P).equals(square)) {
        x = x.multiply(TWO.modPow(P.shiftRight(2), P)).mod(P);
      }
      assertThat(x.pow(2).mod(P)).isEqualTo(square);
      return new Point(x.testBit(0) == number.testBit(255) ? x : P.subtract(x), y);
    }

    byte[] encode() {
      return littleEndian(x.testBit(0) ? y.setBit(255) : y);
    }

    Point plus(Point other) {
      BigInteger crossed = D.multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
      BigInteger sumX = x.multiply(other.y).add(other.x.multiply(y));
      BigInteger sumY = y.multiply(other.y).add(x.multiply(other.x));
      return new Point(
          sumX.multiply(ONE.add(crossed).modInverse(P)).mod(P),
          sumY.multiply(ONE.subtract(crossed).modInverse(P)).mod(P));
    }

    Point times(BigInteger factor) {
      Point product = new Point(ZERO, ONE);
      for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
        product = product.plus(product);
        if (factor.testBit(bit)) {
          product = product.plus(this);
        }
      }
      return product;
    }
  }

  private static BigInteger number(byte[] littleEndian) {
    return new BigInteger(1, reversed(littleEndian));
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] bigEndian = number.toByteArray();
    int zeros = bigEndian.length == 33 ? 1 : 0;
    return Arrays.copyOf(reversed(Arrays.copyOfRange(bigEndian, zeros, bigEndian.length)), 32);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private static byte[] joined(byte[]... parts) {
    byte[] joined = new byte[Stream.of(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }
}
