package io.tributary.masking;

import io.tributary.codec.FrameShape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.crypto.Cipher;

/**
 * Adds and subtracts keystreams over the words of a frame (PROTOCOL.md 2.5, Frames).
 *
 * <p>Narrow words are added modulo 2^64, wide elements modulo 2^128. All peers are done inside one
 * chunk of {@value KeyStream#CHUNK_BYTES} bytes, so that the sums and the keystream stay in the
 * first cache (PROTOCOL.md 2.10). The chunk's sums are an array of their own, with the same index
 * as the keystream's words: the compiler makes vector instructions of such a loop, but not of one
 * whose two arrays are read at different offsets, for it cannot tell that they do not overlap.
 * Static and over primitive arrays: it runs inside Spark executors too.
 */
public final class MaskStream {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The lower half of a word. */
  private static final long LOWER = 0xffff_ffffL;

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
    byte[] mask = new byte[KeyStream.CHUNK_BYTES];
    long[] sums = new long[KeyStream.CHUNK_WORDS];
    long[] upper = new long[KeyStream.CHUNK_WORDS];
    int narrowFrom = 2 * shape.wideElements();
    int narrowTo = shape.checkOffset();
    for (int at = from; at < to; at += KeyStream.CHUNK_WORDS) {
      int count = Math.min(KeyStream.CHUNK_WORDS, to - at);
      // The chunk's words before lowWide and from highWide on are wide; both cuts are even.
      int lowWide = clamp(narrowFrom - at, count);
      int highWide = clamp(narrowTo - at, count);
      System.arraycopy(words, at, sums, 0, count);
      part(sums, upper, 0, lowWide);
      part(sums, upper, highWide, count);
      for (int i = 0; i < streams.length; i++) {
        KeyStream.next(streams[i], mask, count * Long.BYTES);
        if (subtract[i]) {
          subtractWide(sums, upper, mask, 0, lowWide);
          subtractNarrow(sums, mask, lowWide, highWide);
          subtractWide(sums, upper, mask, highWide, count);
        } else {
          addWide(sums, upper, mask, 0, lowWide);
          addNarrow(sums, mask, lowWide, highWide);
          addWide(sums, upper, mask, highWide, count);
        }
      }
      join(sums, upper, 0, lowWide);
      join(sums, upper, highWide, count);
      System.arraycopy(sums, 0, words, at, count);
    }
    Arrays.fill(mask, (byte) 0);
    Arrays.fill(sums, 0);
    Arrays.fill(upper, 0);
  }

  private static int clamp(int value, int most) {
    return Math.max(0, Math.min(value, most));
  }

  /** sums[i] += word i of mask modulo 2^64, for i in [from, to). */
  private static void addNarrow(long[] sums, byte[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      sums[i] += (long) WORD.get(mask, i * Long.BYTES);
    }
  }

  /** sums[i] -= word i of mask modulo 2^64, for i in [from, to). */
  private static void subtractNarrow(long[] sums, byte[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      sums[i] -= (long) WORD.get(mask, i * Long.BYTES);
    }
  }

  /**
   * As {@link #addNarrow}, but modulo 2^128 over pairs of words, low then high. Lower and upper
   * halves of words have sums of their own, in which nothing is carried until {@link #join}: a loop
   * with carries is not made of vector instructions. Good for 2^31 masks.
   *
   * @param upper index as {@code lower}
   */
  static void addWide(long[] lower, long[] upper, byte[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      long word = (long) WORD.get(mask, i * Long.BYTES);
      lower[i] += word & LOWER;
      upper[i] += word >>> 32;
    }
  }

  /** As {@link #addWide}, but subtracts; sums of halves may become negative. */
  static void subtractWide(long[] lower, long[] upper, byte[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      long word = (long) WORD.get(mask, i * Long.BYTES);
      lower[i] -= word & LOWER;
      upper[i] -= word >>> 32;
    }
  }

  /** Takes words, which stand in {@code lower}, apart for {@link #addWide}. */
  static void part(long[] lower, long[] upper, int from, int to) {
    for (int i = from; i < to; i++) {
      upper[i] = lower[i] >>> 32;
      lower[i] &= LOWER;
    }
  }

  /**
   * Makes words of sums of halves, in {@code lower}; what a word carries goes to its pair's high.
   */
  static void join(long[] lower, long[] upper, int from, int to) {
    for (int i = from; i < to; i += 2) {
      long middle = upper[i] + (lower[i] >> 32);
      lower[i] = (middle << 32) | (lower[i] & LOWER);
      lower[i + 1] += (upper[i + 1] << 32) + (middle >> 32);
    }
  }

  /** 1 if a + b, unsigned, needs a 65th bit, else 0; without a branch (Hacker's Delight 2-16). */
  static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }
}
