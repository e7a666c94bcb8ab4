package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgreementKeyTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 7748, 6.1. */
  @Test
  void diffieHellman() {
    AgreementKey alice = key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    AgreementKey bob = key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");

    assertThat(HEX.formatHex(alice.publicKey()))
        .isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assertThat(HEX.formatHex(bob.publicKey()))
        .isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assertThat(HEX.formatHex(alice.agree(bob.publicKey())))
        .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assertThat(bob.agree(alice.publicKey())).isEqualTo(alice.agree(bob.publicKey()));
  }

  /** RFC 7748, 5.2; the second coordinate has its top bit set there, which is refused here. */
  @Test
  void scalarMultiplication() {
    assertThat(
            agreed(
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
        .isEqualTo("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    String scalar = "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d";
    assertThat(agreed(scalar, "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a413"))
        .isEqualTo("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
    assertRefused("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493");
  }

  /** RFC 7748, 5.2, one iteration and a thousand. */
  @Test
  void iterated() {
    byte[] scalar = new byte[32];
    scalar[0] = 9;
    byte[] coordinate = scalar.clone();
    for (int i = 0; i < 1000; i++) {
      byte[] next = AgreementKey.restore(scalar).agree(coordinate);
      coordinate = scalar;
      // As a coordinate the old scalar's top bit is masked by RFC 7748; here by hand.
      coordinate[31] &= 0x7f;
      scalar = next;
      if (i == 0) {
        assertThat(HEX.formatHex(scalar))
            .isEqualTo("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
      }
    }

    assertThat(HEX.formatHex(scalar))
        .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  }

  /** Points of small order in reduced form: 0, 1, two of order 8, and -1. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void pointsOfSmallOrderAreRefused(String point) {
    assertRefused(point);
  }

  /** p, p + 1, 2^255 - 1, and a point with its top bit set: second names of other numbers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882bcf",
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b"
      })
  void encodingsNotReducedAreRefused(String point) {
    assertRefused(point);
    assertThatThrownBy(() -> AgreementKey.checkPublicKey(HEX.parseHex(point)))
        .isInstanceOf(TributaryException.class);
  }

  @Test
  void aDestroyedKeyAgreesNoMore() {
    AgreementKey key = AgreementKey.generate(new SecureRandom());
    byte[] stored = key.reveal();
    AgreementKey again = AgreementKey.restore(stored);
    assertThat(again.publicKey()).isEqualTo(key.publicKey());

    key.destroy();

    assertThat(key.isDestroyed()).isTrue();
    assertThat(key.toString()).isEqualTo("AgreementKey[withheld]");
    assertThatThrownBy(() -> key.agree(again.publicKey()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::reveal).isInstanceOf(IllegalStateException.class);
  }

  private static void assertRefused(String point) {
    AgreementKey key = AgreementKey.generate(new SecureRandom());
    assertThatThrownBy(() -> key.agree(HEX.parseHex(point)))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }

  private static String agreed(String scalar, String point) {
    return HEX.formatHex(key(scalar).agree(HEX.parseHex(point)));
  }

  private static AgreementKey key(String scalar) {
    return AgreementKey.restore(HEX.parseHex(scalar));
  }
}
