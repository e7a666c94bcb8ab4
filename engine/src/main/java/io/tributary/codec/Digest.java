package io.tributary.codec;

import io.tributary.study.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 value: 32 bytes, immutable, compared in constant time. Ordered by unsigned bytes, which
 * is also the order of {@link #hex}.
 */
public final class Digest implements Comparable<Digest> {
  /** Length in bytes. */
  public static final int BYTES = 32;

  /** 32 zero bytes: what stands where there is no earlier transcript (PROTOCOL.md 2.3). */
  public static final Digest ZERO = new Digest(new byte[BYTES]);

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] value;

  private Digest(byte[] value) {
    this.value = value;
  }

  /** A digest computed elsewhere, exactly 32 bytes; copied. BAD_MESSAGE for another length. */
  public static Digest of(byte[] value) {
    if (value.length != BYTES) {
      throw Errors.badMessage("A digest has " + value.length + " bytes, not " + BYTES + ".");
    }
    return new Digest(value.clone());
  }

  /** SHA-256 of an object's bytes as stored. */
  public static Digest sha256(byte[] data) {
    return new Digest(sha256().digest(data));
  }

  /** SHA-256 of all that is left of a stream, which is read but not kept and not closed. */
  public static Digest sha256(InputStream data) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[1 << 16];
    for (int read = data.read(buffer); read >= 0; read = data.read(buffer)) {
      sha256.update(buffer, 0, read);
    }
    return new Digest(sha256.digest());
  }

  /** 64 lower-case hex digits. BAD_MESSAGE for anything else. */
  public static Digest ofHex(String hex) {
    if (hex.length() != 2 * BYTES || !hex.chars().allMatch(Digest::isLowerHex)) {
      throw Errors.badMessage("A digest is written as 64 lower-case hex digits.");
    }
    return new Digest(HEX.parseHex(hex));
  }

  /** A fresh SHA-256 computation. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isLowerHex(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return value.clone();
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return HEX.formatHex(value);
  }

  /** The first 16 hex digits: how an object's name ends (PROTOCOL.md 2.5). */
  public String shortHex() {
    return HEX.formatHex(value, 0, 8);
  }

  @Override
  public int compareTo(Digest other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  /** Constant time, so that it may also compare authentication tags. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && MessageDigest.isEqual(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
