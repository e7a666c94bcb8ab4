package io.tributary.codec;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.PlaintextAccess;
import io.tributary.analysis.Slot;
import io.tributary.study.Errors;
import java.util.Optional;

/**
 * Doubles on a public power-of-two grid (PROTOCOL.md 2.9): {@code q = rint(v 2^s)}, half to even.
 * Multiplying by 2^s is exact, so the only error is half a grid unit.
 */
public final class FixedPoint {
  private FixedPoint() {}

  /**
   * One narrow element.
   *
   * @param bound largest |v| that may stand here; beyond it VALUE_OUT_OF_BOUNDS, NaN and infinity
   *     NOT_A_NUMBER
   * @return rint(v 2^s); |result| is below 2^63 because the layout was checked
   */
  public static long narrow(String slot, double v, double bound, int scaleBits) {
    check(slot, v, bound);
    return (long) Math.rint(v * power(scaleBits));
  }

  /**
   * Adds rint(v 2^s) to the 128-bit number at {@code words[at]} (low) and {@code words[at + 1]}
   * (high).
   */
  public static void addWide(
      String slot, double v, double bound, int scaleBits, long[] words, int at) {
    check(slot, v, bound);
    // v 2^s as mantissa 2^shift, so that numbers beyond a long keep every bit.
    double scaled = scaleBits == 0 ? v : scale(v, scaleBits);
    if (Math.abs(scaled) < 0x1p62) {
      long q = (long) Math.rint(scaled);
      add(words, at, q, q >> 63);
      return;
    }
    int shift = Math.getExponent(scaled) - 52;
    long mantissa = (Double.doubleToRawLongBits(scaled) & 0xFFFFFFFFFFFFFL) | 0x10000000000000L;
    long low = shift < 64 ? mantissa << shift : 0;
    long high = shift < 64 ? mantissa >>> (64 - shift) : mantissa << (shift - 64);
    if (scaled < 0) {
      low = -low;
      high = ~high + (low == 0 ? 1 : 0);
    }
    add(words, at, low, high);
  }

  /** Adds a 128-bit number with carry. */
  public static void add(long[] words, int at, long low, long high) {
    long sum = words[at] + low;
    words[at + 1] += high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
    words[at] = sum;
  }

  /**
   * Adds partials without masks, for rows that one process holds anyway: the pooled reference and
   * tests. The words are those that masked sums carry, so the answer is the same bits.
   *
   * @param partials all of this layout
   */
  public static Aggregate sumInTheClear(Layout layout, Iterable<Partial> partials) {
    long[][] total = new long[layout.blocks()][];
    for (int block = 0; block < total.length; block++) {
      total[block] = new long[layout.words(block)];
    }
    int sites = 0;
    for (Partial partial : partials) {
      if (!partial.layout().equals(layout)) {
        throw new IllegalArgumentException(partial.layout() + " is not " + layout);
      }
      for (int block = 0; block < total.length; block++) {
        GridSum.merge(layout, block, total[block], encode(partial, block).wordsInTheClear());
      }
      sites++;
    }
    return Aggregate.of(layout, sites, block -> total[block]);
  }

  /** 2^bits, for scales a double can hold. */
  static double power(int bits) {
    return Math.scalb(1.0, bits);
  }

  /**
   * Puts one block of a partial into the form that can be masked. VALUE_OUT_OF_BOUNDS if an element
   * lies beyond its slot's bound per site on the grid, so that no sum can wrap.
   */
  public static FixedVector encode(Partial partial, int block) {
    Layout layout = partial.layout();
    long[] words = partial.words(block, PlaintextAccess.insecure());
    if (words.length != layout.words(block)) {
      throw Errors.internal(
          "A partial's block has " + words.length + " words for " + layout + ".", null);
    }
    Optional<Slot> violated = GridBounds.violated(layout, block, words, 1);
    if (violated.isPresent()) {
      throw Errors.valueOutOfBounds(violated.get().name(), violated.get().boundPerSite());
    }
    return FixedVector.of(LayoutDigest.frame(layout, block), words);
  }

  private static double scale(double v, int bits) {
    // scalb in two steps would round twice for subnormals; the layout bounds |v| 2^s below 2^127.
    return Math.scalb(v, bits);
  }

  private static void check(String slot, double v, double bound) {
    if (!(Math.abs(v) <= bound)) {
      if (Double.isNaN(v) || Double.isInfinite(v)) {
        throw Errors.notANumber(slot);
      }
      throw Errors.valueOutOfBounds(slot, bound);
    }
  }
}
