package io.tributary.masking;

import io.tributary.codec.FrameShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import javax.crypto.Cipher;

/**
 * Adds and subtracts keystreams over the words of a frame (PROTOCOL.md 2.5, Frames).
 *
 * <p>Narrow words are added modulo 2^64, wide elements as one 128-bit number with carry. All peers
 * are done inside one chunk of {@value KeyStream#CHUNK_BYTES} bytes, so that the sums and the
 * keystream stay in the first cache; the additions are plain loops over arrays, which the compiler
 * turns into vector instructions (PROTOCOL.md 2.10). Static and over primitive arrays: it runs
 * inside Spark executors too.
 */
public final class MaskStream {
  private MaskStream() {}

  /**
   * Applies masks to words {@code from} to {@code to - 1}. Both bounds are even, so a frame may be
   * cut among threads anywhere between two cipher blocks.
   *
   * @param words the whole frame, [shape.totalWords()]; changed in place
   * @param prgKeys one 32-byte key for each mask, already derived for this frame
   * @param subtract for each key whether its mask is subtracted instead of added
   */
  public static void apply(
      long[] words, FrameShape shape, int from, int to, byte[][] prgKeys, boolean[] subtract) {
    if (words.length != shape.totalWords()
        || prgKeys.length != subtract.length
        || from < 0
        || to > words.length
        || from > to
        || ((from | to) & 1) != 0) {
      throw new IllegalArgumentException(
          "words=%d from=%d to=%d keys=%d signs=%d for %s"
              .formatted(words.length, from, to, prgKeys.length, subtract.length, shape));
    }
    Cipher[] streams = new Cipher[prgKeys.length];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = KeyStream.open(prgKeys[i], from);
    }
    byte[] bytes = new byte[KeyStream.CHUNK_BYTES];
    LongBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] mask = new long[KeyStream.CHUNK_WORDS];
    int narrowFrom = 2 * shape.wideElements();
    int narrowTo = shape.checkOffset();
    for (int at = from; at < to; at += KeyStream.CHUNK_WORDS) {
      int count = Math.min(KeyStream.CHUNK_WORDS, to - at);
      // The chunk's words before lowWide and from highWide on are wide; both cuts are even.
      int lowWide = clamp(narrowFrom - at, count);
      int highWide = clamp(narrowTo - at, count);
      for (int i = 0; i < streams.length; i++) {
        KeyStream.next(streams[i], bytes, count * Long.BYTES);
        view.get(0, mask, 0, count);
        if (subtract[i]) {
          subtractWide(words, at, mask, 0, lowWide);
          subtractNarrow(words, at, mask, lowWide, highWide);
          subtractWide(words, at, mask, highWide, count);
        } else {
          addWide(words, at, mask, 0, lowWide);
          addNarrow(words, at, mask, lowWide, highWide);
          addWide(words, at, mask, highWide, count);
        }
      }
    }
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(mask, 0);
  }

  private static int clamp(int value, int most) {
    return Math.max(0, Math.min(value, most));
  }

  /** words[at + i] += mask[i] modulo 2^64, for i in [from, to). */
  static void addNarrow(long[] words, int at, long[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      words[at + i] += mask[i];
    }
  }

  /** words[at + i] -= mask[i] modulo 2^64, for i in [from, to). */
  static void subtractNarrow(long[] words, int at, long[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      words[at + i] -= mask[i];
    }
  }

  /** As {@link #addNarrow}, but every two words, low then high, are one number modulo 2^128. */
  static void addWide(long[] words, int at, long[] mask, int from, int to) {
    for (int i = from; i < to; i += 2) {
      long a = words[at + i];
      long b = mask[i];
      long sum = a + b;
      words[at + i] = sum;
      words[at + i + 1] += mask[i + 1] + carry(a, b, sum);
    }
  }

  /** As {@link #subtractNarrow}, modulo 2^128. */
  static void subtractWide(long[] words, int at, long[] mask, int from, int to) {
    for (int i = from; i < to; i += 2) {
      long a = words[at + i];
      long b = mask[i];
      long difference = a - b;
      words[at + i] = difference;
      words[at + i + 1] -= mask[i + 1] + borrow(a, b, difference);
    }
  }

  /** 1 if a + b, unsigned, needs a 65th bit, else 0; without a branch (Hacker's Delight 2-16). */
  static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  /** 1 if a is below b, unsigned, else 0; without a branch (Hacker's Delight 2-16). */
  static long borrow(long a, long b, long difference) {
    return ((~a & b) | ((~a | b) & difference)) >>> 63;
  }
}
