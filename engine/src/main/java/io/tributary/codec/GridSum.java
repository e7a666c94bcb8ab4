package io.tributary.codec;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Width;
import io.tributary.study.Errors;

/**
 * Adds records in exact mode: each record's contribution is put on the slot's grid, then integers
 * are added, so any order and any partitioning give the same bits (PROTOCOL.md 2.9).
 *
 * <p>One block of one layout. Not thread-safe; each Spark task fills its own and only {@link
 * #words()} crosses a shuffle.
 */
public final class GridSum {
  private final Layout layout;
  private final long[] words;
  private final int[] offsets;

  public GridSum(Layout layout) {
    this.layout = layout;
    if (layout.blocks() != 1) {
      throw new IllegalArgumentException("one block only: " + layout);
    }
    this.words = new long[layout.words(0)];
    this.offsets = new int[layout.slots().size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = layout.offset(i, 0);
    }
  }

  /** Index of a slot for the {@code add} methods; look it up outside the loop. */
  public int slot(String name) {
    return layout.slotIndex(name);
  }

  /** Adds one person's value to an element of a narrow or wide slot. */
  public void add(int slot, int element, double value) {
    Slot declared = layout.slots().get(slot);
    if (declared.width() == Width.NARROW) {
      int at = offsets[slot] + element;
      long q =
          FixedPoint.narrow(
              declared.name(), value, declared.boundPerPerson(), declared.scaleBits());
      words[at] = addExact(declared, words[at], q);
    } else {
      FixedPoint.addWide(
          declared.name(),
          value,
          declared.boundPerPerson(),
          declared.scaleBits(),
          words,
          offsets[slot] + 2 * element);
    }
  }

  /** Adds a whole number to an element of a count slot. */
  public void count(int slot, int element, long value) {
    Slot declared = layout.slots().get(slot);
    if (declared.scaleBits() != 0 || declared.width() != Width.NARROW) {
      throw new IllegalArgumentException("not a count: " + declared.name());
    }
    if (Math.abs((double) value) > declared.boundPerPerson()) {
      throw Errors.valueOutOfBounds(declared.name(), declared.boundPerPerson());
    }
    int at = offsets[slot] + element;
    words[at] = addExact(declared, words[at], value);
  }

  /** Adds a value to a pair of slots made by {@link Layout.Builder#unbounded}. */
  public void unbounded(int highSlot, int element, double value) {
    Slot high = layout.slots().get(highSlot);
    // The check inside add() would come after the split below, which needs a finite value.
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw Errors.notANumber(high.name());
    }
    if (Math.abs(value) > high.boundPerPerson()) {
      throw Errors.tooLargeToAdd(
          high.name().substring(0, high.name().lastIndexOf('.')), high.boundPerPerson());
    }
    double coarse =
        Math.abs(value) >= 0x1p12 ? value : Math.scalb(Math.rint(Math.scalb(value, 40)), -40);
    add(highSlot, element, coarse);
    add(highSlot + 1, element, value - coarse);
  }

  /** Adds another task's words. */
  public void merge(long[] other) {
    if (other.length != words.length) {
      throw new IllegalArgumentException("words=" + other.length + ", expected " + words.length);
    }
    merge(layout, words, other);
  }

  /** Adds {@code from} into {@code into}, both [layout.words(0)]; for reduce steps. */
  public static void merge(Layout layout, long[] into, long[] from) {
    merge(layout, 0, into, from);
  }

  /** The same for any block, both [layout.words(block)]. */
  public static void merge(Layout layout, int block, long[] into, long[] from) {
    int wideEnd = 2 * layout.wideElements(block);
    for (int at = 0; at < wideEnd; at += 2) {
      FixedPoint.add(into, at, from[at], from[at + 1]);
    }
    for (int at = wideEnd; at < into.length; at++) {
      long sum = into[at] + from[at];
      if (((into[at] ^ sum) & (from[at] ^ sum)) < 0) {
        Slot slot = slotAt(layout, block, at);
        throw Errors.valueOutOfBounds(slot.name(), slot.boundPerSite());
      }
      into[at] = sum;
    }
  }

  /** The words so far, [layout.words(0)]; live, not a copy. */
  public long[] words() {
    return words;
  }

  /** The finished partial. */
  public Partial partial() {
    return Partial.of(layout, words);
  }

  private static long addExact(Slot slot, long a, long b) {
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw Errors.valueOutOfBounds(slot.name(), slot.boundPerSite());
    }
    return sum;
  }

  private static Slot slotAt(Layout layout, int block, int word) {
    for (int i = layout.slots().size() - 1; i >= 0; i--) {
      Slot slot = layout.slots().get(i);
      int at = layout.offset(i, block);
      int end = at + slot.width().words() * slot.size() * layout.rowsIn(block);
      if (word >= at && word < end) {
        return slot;
      }
    }
    throw new IllegalArgumentException("word " + word);
  }

  @Override
  public String toString() {
    return "GridSum[values withheld]";
  }
}
