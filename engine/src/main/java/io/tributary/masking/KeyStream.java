package io.tributary.masking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The words of AES-256-CTR(key, IV 0): word w is keystream bytes 8w .. 8w+7, little-endian
 * (PROTOCOL.md 2.5, Frames). Starts at any even word, since a cipher block is two words.
 *
 * <p>The cipher is fed {@value #CHUNK_BYTES} bytes at a time. Larger calls are a trap before JDK
 * 24: the CTR intrinsic is only taken once the method has been compiled, and a method called rarely
 * with much to do stays interpreted, at a twentieth of the speed (PROTOCOL.md 2.10, JDK-8344766).
 */
public final class KeyStream {
  static final int CHUNK_BYTES = 8192;
  static final int CHUNK_WORDS = CHUNK_BYTES / Long.BYTES;

  private static final int BLOCK_WORDS = 2;
  private static final String TRANSFORMATION = "AES/CTR/NoPadding";

  /** The platform's first; looked up once, since a round opens a stream for every pair of sites. */
  private static final Provider PROVIDER = provider();

  private static final byte[] ZEROS = new byte[CHUNK_BYTES];

  private final Cipher cipher;
  private final byte[] bytes = new byte[CHUNK_BYTES];
  private final LongBuffer view =
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
  private final long[] buffered = new long[CHUNK_WORDS];
  private int next = CHUNK_WORDS;

  private static Provider provider() {
    try {
      return Cipher.getInstance(TRANSFORMATION).getProvider();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + TRANSFORMATION, e);
    }
  }

  private KeyStream(Cipher cipher) {
    this.cipher = cipher;
  }

  /** The stream of a derived key, from word 0. */
  public static KeyStream of(Secret32 key) {
    return at(key.raw(), 0);
  }

  /**
   * The stream of a raw key from a word on.
   *
   * @param key 32 bytes
   * @param firstWord even
   */
  static KeyStream at(byte[] key, long firstWord) {
    return new KeyStream(open(key, firstWord));
  }

  /** An open cipher that gives the keystream from {@code firstWord} on. */
  static Cipher open(byte[] key, long firstWord) {
    if (key.length != Secret32.BYTES || firstWord < 0 || firstWord % BLOCK_WORDS != 0) {
      throw new IllegalArgumentException(
          "keyBytes=" + key.length + " firstWord=" + firstWord + " must be 32 and even");
    }
    byte[] counter = new byte[16];
    ByteBuffer.wrap(counter).putLong(Long.BYTES, firstWord / BLOCK_WORDS);
    return open(key, counter);
  }

  /** AES-256-CTR from a counter block on (SP 800-38A). */
  static Cipher open(byte[] key, byte[] counter) {
    try {
      Cipher cipher = Cipher.getInstance(TRANSFORMATION, PROVIDER);
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + TRANSFORMATION, e);
    }
  }

  /** Writes the next {@code count} bytes, at most {@value #CHUNK_BYTES}, to {@code out}. */
  static void next(Cipher cipher, byte[] out, int count) {
    try {
      if (cipher.update(ZEROS, 0, count, out, 0) != count) {
        throw new IllegalStateException("a stream cipher gave less than it took");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the keystream chunk has room", e);
    }
  }

  /** The next word. */
  public long nextWord() {
    if (next == CHUNK_WORDS) {
      next(cipher, bytes, CHUNK_BYTES);
      view.get(0, buffered);
      next = 0;
    }
    long word = buffered[next];
    buffered[next++] = 0;
    return word;
  }

  /** Zeroes what was drawn ahead. */
  public void erase() {
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(buffered, 0);
    next = CHUNK_WORDS;
  }

  @Override
  public String toString() {
    return "KeyStream[withheld]";
  }
}
