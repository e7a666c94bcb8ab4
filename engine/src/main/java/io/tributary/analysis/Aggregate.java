package io.tributary.analysis;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.BitSet;

/**
 * The sum of all contributors' partials: what the coordinator learns from one round. Elements are
 * centred integers on the slot's grid; the accessors divide by the scale.
 */
public final class Aggregate {
  private final Layout layout;
  private final int contributors;
  private final Partial.Blocks blocks;
  private final BitSet left;

  private Aggregate(Layout layout, int contributors, Partial.Blocks blocks, BitSet left) {
    this.layout = layout;
    this.contributors = contributors;
    this.blocks = blocks;
    this.left = left;
  }

  public static Aggregate of(Layout layout, int contributors, Partial.Blocks blocks) {
    return new Aggregate(layout, contributors, blocks, new BitSet());
  }

  public static Aggregate of(Layout layout, int contributors, long[] words) {
    if (layout.blocks() != 1 || words.length != layout.words(0)) {
      throw new IllegalArgumentException("words=" + words.length + " for " + layout);
    }
    return of(layout, contributors, block -> words);
  }

  /**
   * The same sum, of which it is known that sites left places empty (PROTOCOL.md 2.11, support
   * round): what stands there is no zero.
   *
   * @param places numbered slot after slot, in the layout's order; one block
   */
  public Aggregate without(BitSet places) {
    return new Aggregate(layout, contributors, blocks, (BitSet) places.clone());
  }

  /** Elements of a slot that the sites left empty, by their number in the slot. */
  public BitSet leftOut(String slot) {
    int at = 0;
    for (Slot each : layout.slots()) {
      int size = each.size() * layout.rowsIn(0);
      if (each.name().equals(slot)) {
        return left.get(at, at + size);
      }
      at += size;
    }
    throw new IllegalArgumentException("no slot named " + slot);
  }

  public Layout layout() {
    return layout;
  }

  /** Sites in the sum. */
  public int contributors() {
    return contributors;
  }

  /** Words of one block, [layout.words(block)]. */
  public long[] words(int block) {
    return blocks.words(block);
  }

  /** A slot of whole numbers, [rows of block 0 x size]. */
  public long[] counts(String slot) {
    int index = layout.slotIndex(slot);
    Slot declared = layout.slots().get(index);
    if (declared.scaleBits() != 0 || declared.width() != Width.NARROW) {
      throw new IllegalArgumentException("not a count: " + slot);
    }
    long[] words = words(0);
    long[] values = new long[declared.size() * layout.rowsIn(0)];
    System.arraycopy(words, layout.offset(index, 0), values, 0, values.length);
    return values;
  }

  /** One whole number of a slot of size 1. */
  public long count(String slot) {
    return counts(slot)[0];
  }

  /** A slot's elements in its unit, rounded once to double, [rows of block 0 x size]. */
  public double[] values(String slot) {
    int index = layout.slotIndex(slot);
    Slot declared = layout.slots().get(index);
    double[] values = new double[declared.size() * layout.rowsIn(0)];
    long[] words = words(0);
    int at = layout.offset(index, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          declared.width() == Width.NARROW
              ? Math.scalb((double) words[at + i], -declared.scaleBits())
              : wide(words[at + 2 * i], words[at + 2 * i + 1])
                  .multiply(power(-declared.scaleBits()))
                  .doubleValue();
    }
    return values;
  }

  /** One element without rounding. */
  public BigDecimal exact(String slot, int element) {
    int index = layout.slotIndex(slot);
    Slot declared = layout.slots().get(index);
    long[] words = words(0);
    int at = layout.offset(index, 0);
    BigDecimal whole =
        declared.width() == Width.NARROW
            ? BigDecimal.valueOf(words[at + element])
            : wide(words[at + 2 * element], words[at + 2 * element + 1]);
    return whole.multiply(power(-declared.scaleBits()));
  }

  /** One element of a pair declared by {@link Layout.Builder#unbounded}, without rounding. */
  public BigDecimal unbounded(String slot, int element) {
    return exact(slot + ".high", element).add(exact(slot + ".low", element));
  }

  private static BigDecimal wide(long low, long high) {
    BigInteger value =
        BigInteger.valueOf(high)
            .shiftLeft(64)
            .add(BigInteger.valueOf(low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1)));
    return new BigDecimal(value);
  }

  private static BigDecimal power(int exponent) {
    return exponent >= 0
        ? new BigDecimal(BigInteger.ONE.shiftLeft(exponent))
        : BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-exponent)));
  }

  @Override
  public String toString() {
    return "Aggregate[contributors=" + contributors + ", " + layout + "]";
  }
}
