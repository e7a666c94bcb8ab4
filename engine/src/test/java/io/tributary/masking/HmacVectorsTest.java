package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.identity.FingerprintKey;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HMAC-SHA-256 against RFC 4231 and Project Wycheproof's values (vectors/README.md). */
class HmacVectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/vectors/rfc/rfc4231.csv", useHeadersInDisplayName = true)
  void rfc4231(String section, String key, String message, String tag) {
    assertThat(HEX.formatHex(Hkdf.hmac(HEX.parseHex(key), HEX.parseHex(message)))).startsWith(tag);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(resources = "/vectors/wycheproof/hmac_sha256.csv", useHeadersInDisplayName = true)
  void wycheproof(
      int tcId,
      String flags,
      String result,
      String key,
      String message,
      String tag,
      @TempDir Path folder)
      throws Exception {
    byte[] keyBytes = HEX.parseHex(key);
    byte[] messageBytes = HEX.parseHex(message);
    byte[] tagBytes = HEX.parseHex(tag);
    boolean valid = result.equals("valid");

    byte[] computed = Hkdf.hmac(keyBytes, messageBytes);
    assertThat(Arrays.equals(Arrays.copyOf(computed, tagBytes.length), tagBytes)).isEqualTo(valid);
    if (tagBytes.length < Digest.BYTES) {
      // No protocol object has a shorter tag.
      assertThatThrownBy(() -> Digest.of(tagBytes))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
    } else if (keyBytes.length == Secret32.BYTES) {
      Secret32 secret = Secret32.copyOf(keyBytes);
      Digest expected = Digest.of(tagBytes);
      assertThat(Hkdf.mac(secret, messageBytes).equals(expected)).isEqualTo(valid);
      assertThat(inWords(secret, messageBytes).equals(expected)).isEqualTo(valid);
      if (messageBytes.length >= Integer.BYTES) {
        assertThat(Arrays.equals(fingerprint(keyBytes, messageBytes, folder), tagBytes))
            .isEqualTo(valid);
      }
    }
    if (!valid) {
      int changed = changedBits(platformHmac(keyBytes, messageBytes), tagBytes);
      switch (tcId / 2) {
        case 33, 34, 35 -> assertThat(changed).isEqualTo(2);
        case 36 -> assertThat(changed).isEqualTo(256);
        case 37 -> assertThat(tagBytes).containsOnly(0);
        case 38 -> assertThat(tagBytes).containsOnly(0xff);
        case 39, 40 -> assertThat(changed).isEqualTo(32);
        default -> assertThat(changed).isEqualTo(1);
      }
    }
  }

  /** No published value is as long as the messages that the platform hashes. */
  @ParameterizedTest
  @ValueSource(ints = {4095, 4096, 4097, 20_000})
  void longMessages(int bytes) throws GeneralSecurityException {
    byte[] key = new byte[32];
    key[3] = 3;
    byte[] message = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      message[i] = (byte) (i * 31);
    }
    HMac other = new HMac(new SHA256Digest());
    other.init(new KeyParameter(key));
    other.update(message, 0, bytes);
    byte[] expected = new byte[32];
    other.doFinal(expected, 0);

    assertThat(Hkdf.hmac(key, message)).isEqualTo(expected).isEqualTo(platformHmac(key, message));
    assertThat(inWords(Secret32.copyOf(key), message)).isEqualTo(Digest.of(expected));
  }

  /** The message as a head and words. */
  private static Digest inWords(Secret32 key, byte[] message) {
    int head = message.length % Long.BYTES;
    long[] words = new long[message.length / Long.BYTES];
    ByteBuffer.wrap(message, head, message.length - head)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(words);
    return Hkdf.mac(key, Arrays.copyOf(message, head), words, words.length);
  }

  /** The message as a domain and the rest. */
  private static byte[] fingerprint(byte[] key, byte[] message, Path folder) throws Exception {
    Path file = folder.resolve("fingerprint.key");
    Files.write(file, key);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return FingerprintKey.openOrCreate(file, new SecureRandom())
        .hash()
        .of(
            ByteBuffer.wrap(message).getInt(),
            Arrays.copyOfRange(message, Integer.BYTES, message.length));
  }

  private static byte[] platformHmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  private static int changedBits(byte[] one, byte[] other) {
    assertThat(other).hasSameSizeAs(one);
    int bits = 0;
    for (int i = 0; i < one.length; i++) {
      bits += Integer.bitCount((one[i] ^ other[i]) & 0xff);
    }
    return bits;
  }
}
