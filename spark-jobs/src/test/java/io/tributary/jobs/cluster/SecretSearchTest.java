package io.tributary.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.cluster.SecretSearch.Find;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The search finds a planted secret in every form that it claims to know, and only then. */
class SecretSearchTest {
  private static final byte[] KEY = bytes(1, 32);
  private static final byte[] OTHER = bytes(2, 48);
  private static final SecretSearch SEARCH =
      new SecretSearch(Map.of("identity key", KEY, "other", OTHER));

  @TempDir private Path folder;

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Stream<Arguments> forms() {
    String hex = HexFormat.of().formatHex(KEY);
    byte[] der = concat(bytes(3, 16), KEY, bytes(4, 7));
    byte[] shifted = concat(bytes(3, 17), KEY, bytes(4, 7));
    byte[] aligned = concat(bytes(3, 18), KEY);
    String pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(concat(der, der));
    return Stream.of(
        Arguments.of("bytes", KEY),
        Arguments.of("hex", ascii(hex)),
        Arguments.of("HEX", ascii(hex.toUpperCase(Locale.ROOT))),
        Arguments.of("hex", ascii(HexFormat.ofDelimiter(":").formatHex(KEY))),
        Arguments.of("hex", ascii(HexFormat.ofDelimiter(" ").formatHex(KEY))),
        Arguments.of("base64+0", ascii(Base64.getEncoder().encodeToString(KEY))),
        Arguments.of("base64+0", ascii(Base64.getEncoder().encodeToString(aligned))),
        Arguments.of("base64+1", ascii(Base64.getEncoder().encodeToString(der))),
        Arguments.of("base64+2", ascii(Base64.getEncoder().encodeToString(shifted))),
        Arguments.of("base64url+1", ascii(Base64.getUrlEncoder().encodeToString(der))),
        Arguments.of("base64+1", ascii(pem)),
        Arguments.of("base64+1", ascii(pem.replace("\n", "\\n"))),
        Arguments.of("base64+1", ascii(pem.replace("\n", "\\r\\n"))),
        Arguments.of("signed numbers", ascii(Arrays.toString(KEY))),
        Arguments.of(
            "unsigned numbers",
            ascii(
                IntStream.range(0, KEY.length)
                    .mapToObj(i -> Integer.toString(KEY[i] & 0xff))
                    .collect(Collectors.joining(", ", "[", "]")))));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("forms")
  void aPlantedSecretIsFound(String encoding, byte[] planted) {
    byte[] content = concat(ascii("{\"value\":\""), planted, ascii("\"}"));

    assertThat(SEARCH.in("log", content)).contains(new Find("identity key", encoding, "log"));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("forms")
  void anAlteredSecretIsNone(String encoding, byte[] planted) {
    byte[] altered = planted.clone();
    for (int i = 0; i < altered.length; i++) {
      altered[i] = altered[i] == '7' ? (byte) '8' : altered[i] == 'Q' ? (byte) 'R' : altered[i];
    }
    if (Arrays.equals(altered, planted)) {
      altered[altered.length / 2] ^= 1;
    }

    assertThat(SEARCH.in("log", altered)).isEmpty();
  }

  @Test
  void everySecretIsFoundWhereverItStandsInALargeFile() throws IOException {
    byte[] large = new byte[(2 << 20) + 100];
    Path file = folder.resolve("heap");
    String base64 = Base64.getEncoder().encodeToString(OTHER);
    // Around the ends of the pieces in which a file is read, and at its own ends.
    for (int at : List.of(0, (1 << 20) - 20, 1 << 20, (2 << 20) - 1, large.length - KEY.length)) {
      byte[] content = large.clone();
      System.arraycopy(KEY, 0, content, at, KEY.length);
      System.arraycopy(ascii(base64), 0, content, 500_000, base64.length());
      Files.write(file, content);

      assertThat(SEARCH.in(file))
          .as("at %d", at)
          .containsExactlyInAnyOrder(
              new Find("identity key", "bytes", file.toString()),
              new Find("other", "base64+0", file.toString()));
    }
  }

  @Test
  void aFolderIsSearchedToItsLeavesButForWhatIsLeftOut() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("app/0")).resolve("stderr");
    Files.write(deep, KEY);
    Files.write(folder.resolve("tributary.jar"), KEY);

    assertThat(SEARCH.under(folder, file -> !file.toString().endsWith(".jar")))
        .containsExactly(new Find("identity key", "bytes", deep.toString()));
  }

  @Test
  void aShortSecretAndNoneAreRefused() {
    assertThatThrownBy(() -> new SecretSearch(Map.of("pin", new byte[8])))
        .hasMessage("pin has 8 bytes");
    assertThatThrownBy(() -> new SecretSearch(Map.of())).hasMessage("nothing to look for");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
