package io.tributary.identity;

import io.tributary.codec.Digest;
import io.tributary.study.Errors;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key (RFC 8032), as a consortium file pins it: 32 bytes.
 *
 * <p>A round's certificate holds a signature of every site, and every site verifies them all
 * (PROTOCOL.md 2.5, R2), so the keys of a roster verify over and over. Multiples of the key's point
 * are therefore prepared once, which halves the cost of a verification (DECISIONS.md).
 */
public final class VerifyingKey {
  /** Length of a key in bytes. */
  public static final int BYTES = 32;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_BYTES = 64;

  private static final HexFormat HEX = HexFormat.of();

  /** Order of the group, 2^252 + 27742317777372353535851937790883648493. */
  private static final BigInteger ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /** A roster of 256 sites and more at hand; 98 kB each. */
  private static final int PREPARED_KEYS = 320;

  /** By key, the one used longest ago first. */
  private static final Map<VerifyingKey, PointMultiples> PREPARED =
      new LinkedHashMap<>(16, 0.75f, true);

  private final byte[] encoded;

  private VerifyingKey(byte[] encoded) {
    this.encoded = encoded;
  }

  /**
   * Takes 32 bytes that must be the one encoding of a point of the prime-order group: under a key
   * of small order, signatures verify that nobody made. KEY_INVALID otherwise.
   */
  public static VerifyingKey of(byte[] encoded) {
    if (encoded.length != BYTES || !Ed25519.validatePublicKeyFull(encoded, 0)) {
      throw notAKey();
    }
    return new VerifyingKey(encoded.clone());
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
   * Whether this key's owner signed the message: S is below the group's order and R is the one
   * encoding of S B - k A (RFC 8032, 5.1.7, the equation without the cofactor). False, never an
   * exception, for a signature of another length or form.
   */
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    byte[] s = Arrays.copyOfRange(signature, BYTES, SIGNATURE_BYTES);
    if (number(s).compareTo(ORDER) >= 0) {
      return false;
    }
    byte[] k = scalar(number(challenge(message, signature)).mod(ORDER));
    byte[] r = PointMultiples.sum(PointMultiples.BASE, s, multiples(), k);
    return Arrays.equals(r, 0, BYTES, signature, 0, BYTES);
  }

  /** SHA-512 of R, A and the message. */
  private byte[] challenge(byte[] message, byte[] signature) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-512");
      hash.update(signature, 0, BYTES);
      hash.update(encoded);
      return hash.digest(message);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }

  private PointMultiples multiples() {
    synchronized (PREPARED) {
      PointMultiples prepared = PREPARED.get(this);
      if (prepared != null) {
        return prepared;
      }
    }
    // Outside the lock: two threads may prepare the same, none waits for another's key.
    PointMultiples prepared = PointMultiples.ofNegative(encoded);
    synchronized (PREPARED) {
      PREPARED.put(this, prepared);
      if (PREPARED.size() > PREPARED_KEYS) {
        PREPARED.remove(PREPARED.keySet().iterator().next());
      }
    }
    return prepared;
  }

  private static BigInteger number(byte[] littleEndian) {
    return new BigInteger(1, reversed(littleEndian));
  }

  private static byte[] scalar(BigInteger number) {
    byte[] digits = reversed(number.toByteArray());
    return Arrays.copyOf(digits, BYTES);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes[out.length - 1 - i];
    }
    return out;
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
