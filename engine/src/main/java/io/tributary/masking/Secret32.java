package io.tributary.masking;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * 32 secret bytes. Compared in constant time, printed as "withheld", zeroed by {@link #destroy};
 * every use after that fails. Not serializable, so it cannot slip into a Spark closure.
 */
public final class Secret32 implements Destroyable {
  /** Length in bytes. */
  public static final int BYTES = 32;

  private final byte[] value;
  private volatile boolean destroyed;

  private Secret32(byte[] value) {
    this.value = value;
  }

  /** Copies; the caller still has to erase its own array. */
  public static Secret32 copyOf(byte[] value) {
    if (value.length != BYTES) {
      throw new IllegalArgumentException("a secret has " + BYTES + " bytes: " + value.length);
    }
    return new Secret32(value.clone());
  }

  /** Copies and zeroes the given array. */
  public static Secret32 take(byte[] value) {
    try {
      return copyOf(value);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  public static Secret32 random(SecureRandom random) {
    byte[] value = new byte[BYTES];
    random.nextBytes(value);
    return take(value);
  }

  /**
   * A copy of the bytes, for a sealed message or the key store; the caller zeroes it.
   *
   * @throws IllegalStateException after {@link #destroy}
   */
  public byte[] reveal() {
    return raw().clone();
  }

  /** The bytes themselves, for this package's computations. */
  byte[] raw() {
    if (destroyed) {
      throw new IllegalStateException("secret was destroyed");
    }
    return value;
  }

  /** An independent copy. */
  public Secret32 copy() {
    return copyOf(raw());
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(value, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  /** Constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret32 that && MessageDigest.isEqual(raw(), that.raw());
  }

  /** One value for all: a hash would print bits of the secret. */
  @Override
  public int hashCode() {
    return BYTES;
  }

  @Override
  public String toString() {
    return "Secret32[withheld]";
  }
}
