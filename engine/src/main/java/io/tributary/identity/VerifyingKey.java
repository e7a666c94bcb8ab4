package io.tributary.identity;

import io.tributary.codec.Digest;
import io.tributary.study.Errors;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 public key (RFC 8032), as a consortium file pins it: 32 bytes. */
public final class VerifyingKey {
  /** Length of a key in bytes. */
  public static final int BYTES = 32;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_BYTES = 64;

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] encoded;

  /** The same key decoded, which every verification would have to do anew. */
  private final Ed25519.PublicPoint point;

  private VerifyingKey(byte[] encoded, Ed25519.PublicPoint point) {
    this.encoded = encoded;
    this.point = point;
  }

  /**
   * Takes 32 bytes that must be the one encoding of a point of the prime-order group: under a key
   * of small order, signatures verify that nobody made. KEY_INVALID otherwise.
   */
  public static VerifyingKey of(byte[] encoded) {
    Ed25519.PublicPoint point =
        encoded.length == BYTES ? Ed25519.validatePublicKeyFullExport(encoded, 0) : null;
    if (point == null) {
      throw notAKey();
    }
    return new VerifyingKey(encoded.clone(), point);
  }

  /** From 64 lower-case hex digits, the form in the consortium file. KEY_INVALID otherwise. */
  public static VerifyingKey ofHex(String hex) {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw notAKey();
    }
    return of(HEX.parseHex(hex));
  }

  private static RuntimeException notAKey() {
    return Errors.keyInvalid(
        "A verifying key is no Ed25519 public key.",
        "It must be 32 bytes, 64 lower-case hex digits, and a point of the prime-order group.",
        "Ask its owner for the public key that 'keys new' printed.");
  }

  /**
   * Whether this key's owner signed the message. False, never an exception, for a signature of
   * another length or form.
   */
  public boolean verifies(byte[] message, byte[] signature) {
    return signature.length == SIGNATURE_BYTES
        && Ed25519.verify(signature, 0, point, message, 0, message.length);
  }

  /** As {@link #verifies(byte[], byte[])}, for a signed hash. */
  public boolean verifies(Digest message, byte[] signature) {
    return verifies(message.bytes(), signature);
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return encoded.clone();
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return HEX.formatHex(encoded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return "VerifyingKey[" + hex() + "]";
  }
}
