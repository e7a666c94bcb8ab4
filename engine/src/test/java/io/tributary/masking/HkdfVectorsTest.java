package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * HKDF-SHA-256 against Project Wycheproof's values (vectors/README.md). The protocol's salts are
 * digests, 32 bytes each, so that the source's collisions of salts padded or hashed cannot be had
 * from {@link Hkdf#extract}; the function below it has to show them all the same.
 */
class HkdfVectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest(name = "{0} {1}")
  @CsvFileSource(resources = "/vectors/wycheproof/hkdf_sha256.csv", useHeadersInDisplayName = true)
  void wycheproof(
      int tcId,
      String flags,
      String result,
      String input,
      String salt,
      String info,
      int size,
      String output,
      String outputEnd) {
    byte[] saltBytes = HEX.parseHex(salt);
    byte[] key = Hkdf.hmac(saltBytes, HEX.parseHex(input));
    if (saltBytes.length == Digest.BYTES) {
      assertThat(Hkdf.extract(Digest.of(saltBytes), HEX.parseHex(input)))
          .isEqualTo(Secret32.copyOf(key));
    }

    if (result.equals("invalid")) {
      assertThat(size).isEqualTo(255 * 32 + 1);
      assertThatThrownBy(() -> Hkdf.expand(key, HEX.parseHex(info), size))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(HEX.formatHex(Hkdf.expand(key, HEX.parseHex(info), size)))
          .hasSize(2 * size)
          .startsWith(output)
          .endsWith(outputEnd);
      assertThat(output.length() == 2 * size).isEqualTo(outputEnd.isEmpty());
    }
  }
}
