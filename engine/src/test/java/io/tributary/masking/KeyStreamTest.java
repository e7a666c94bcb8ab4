package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyStreamTest {
  private static final HexFormat HEX = HexFormat.of();

  /** SP 800-38A, F.5.5. */
  @Test
  void counterModeKnownAnswer() {
    byte[] plaintext =
        HEX.parseHex(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    byte[] stream = new byte[64];
    KeyStream.next(
        KeyStream.open(
            HEX.parseHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
            HEX.parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")),
        stream,
        64);
    for (int i = 0; i < 64; i++) {
      plaintext[i] ^= stream[i];
    }

    assertThat(HEX.formatHex(plaintext))
        .isEqualTo(
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
  }

  /** FIPS 197, C.3, and two of the AES validation suite: a counter block is what is encrypted. */
  @ParameterizedTest
  @CsvSource({
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
        + "00112233445566778899aabbccddeeff, 8ea2b7ca516745bfeafc49904b496089",
    "0000000000000000000000000000000000000000000000000000000000000000,"
        + "00000000000000000000000000000000, dc95c078a2408989ad48a21492842087",
    "c47b0294dbbbee0fec4757f22ffeee3587ca4730c3d33b691df38bab076bc558,"
        + "00000000000000000000000000000000, 46f2fb342d6f0ab477476fc501242c5f"
  })
  void aes256Block(String key, String block, String expected) {
    byte[] stream = new byte[16];
    KeyStream.next(KeyStream.open(HEX.parseHex(key), HEX.parseHex(block)), stream, 16);

    assertThat(HEX.formatHex(stream)).isEqualTo(expected);
  }

  @Test
  void wordsAreLittleEndian() {
    // AES-256 of the zero block under the zero key, from the test above.
    KeyStream stream = KeyStream.at(new byte[32], 0);

    assertThat(stream.nextWord()).isEqualTo(0x898940a278c095dcL);
    assertThat(stream.nextWord()).isEqualTo(0x8720849214a248adL);
  }

  @Test
  void seekingGivesTheSameWordsAsReading() {
    byte[] key = new byte[32];
    key[31] = 1;
    KeyStream fromStart = KeyStream.at(key, 0);
    long[] words = LongStream.generate(fromStart::nextWord).limit(5000).toArray();

    for (int first : new int[] {0, 2, 1022, 1024, 1026, 3998}) {
      KeyStream later = KeyStream.at(key, first);
      long[] found = LongStream.generate(later::nextWord).limit(1000).toArray();
      assertThat(found).isEqualTo(Arrays.copyOfRange(words, first, first + 1000));
    }
  }

  @Test
  void oddWordsAndOtherKeysAreRefused() {
    assertThatThrownBy(() -> KeyStream.at(new byte[32], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyStream.at(new byte[16], 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
