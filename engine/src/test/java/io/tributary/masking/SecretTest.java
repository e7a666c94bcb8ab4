package io.tributary.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import java.io.Serializable;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SecretTest {
  private static byte[] counting() {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  @Test
  void takingASecretErasesTheSource() {
    byte[] source = counting();
    Secret32 secret = Secret32.take(source);

    assertThat(source).containsOnly(0);
    assertThat(secret.reveal()).isEqualTo(counting());
    assertThat(secret).isEqualTo(Secret32.copyOf(counting()));
    assertThat(secret).isNotEqualTo(Secret32.copyOf(new byte[32]));
  }

  @Test
  void aDestroyedSecretCannotBeUsed() {
    Secret32 secret = Secret32.take(counting());
    byte[] inside = secret.raw();
    Secret32 copy = secret.copy();
    secret.destroy();

    assertThat(inside).containsOnly(0);
    assertThat(secret.isDestroyed()).isTrue();
    assertThatThrownBy(secret::reveal).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Hkdf.expand(secret, "a/v1")).isInstanceOf(IllegalStateException.class);
    assertThat(copy.reveal()).isEqualTo(counting());
  }

  @Test
  void nothingSecretIsPrintedOrSerializable() {
    Secret32 secret = Secret32.take(counting());
    PairSecret pair = PairSecret.agree(Digest.ZERO, 0, 1, counting());
    JobKey job = JobKey.restore(0, 0, 0, 1, Secret32.take(counting()));
    StepRandomness step = StepRandomness.restore(Secret32.take(counting()));

    for (Object holder : new Object[] {secret, pair, job, step, KeyStream.of(secret)}) {
      assertThat(holder.toString())
          .contains("withheld")
          .doesNotContain(HexFormat.of().formatHex(counting()).substring(0, 8));
      assertThat(holder).isNotInstanceOf(Serializable.class);
    }
  }

  @Test
  void ratchetingDestroysTheKeyBehind() {
    JobKey first = JobKey.restore(3, 0, 0, 1, Secret32.take(counting()));
    JobKey alike = JobKey.restore(3, 0, 1, 0, Secret32.take(counting()));

    JobKey third = first.advanceTo(2);

    assertThat(first.isDestroyed()).isTrue();
    assertThat(third.step()).isEqualTo(2);
    assertThat(third.key()).isEqualTo(alike.ratchet().ratchet().key());
    assertThatThrownBy(() -> third.advanceTo(1)).isInstanceOf(IllegalArgumentException.class);
  }

  /** An entropy defect would show as two equal first words among 2^16 draws. */
  @Test
  void distinctSeedsGiveDistinctFirstWords() {
    SecureRandom random = new SecureRandom();

    long distinct =
        java.util.stream.IntStream.range(0, 1 << 16)
            .mapToLong(i -> KeyStream.of(Secret32.random(random)).nextWord())
            .distinct()
            .count();

    assertThat(distinct).isEqualTo(1 << 16);
  }
}
