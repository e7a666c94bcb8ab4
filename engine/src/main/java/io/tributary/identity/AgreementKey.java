package io.tributary.identity;

import io.tributary.study.Errors;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * An X25519 private key (RFC 7748), fresh for every epoch (PROTOCOL.md 2.4). Destroyed at
 * activation, so that no key is left from which a later round could be opened.
 */
public final class AgreementKey implements Destroyable {
  /** Length of a private key, a public key and an agreed value in bytes. */
  public static final int BYTES = 32;

  private final byte[] scalar;
  private final byte[] publicKey = new byte[BYTES];
  private volatile boolean destroyed;

  private AgreementKey(byte[] scalar) {
    this.scalar = scalar;
    X25519.generatePublicKey(scalar, 0, publicKey, 0);
  }

  public static AgreementKey generate(SecureRandom random) {
    byte[] scalar = new byte[BYTES];
    X25519.generatePrivateKey(random, scalar);
    return new AgreementKey(scalar);
  }

  /** As read from the key store; copied, the caller zeroes its own. */
  public static AgreementKey restore(byte[] scalar) {
    if (scalar.length != BYTES) {
      throw new IllegalArgumentException("scalarBytes=" + scalar.length);
    }
    return new AgreementKey(scalar.clone());
  }

  /** A copy of the private bytes for the key store; the caller zeroes it. */
  public byte[] reveal() {
    alive();
    return scalar.clone();
  }

  /** A copy of the 32 public bytes. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /**
   * Refuses with BAD_MESSAGE a public key that is not 32 bytes or not a number below 2^255 - 19: an
   * honest key has one encoding, and a roster is to hold no key twice.
   */
  public static void checkPublicKey(byte[] peerPublic) {
    if (peerPublic.length != BYTES || !isReduced(peerPublic)) {
      throw Errors.badMessage("An agreement key is not 32 bytes in reduced form.");
    }
  }

  private static boolean isReduced(byte[] littleEndian) {
    // Not reduced: the top bit is set, or it is 2^255 - 19 .. 2^255 - 1.
    int low = littleEndian[0] & 0xff;
    boolean ones = (littleEndian[BYTES - 1] & 0xff) == 0x7f;
    for (int i = 1; i < BYTES - 1; i++) {
      ones &= (littleEndian[i] & 0xff) == 0xff;
    }
    return littleEndian[BYTES - 1] >= 0 && !(ones && low >= 0xed);
  }

  /**
   * X25519(own, peer), 32 bytes, input to a key derivation only; the caller zeroes it. BAD_MESSAGE
   * if {@link #checkPublicKey} refuses or the result is zero, which a point of small order forces.
   */
  public byte[] agree(byte[] peerPublic) {
    alive();
    checkPublicKey(peerPublic);
    byte[] agreed = new byte[BYTES];
    if (!X25519.calculateAgreement(scalar, 0, peerPublic, 0, agreed, 0)) {
      throw Errors.badMessage("An agreement key is a point of small order.");
    }
    return agreed;
  }

  private void alive() {
    if (destroyed) {
      throw new IllegalStateException("agreement key was destroyed");
    }
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(scalar, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "AgreementKey[withheld]";
  }
}
