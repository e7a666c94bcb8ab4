package io.tributary.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningIdentityTest {
  @Test
  void everyFlippedBitOfASignatureIsNoticed() {
    SigningIdentity identity = SigningIdentity.generate(new SecureRandom());
    Digest message = Digest.sha256(new byte[] {1});
    byte[] signature = identity.sign(message);

    assertThat(identity.verifyingKey().verifies(message, signature)).isTrue();
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(identity.verifyingKey().verifies(message, changed)).isFalse();
    }
    assertThat(identity.verifyingKey().verifies(Digest.ZERO, signature)).isFalse();
  }

  @Test
  void malformedSignaturesAreFalseAndNoException() {
    SigningIdentity identity = SigningIdentity.generate(new SecureRandom());
    VerifyingKey key = identity.verifyingKey();
    byte[] message = {5};
    byte[] signature = identity.sign(message);

    assertThat(key.verifies(message, new byte[0])).isFalse();
    assertThat(key.verifies(message, new byte[64])).isFalse();
    assertThat(key.verifies(message, Arrays.copyOf(signature, 63))).isFalse();
    assertThat(key.verifies(message, Arrays.copyOf(signature, 65))).isFalse();
    // s + L, the same number modulo the group's order: a second encoding of one signature.
    assertThat(key.verifies(message, withOrderAdded(signature))).isFalse();
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);
    assertThat(key.verifies(message, ones)).isFalse();
  }

  /**
   * Points of order 1, 2, 4, 4, 8, 8; one outside the curve; two not reduced; one of mixed order.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "0200000000000000000000000000000000000000000000000000000000000000",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "16a567fe7d4ef5482ab4012c369bf8c5f11e8d0c2559dcda50fde59708f8aee5",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751",
        "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A"
      })
  void keysOutsideThePrimeOrderGroupAreRefused(String key) {
    assertThatThrownBy(() -> VerifyingKey.ofHex(key))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_INVALID));
  }

  @Test
  void theSeedIsWithheldAndErased() {
    byte[] seed = new byte[32];
    seed[0] = 77;
    SigningIdentity identity = SigningIdentity.ofSeed(seed);

    assertThat(identity.toString()).contains("withheld").doesNotContain("4d000000");
    identity.destroy();
    assertThatThrownBy(() -> identity.sign(Digest.ZERO)).isInstanceOf(IllegalStateException.class);
    assertThat(seed[0]).isEqualTo((byte) 77);
  }

  private static byte[] withOrderAdded(byte[] signature) {
    BigInteger order =
        BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
    byte[] s = new byte[32];
    for (int i = 0; i < 32; i++) {
      s[i] = signature[63 - i];
    }
    byte[] sum = new BigInteger(1, s).add(order).toByteArray();
    byte[] changed = Arrays.copyOf(signature, 64);
    for (int i = 0; i < 32; i++) {
      int at = sum.length - 1 - i;
      changed[32 + i] = at >= 0 ? sum[at] : 0;
    }
    return changed;
  }
}
