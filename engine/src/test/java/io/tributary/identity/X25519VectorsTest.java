package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * X25519 against Project Wycheproof's values (vectors/README.md). The source calls many cases
 * "acceptable", which leaves a choice. Here points of the twist are agreed with, since RFC 7748
 * makes them safe; a zero result and a second encoding of a number are refused.
 */
class X25519VectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  /** SubjectPublicKeyInfo and PKCS #8 of an X25519 key up to its 32 bytes (RFC 8410). */
  private static final String X509_PREFIX = "302a300506032b656e032100";

  private static final String PKCS8_PREFIX = "302e020100300506032b656e04220420";

  private static final String ZERO = "00".repeat(32);
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(resources = "/vectors/wycheproof/x25519.csv", useHeadersInDisplayName = true)
  void wycheproof(
      int tcId, String flags, String result, String publicKey, String privateKey, String shared)
      throws GeneralSecurityException {
    AgreementKey own = AgreementKey.restore(HEX.parseHex(privateKey));
    byte[] peer = HEX.parseHex(publicKey);
    boolean isReduced = number(peer).compareTo(P) < 0;
    boolean isZero = shared.equals(ZERO);

    if (flags.contains("NonCanonicalPublic")) {
      assertThat(isReduced).isFalse();
    }
    assertThat(flags.contains("ZeroSharedSecret")).isEqualTo(isZero);
    if (isReduced && !isZero) {
      assertThat(HEX.formatHex(own.agree(peer))).isEqualTo(shared);
    } else {
      assertThat(result).isEqualTo("acceptable");
      assertBadMessage(() -> own.agree(peer));
    }
    if (isReduced) {
      assertThatCode(() -> AgreementKey.checkPublicKey(peer)).doesNotThrowAnyException();
    } else {
      assertBadMessage(() -> AgreementKey.checkPublicKey(peer));
    }
    assertThat(platformAgreement(privateKey, publicKey))
        .isEqualTo(isZero ? Optional.empty() : Optional.of(shared));
  }

  /** Empty for a point of small order. */
  private static Optional<String> platformAgreement(String privateKey, String publicKey)
      throws GeneralSecurityException {
    KeyFactory keys = KeyFactory.getInstance("X25519", "SunEC");
    KeyAgreement agreement = KeyAgreement.getInstance("X25519", "SunEC");
    agreement.init(
        keys.generatePrivate(new PKCS8EncodedKeySpec(HEX.parseHex(PKCS8_PREFIX + privateKey))));
    try {
      agreement.doPhase(
          keys.generatePublic(new X509EncodedKeySpec(HEX.parseHex(X509_PREFIX + publicKey))), true);
    } catch (InvalidKeyException e) {
      return Optional.empty();
    }
    return Optional.of(HEX.formatHex(agreement.generateSecret()));
  }

  private static BigInteger number(byte[] littleEndian) {
    BigInteger number = BigInteger.ZERO;
    for (int i = littleEndian.length - 1; i >= 0; i--) {
      number = number.shiftLeft(8).add(BigInteger.valueOf(littleEndian[i] & 0xff));
    }
    return number;
  }

  private static void assertBadMessage(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }
}
