package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.TributaryException;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void sha256OfNothingIsTheKnownOne() {
    Digest digest = Digest.sha256(new byte[0]);

    assertThat(digest.hex()).isEqualTo(EMPTY);
    assertThat(digest.shortHex()).isEqualTo("e3b0c44298fc1c14");
    assertThat(digest).isEqualTo(Digest.ofHex(EMPTY)).hasSameHashCodeAs(Digest.ofHex(EMPTY));
  }

  @Test
  void changingACopyDoesNotChangeTheDigest() {
    byte[] source = new byte[32];
    Digest digest = Digest.of(source);
    source[0] = 1;
    digest.bytes()[1] = 1;

    assertThat(digest).isEqualTo(Digest.ZERO);
  }

  @Test
  void otherLengthsAndUpperCaseAreRefused() {
    assertThatThrownBy(() -> Digest.of(new byte[31])).isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> Digest.ofHex("00")).isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> Digest.ofHex(EMPTY.replace('e', 'E')))
        .isInstanceOf(TributaryException.class);
  }

  @Test
  void orderIsThatOfUnsignedBytes() {
    byte[] high = new byte[32];
    high[0] = (byte) 0x80;

    assertThat(Digest.of(high)).isGreaterThan(Digest.ZERO);
  }
}
