package io.tributary.identity;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Destroyable;

/**
 * The key under which a party's secrets rest on disk (PROTOCOL.md 2.8, Erasure): 32 bytes in a file
 * that its owner alone can read.
 *
 * <pre>
 *   sealed:  nonce [12], AES-256-GCM ciphertext, tag [16]
 * </pre>
 *
 * A random nonce is safe for 2^32 seals under one key (SP 800-38D, 8.3); a store that saves a
 * hundred times a second for a year stays below.
 */
public final class StoreKey implements Destroyable {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final byte[] key;
  private volatile boolean destroyed;

  private StoreKey(byte[] key) {
    this.key = key;
  }

  /** The key in a file; made there at first. KEY_INVALID if the file has another form. */
  public static StoreKey openOrCreate(Path file, SecureRandom random) {
    return new StoreKey(KeyFile.openOrCreateSymmetric(file, KEY_BYTES, "store key", random));
  }

  /** A key for a store that does not outlive the process. */
  public static StoreKey ephemeral(SecureRandom random) {
    byte[] fresh = new byte[KEY_BYTES];
    random.nextBytes(fresh);
    return new StoreKey(fresh);
  }

  /**
   * Seals bytes.
   *
   * @param associated what they belong to; has to be the same when they are opened
   */
  public byte[] seal(byte[] plaintext, byte[] associated, SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, associated);
      byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(plaintext.length));
      cipher.doFinal(plaintext, 0, plaintext.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
    }
  }

  /** Opens what {@link #seal} gave; STATE_ROLLED_BACK if it is other bytes or another key's. */
  public byte[] open(byte[] sealed, byte[] associated) {
    if (sealed.length < NONCE_BYTES + TAG_BITS / 8) {
      throw foreign();
    }
    try {
      byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
      return cipher(Cipher.DECRYPT_MODE, nonce, associated)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw foreign();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] associated) throws GeneralSecurityException {
    if (destroyed) {
      throw new IllegalStateException("store key was destroyed");
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(associated);
    return cipher;
  }

  private static RuntimeException foreign() {
    return Errors.protocol(
        ErrorCode.STATE_ROLLED_BACK,
        "A file of secrets does not open.",
        "It was altered, or its store key is another one.",
        "Restore the whole state folder, never single files; else remove it and take part anew.");
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "StoreKey[withheld]";
  }
}
