package io.tributary.identity;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Destroyable;

/**
 * The key under which a site's ledger remembers persons: HMAC-SHA-256 (RFC 2104), so that its files
 * tell nobody without the key who was in a cohort. 32 bytes in a file that its owner alone can
 * read. It stays in the driver: it is not serializable, and hashes are taken where it is.
 */
public final class FingerprintKey implements Destroyable {
  private static final int KEY_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key;
  private volatile boolean destroyed;

  private FingerprintKey(byte[] key) {
    this.key = key;
  }

  /** The key in a file; made there at first. KEY_INVALID if the file has another form. */
  public static FingerprintKey openOrCreate(Path file, SecureRandom random) {
    return new FingerprintKey(
        KeyFile.openOrCreateSymmetric(file, KEY_BYTES, "fingerprint key", random));
  }

  /** A function of this key for one thread. */
  public Hash hash() {
    if (destroyed) {
      throw new IllegalStateException("fingerprint key was destroyed");
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return new Hash(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A keyed hash; not thread-safe. */
  public static final class Hash {
    private final Mac mac;

    private Hash(Mac mac) {
      this.mac = mac;
    }

    /** 32 bytes of {@code domain} and the message; the domain tells uses apart. */
    public byte[] of(int domain, byte[] message) {
      mac.update((byte) (domain >>> 24));
      mac.update((byte) (domain >>> 16));
      mac.update((byte) (domain >>> 8));
      mac.update((byte) domain);
      return mac.doFinal(message);
    }

    @Override
    public String toString() {
      return "Hash[withheld]";
    }
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
    return "FingerprintKey[withheld]";
  }
}
