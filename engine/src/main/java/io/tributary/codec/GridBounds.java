package io.tributary.codec;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * The bounds of a layout on its integer grid (PROTOCOL.md 2.9): a site's element q has |q| <= B =
 * rint(bound 2^s), a sum of n sites |S| <= n B. Exact, in 128 bits for wide slots.
 */
public final class GridBounds {
  private GridBounds() {}

  /**
   * The first slot with an element beyond its bound.
   *
   * @param words data words of one block, [layout.words(block)]
   * @param sites 1 for a site's own part, |U| for a sum
   */
  public static Optional<Slot> violated(Layout layout, int block, long[] words, int sites) {
    for (int i = 0; i < layout.slots().size(); i++) {
      Slot slot = layout.slots().get(i);
      BigInteger bound = bound(slot).multiply(BigInteger.valueOf(sites));
      int at = layout.offset(i, block);
      int elements = slot.size() * layout.rowsIn(block);
      boolean within =
          slot.width() == Width.NARROW
              ? narrowWithin(words, at, elements, clamp(bound))
              : wideWithin(words, at, elements, bound);
      if (!within) {
        return Optional.of(slot);
      }
    }
    return Optional.empty();
  }

  private static BigInteger bound(Slot slot) {
    BigDecimal scaled = new BigDecimal(slot.boundPerSite());
    BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(slot.scaleBits())));
    BigDecimal grid = slot.scaleBits() >= 0 ? scaled.multiply(power) : scaled.divide(power);
    return grid.setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  private static long clamp(BigInteger bound) {
    return bound.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
  }

  private static boolean narrowWithin(long[] words, int at, int elements, long bound) {
    boolean within = true;
    for (int i = at; i < at + elements; i++) {
      within &= words[i] <= bound && words[i] >= -bound;
    }
    return within;
  }

  private static boolean wideWithin(long[] words, int at, int elements, BigInteger bound) {
    long boundLow = bound.longValue();
    long boundHigh = bound.shiftRight(64).longValue();
    boolean within = true;
    for (int i = at; i < at + 2 * elements; i += 2) {
      long low = words[i];
      long high = words[i + 1];
      if (high < 0) {
        low = -low;
        high = ~high + (low == 0 ? 1 : 0);
      }
      // |q| as an unsigned 128-bit number; the least value, -2^127, stays negative and fails.
      within &=
          high >= 0
              && (high < boundHigh
                  || (high == boundHigh && Long.compareUnsigned(low, boundLow) <= 0));
    }
    return within;
  }
}
