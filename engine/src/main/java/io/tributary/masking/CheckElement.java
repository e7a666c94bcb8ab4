package io.tributary.masking;

import io.tributary.codec.FrameShape;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import javax.crypto.Cipher;

/**
 * The check element of a frame: sum of a_j x_j modulo 2^128 (PROTOCOL.md 2.5).
 *
 * <p>x_j is the signed value of element j, a narrow word lifted to a signed number or a wide pair
 * as one number; a_j is the unsigned word of PRG(chk_key) at the element's low word. It is linear
 * on sums that do not wrap, so the sum of the sites' check elements is that of the sum.
 */
final class CheckElement {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private CheckElement() {}

  /**
   * The check element of these values.
   *
   * @param words at least [shape.dataWords()], signed values
   * @param prgKey prg_key(chk_key, f)
   * @return {low, high}
   */
  static long[] of(long[] words, FrameShape shape, byte[] prgKey) {
    Cipher stream = KeyStream.open(prgKey, 0);
    byte[] factors = new byte[KeyStream.CHUNK_BYTES];
    long[] check = new long[FrameShape.CHECK_WORDS];
    int wideTo = 2 * shape.wideElements();
    int dataTo = shape.dataWords();
    for (int at = 0; at < dataTo; at += KeyStream.CHUNK_WORDS) {
      int count = Math.min(KeyStream.CHUNK_WORDS, dataTo - at);
      // A stream cipher may be asked for whole blocks only; one word beyond is not used.
      KeyStream.next(stream, factors, (count + (count & 1)) * Long.BYTES);
      int wideCount = Math.max(0, Math.min(wideTo - at, count));
      addWide(check, words, at, factors, wideCount);
      addNarrow(check, words, at, factors, wideCount, count);
    }
    return check;
  }

  private static void addWide(long[] check, long[] words, int at, byte[] factors, int to) {
    long low = check[0];
    long high = check[1];
    for (int i = 0; i < to; i += 2) {
      long a = (long) WORD.get(factors, i * Long.BYTES);
      long x = words[at + i];
      long productLow = a * x;
      long productHigh = unsignedMultiplyHigh(a, x) + a * words[at + i + 1];
      long sum = low + productLow;
      high += productHigh + MaskStream.carry(low, productLow, sum);
      low = sum;
    }
    check[0] = low;
    check[1] = high;
  }

  private static void addNarrow(
      long[] check, long[] words, int at, byte[] factors, int from, int to) {
    long low = check[0];
    long high = check[1];
    for (int i = from; i < to; i++) {
      long a = (long) WORD.get(factors, i * Long.BYTES);
      long x = words[at + i];
      long productLow = a * x;
      // multiplyHigh reads a as signed; a in [2^63, 2^64) is that plus 2^64, which adds x above.
      long productHigh = Math.multiplyHigh(a, x) + ((a >> 63) & x);
      long sum = low + productLow;
      high += productHigh + MaskStream.carry(low, productLow, sum);
      low = sum;
    }
    check[0] = low;
    check[1] = high;
  }

  /** Upper 64 bits of the product of two unsigned words, without a branch. */
  private static long unsignedMultiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
