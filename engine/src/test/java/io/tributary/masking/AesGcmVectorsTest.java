package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.identity.StoreKey;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * AES-256-GCM against its specification and Project Wycheproof's values (vectors/README.md): as a
 * store's seal, whose nonce can be chosen; as a message of {@link SingleUseGcm} where the nonce is
 * zero; and as the counter mode it is built on. Nonces of another size than 12 bytes have no form
 * in which a seal could hold them, so those cases are refused, valid or not.
 */
class AesGcmVectorsTest {
  private static final int NONCE_BYTES = 12;
  private static final String ZERO_NONCE = "00".repeat(NONCE_BYTES);
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/vectors/rfc/gcm_specification.csv", useHeadersInDisplayName = true)
  void specification(
      String name,
      String key,
      String nonce,
      String associated,
      String plaintext,
      String ciphertext,
      String tag) {
    assertValid(key, nonce, associated, plaintext, ciphertext + tag);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(resources = "/vectors/wycheproof/aes_gcm.csv", useHeadersInDisplayName = true)
  void wycheproof(
      int tcId,
      String flags,
      String result,
      String key,
      String nonce,
      String associated,
      String plaintext,
      String ciphertext,
      String tag) {
    boolean valid = result.equals("valid");

    if (valid && nonce.length() == 2 * NONCE_BYTES) {
      assertValid(key, nonce, associated, plaintext, ciphertext + tag);
    } else {
      assertThatThrownBy(() -> open(key, nonce + ciphertext + tag, associated))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_ROLLED_BACK));
    }
    assertThat(opened(key, nonce, associated, ciphertext + tag))
        .isEqualTo(valid ? Optional.of(plaintext) : Optional.empty());
    if (flags.equals("ModifiedTag")) {
      String sealed = sealed(key, nonce, associated, plaintext);
      assertThat(sealed).startsWith(nonce + ciphertext).doesNotEndWith(tag);
      assertThat(HEX.formatHex(open(key, sealed, associated))).isEqualTo(plaintext);
    }
  }

  private static void assertValid(
      String key, String nonce, String associated, String plaintext, String ciphertext) {
    assertThat(sealed(key, nonce, associated, plaintext)).isEqualTo(nonce + ciphertext);
    assertThat(HEX.formatHex(open(key, nonce + ciphertext, associated))).isEqualTo(plaintext);

    byte[] stream = new byte[plaintext.length() / 2];
    KeyStream.next(
        KeyStream.open(HEX.parseHex(key), HEX.parseHex(nonce + "00000002")), stream, stream.length);
    byte[] message = HEX.parseHex(plaintext);
    for (int i = 0; i < message.length; i++) {
      stream[i] ^= message[i];
    }
    assertThat(ciphertext).startsWith(HEX.formatHex(stream));

    if (nonce.equals(ZERO_NONCE)) {
      Secret32 secret = Secret32.copyOf(HEX.parseHex(key));
      byte[] bound = HEX.parseHex(associated);
      assertThat(HEX.formatHex(SingleUseGcm.encrypt(secret, bound, message))).isEqualTo(ciphertext);
      assertThat(SingleUseGcm.decrypt(secret, bound, HEX.parseHex(ciphertext))).contains(message);
    }
  }

  private static String sealed(String key, String nonce, String associated, String plaintext) {
    return HEX.formatHex(
        StoreKey.ephemeral(giving(key))
            .seal(HEX.parseHex(plaintext), HEX.parseHex(associated), giving(nonce)));
  }

  private static byte[] open(String key, String sealed, String associated) {
    return StoreKey.ephemeral(giving(key)).open(HEX.parseHex(sealed), HEX.parseHex(associated));
  }

  /** In place of chance, the bytes of a published value. */
  private static SecureRandom giving(String hex) {
    return new SecureRandom() {
      @Override
      public void nextBytes(byte[] bytes) {
        byte[] given = HEX.parseHex(hex);
        assertThat(bytes).hasSameSizeAs(given);
        System.arraycopy(given, 0, bytes, 0, given.length);
      }
    };
  }

  /** By another implementation, with nonces of any size; empty if it refuses. */
  private static Optional<String> opened(
      String key, String nonce, String associated, String ciphertext) {
    GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    byte[] input = HEX.parseHex(ciphertext);
    byte[] output = new byte[input.length];
    try {
      cipher.init(
          false,
          new AEADParameters(
              new KeyParameter(HEX.parseHex(key)),
              128,
              HEX.parseHex(nonce),
              HEX.parseHex(associated)));
      int written = cipher.processBytes(input, 0, input.length, output, 0);
      written += cipher.doFinal(output, written);
      return Optional.of(HEX.formatHex(Arrays.copyOf(output, written)));
    } catch (IllegalArgumentException | InvalidCipherTextException e) {
      return Optional.empty();
    }
  }
}
