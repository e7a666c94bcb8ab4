package io.tributary.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.cluster.SecretSearch.Find;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
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

  private static final double NUMBER = 27.38491026374829;

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

  static Stream<Arguments> numberForms() {
    ByteBuffer both = ByteBuffer.allocate(16);
    both.putDouble(NUMBER).order(ByteOrder.LITTLE_ENDIAN).putDouble(NUMBER);
    String big = HexFormat.of().formatHex(both.array(), 0, 8);
    return Stream.of(
        Arguments.of("decimal", ascii("bmi=" + NUMBER + ",")),
        Arguments.of("decimal", ascii("27.3849102637,")),
        Arguments.of("scientific", ascii("2.738491026374829E1")),
        Arguments.of("digits", ascii("unscaled 2738491026374829 scale 14")),
        Arguments.of("double, BIG_ENDIAN", Arrays.copyOf(both.array(), 8)),
        Arguments.of("double, LITTLE_ENDIAN", Arrays.copyOfRange(both.array(), 8, 16)),
        Arguments.of("double, BIG_ENDIAN, hex", ascii(big)),
        Arguments.of("double, BIG_ENDIAN, HEX", ascii(big.toUpperCase(Locale.ROOT))),
        Arguments.of(
            "double, LITTLE_ENDIAN, base64",
            ascii(Base64.getEncoder().encodeToString(Arrays.copyOfRange(both.array(), 8, 16)))));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("numberForms")
  void aPlantedNumberIsFound(String encoding, byte[] planted) {
    SecretSearch search = SecretSearch.forMarkers().andNumber("bmi", NUMBER);

    assertThat(search.in("log", concat(ascii("row "), planted, ascii(" end"))))
        .contains(new Find("bmi", encoding, "log"));
    byte[] other = planted.clone();
    other[other.length / 2] ^= 1;
    assertThat(search.in("log", other)).doesNotContain(new Find("bmi", encoding, "log"));
  }

  @Test
  void aPlantedTextIsFoundInEveryForm() {
    SecretSearch search = SecretSearch.forMarkers().andText("person", "Quixotic-Vellum-7731");
    for (Charset charset :
        List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      assertThat(search.in("log", "id: Quixotic-Vellum-7731".getBytes(charset))).isNotEmpty();
      assertThat(search.in("log", "id: Quixotic-Vellum-7732".getBytes(charset))).isEmpty();
    }
    assertThat(search.in("log", ascii(HexFormat.of().formatHex(ascii("xQuixotic-Vellum-7731")))))
        .hasSize(1);
  }

  @Test
  void whatALoggerOfConnectionsShowsIsReadAsItsBytes() {
    byte[] sent = concat(bytes(6, 21), KEY, bytes(7, 40));
    StringBuilder dump = new StringBuilder("WRITE: 93B\n");
    for (int at = 0; at < sent.length; at += 16) {
      byte[] line = Arrays.copyOfRange(sent, at, Math.min(sent.length, at + 16));
      String hex = HexFormat.ofDelimiter(" ").formatHex(line);
      dump.append("|%08x| %-48s|%s|%n".formatted(at, hex, ".".repeat(line.length)));
    }
    dump.append("+--------+-------------------------------------------------+----------------+\n");
    assertThat(SEARCH.in("log", ascii(dump.toString())))
        .containsExactly(new Find("identity key", "bytes", "log, dumped bytes"));
  }

  @Test
  void aPlantedPartialIsFoundButNotSmallCountsAlone() {
    long[] words = {0, 0, 3, 7, 0, 2, -1_368_324_540_811_067L, 4};
    SecretSearch search = SecretSearch.forMarkers().andPartial("partial", words);
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer bytes = ByteBuffer.allocate(8 * words.length).order(order);
      Arrays.stream(words).forEach(bytes::putLong);
      assertThat(search.in("state", bytes.array())).isNotEmpty();
      assertThat(search.in("state", Arrays.copyOfRange(bytes.array(), 48, 56))).hasSize(1);
      assertThat(search.in("state", Arrays.copyOfRange(bytes.array(), 16, 48))).hasSize(1);
      assertThat(search.in("state", Arrays.copyOf(bytes.array(), 24))).isEmpty();
    }
    assertThat(search.in("log", ascii("sum=" + words[6]))).hasSize(1);
    assertThat(search.in("log", ascii("[3, 7, 0, 2]"))).isEmpty();
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
