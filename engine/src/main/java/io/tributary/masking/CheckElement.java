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

  /** Two sums side by side: in one, each addition would wait for the carry of the last. */
  private static void addNarrow(
      long[] check, long[] words, int at, byte[] factors, int from, int to) {
    long low = check[0];
    long high = check[1];
    long otherLow = 0;
    long otherHigh = 0;
    int i = from;
    for (; i + 1 < to; i += 2) {
      long a = (long) WORD.get(factors, i * Long.BYTES);
      long x = words[at + i];
      long product = a * x;
      long sum = low + product;
      high += highOfSigned(a, x) + MaskStream.carry(low, product, sum);
      low = sum;

      long b = (long) WORD.get(factors, (i + 1) * Long.BYTES);
      long y = words[at + i + 1];
      long otherProduct = b * y;
      long otherSum = otherLow + otherProduct;
      otherHigh += highOfSigned(b, y) + MaskStream.carry(otherLow, otherProduct, otherSum);
      otherLow = otherSum;
    }
    if (i < to) {
      long a = (long) WORD.get(factors, i * Long.BYTES);
      long product = a * words[at + i];
      long sum = low + product;
      high += highOfSigned(a, words[at + i]) + MaskStream.carry(low, product, sum);
      low = sum;
    }
    check[0] = low + otherLow;
    check[1] = high + otherHigh + MaskStream.carry(low, otherLow, check[0]);
  }

  /**
   * Upper 64 bits of an unsigned times a signed word. multiplyHigh reads a as signed; a in [2^63,
   * 2^64) is that plus 2^64, which adds x above.
   */
  private static long highOfSigned(long a, long x) {
    return Math.multiplyHigh(a, x) + ((a >> 63) & x);
  }

  /** Upper 64 bits of the product of two unsigned words, without a branch. */
  private static long unsignedMultiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
