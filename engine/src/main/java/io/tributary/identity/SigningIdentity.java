package io.tributary.identity;

import io.tributary.codec.Digest;
import io.tributary.study.Errors;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.security.auth.Destroyable;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The Ed25519 private key (RFC 8032) of a site, a coordinator or an analyst. It signs hashes of
 * canonical objects (PROTOCOL.md 2.3); it is stored by {@link KeyFile} and printed as "withheld".
 */
public final class SigningIdentity implements Destroyable {
  /** Length of the private seed in bytes. */
  public static final int SEED_BYTES = 32;

  /** PKCS #8 of an Ed25519 key up to its seed (RFC 8410, section 7). */
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final byte[] seed;
  private final VerifyingKey verifyingKey;
  private volatile boolean destroyed;

  private SigningIdentity(byte[] seed) {
    this.seed = seed;
    byte[] publicKey = new byte[VerifyingKey.BYTES];
    Ed25519.generatePublicKey(seed, 0, publicKey, 0);
    this.verifyingKey = VerifyingKey.of(publicKey);
  }

  public static SigningIdentity generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return new SigningIdentity(seed);
  }

  /** From the 32-byte seed of RFC 8032; copied, the caller zeroes its own. */
  public static SigningIdentity ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("seedBytes=" + seed.length);
    }
    return new SigningIdentity(seed.clone());
  }

  /** From PKCS #8 in DER. KEY_INVALID for any other kind of key. */
  static SigningIdentity ofPkcs8(byte[] der) {
    int at = PKCS8_PREFIX.length;
    if (der.length != at + SEED_BYTES || !Arrays.equals(der, 0, at, PKCS8_PREFIX, 0, at)) {
      throw Errors.keyInvalid(
          "The key file holds no Ed25519 private key.",
          "A signing key is 32 bytes in PKCS #8.",
          "Name the file that 'keys new' wrote.");
    }
    return new SigningIdentity(Arrays.copyOfRange(der, at, der.length));
  }

  /** PKCS #8 in DER; the caller zeroes it. */
  byte[] pkcs8() {
    alive();
    byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_BYTES);
    System.arraycopy(seed, 0, der, PKCS8_PREFIX.length, SEED_BYTES);
    return der;
  }

  /** A signature of 64 bytes; the same message gives the same bytes. */
  public byte[] sign(byte[] message) {
    alive();
    byte[] signature = new byte[VerifyingKey.SIGNATURE_BYTES];
    Ed25519.sign(seed, 0, verifyingKey.bytes(), 0, null, message, 0, message.length, signature, 0);
    return signature;
  }

  /** As {@link #sign(byte[])}, of a hash. */
  public byte[] sign(Digest message) {
    return sign(message.bytes());
  }

  public VerifyingKey verifyingKey() {
    return verifyingKey;
  }

  private void alive() {
    if (destroyed) {
      throw new IllegalStateException("signing key was destroyed");
    }
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(seed, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public String toString() {
    return "SigningIdentity[" + verifyingKey.hex() + ", private key withheld]";
  }
}
