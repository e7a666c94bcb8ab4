package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Its known answers are in {@link AesGcmVectorsTest}. */
class SingleUseGcmTest {
  private static final Secret32 ZERO_KEY = Secret32.copyOf(new byte[32]);

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
}
