package io.tributary.masking;

import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM under a key that encrypts one message only, so the nonce is zero and nobody has to
 * manage nonces (PROTOCOL.md 2.1). The caller sees to it that the key is bound to the message's
 * place, or, for seals, to the message itself.
 */
final class SingleUseGcm {
  static final int TAG_BYTES = 16;

  private static final byte[] ZERO_NONCE = new byte[12];

  private SingleUseGcm() {}

  static byte[] encrypt(Secret32 key, byte[] associated, byte[] plaintext) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, key, associated).doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
    }
  }

  /** Empty if the ciphertext or what is associated with it is not what was encrypted. */
  static Optional<byte[]> decrypt(Secret32 key, byte[] associated, byte[] ciphertext) {
    if (ciphertext.length < TAG_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, key, associated).doFinal(ciphertext));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
    }
  }

  private static Cipher cipher(int mode, Secret32 key, byte[] associated)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(key.raw(), "AES"), new GCMParameterSpec(8 * TAG_BYTES, ZERO_NONCE));
    cipher.updateAAD(associated);
    return cipher;
  }
}
