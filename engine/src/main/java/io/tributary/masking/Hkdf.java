package io.tributary.masking;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * HKDF-SHA-256 (RFC 5869). Every derived key is 32 bytes and its info is a canonical object, so no
 * two uses share an input (PROTOCOL.md 2.2, 2.3).
 */
public final class Hkdf {
  private static final int HASH_BYTES = 32;

  /** Above this the platform's SHA-256, which uses the processor's, is worth its set-up. */
  private static final int LONG_MESSAGE_BYTES = 4096;

  private static final int CHUNK_WORDS = 1024;

  private Hkdf() {}

  /** HKDF-Extract. {@code input} is zeroed. */
  public static Secret32 extract(Digest salt, byte[] input) {
    byte[] prk = hmac(salt.bytes(), input);
    Arrays.fill(input, (byte) 0);
    return Secret32.take(prk);
  }

  /** HKDF-Expand to 32 bytes with info = enc(label, fields). */
  public static Secret32 expand(Secret32 key, String label, byte[]... fields) {
    return Secret32.take(expand(key.raw(), Canonical.enc(label, fields), HASH_BYTES));
  }

  /** HMAC-SHA-256. */
  public static Digest mac(Secret32 key, byte[] message) {
    return Digest.of(hmac(key.raw(), message));
  }

  /**
   * HMAC-SHA-256 over a message and the little-endian bytes of the first {@code count} words, which
   * are never together in one array.
   */
  static Digest mac(Secret32 key, byte[] head, long[] words, int count) {
    Mac mac = platformMac(key.raw());
    mac.update(head);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_WORDS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    LongBuffer view = chunk.asLongBuffer();
    for (int at = 0; at < count; at += CHUNK_WORDS) {
      int next = Math.min(CHUNK_WORDS, count - at);
      view.clear().put(words, at, next);
      mac.update(chunk.array(), 0, next * Long.BYTES);
    }
    Arrays.fill(chunk.array(), (byte) 0);
    return Digest.of(mac.doFinal());
  }

  /** RFC 5869, 2.3, for any length up to 255 hashes. */
  static byte[] expand(byte[] key, byte[] info, int bytes) {
    if (bytes < 1 || bytes > 255 * HASH_BYTES) {
      throw new IllegalArgumentException("bytes=" + bytes);
    }
    byte[] out = new byte[bytes];
    byte[] block = new byte[0];
    for (int at = 0, count = 1; at < bytes; at += HASH_BYTES, count++) {
      byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
      System.arraycopy(info, 0, input, block.length, info.length);
      input[input.length - 1] = (byte) count;
      Arrays.fill(block, (byte) 0);
      block = hmac(key, input);
      Arrays.fill(input, (byte) 0);
      System.arraycopy(block, 0, out, at, Math.min(HASH_BYTES, bytes - at));
    }
    Arrays.fill(block, (byte) 0);
    return out;
  }

  static byte[] hmac(byte[] key, byte[] message) {
    if (message.length > LONG_MESSAGE_BYTES) {
      return platformMac(key).doFinal(message);
    }
    HMac mac = new HMac(new SHA256Digest());
    mac.init(new KeyParameter(key));
    mac.update(message, 0, message.length);
    byte[] out = new byte[HASH_BYTES];
    mac.doFinal(out, 0);
    return out;
  }

  private static Mac platformMac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
