package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Cases 13 and 14 of McGrew and Viega's GCM specification: AES-256, nonce zero. */
class SingleUseGcmTest {
  private static final Secret32 ZERO_KEY = Secret32.copyOf(new byte[32]);

  @Test
  void knownAnswers() {
    assertThat(hex(SingleUseGcm.encrypt(ZERO_KEY, new byte[0], new byte[0])))
        .isEqualTo("530f8afbc74536b9a963b4f1c4cb738b");
    assertThat(hex(SingleUseGcm.encrypt(ZERO_KEY, new byte[0], new byte[16])))
        .isEqualTo("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] associated = {1, 2};
    byte[] sealed = SingleUseGcm.encrypt(ZERO_KEY, associated, new byte[5]);

    assertThat(SingleUseGcm.decrypt(ZERO_KEY, associated, sealed)).contains(new byte[5]);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(SingleUseGcm.decrypt(ZERO_KEY, associated, changed)).isEmpty();
    }
    assertThat(SingleUseGcm.decrypt(ZERO_KEY, new byte[] {1, 3}, sealed)).isEmpty();
    assertThat(SingleUseGcm.decrypt(ZERO_KEY, associated, new byte[15])).isEmpty();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
