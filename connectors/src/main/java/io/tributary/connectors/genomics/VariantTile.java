package io.tributary.connectors.genomics;

import java.util.Arrays;

/**
 * Calls of a few thousand variants of the study's list, one row a variant, in the order of the
 * file's samples: copies of the list's ALT.
 *
 * <p>Hardcalls take two bits: 0, 1, 2 copies, 3 missing. Sample i of a row stands in bits 2 (i mod
 * 32) and 2 (i mod 32) + 1 of word i / 32; bits beyond the last sample are zero. So a word that is
 * zero is 32 samples without a copy, and counting takes three population counts a word.
 *
 * <p>Not thread-safe; one a task.
 */
public final class VariantTile {
  /** Variants of one tile, at most; also the unit of work of the kernels. */
  public static final int MAX_VARIANTS = 4096;

  /** Low bits of all pairs. */
  public static final long LOW = 0x5555555555555555L;

  private final int samples;
  private final int stride;
  private final long[] words;
  private int variants;

  /**
   * An empty tile.
   *
   * @param capacity variants it can take, at most {@link #MAX_VARIANTS}
   */
  public VariantTile(int samples, int capacity) {
    if (capacity < 1 || capacity > MAX_VARIANTS) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.samples = samples;
    this.stride = stride(samples);
    this.words = new long[Math.multiplyExact(capacity, stride)];
  }

  /** Words of one row. */
  public static int stride(int samples) {
    return (samples + 31) / 32;
  }

  /** Bits of the last word of a row that belong to samples. */
  static long lastWord(int samples) {
    int used = samples % 32;
    return used == 0 ? -1L : (1L << (2 * used)) - 1;
  }

  public int samples() {
    return samples;
  }

  /** Variants that it holds. */
  public int variants() {
    return variants;
  }

  /** Words of one row. */
  public int stride() {
    return stride;
  }

  /** All rows, [variants x stride]; live. */
  public long[] words() {
    return words;
  }

  /** Empties the tile and makes room for this many variants. */
  public void reset(int size) {
    if ((long) size * stride > words.length) {
      throw new IllegalArgumentException("variants=" + size);
    }
    variants = size;
  }

  /** A row without any call. */
  public void missing(int variant) {
    int at = variant * stride;
    Arrays.fill(words, at, at + stride, -1L);
    words[at + stride - 1] = lastWord(samples);
  }

  /** A row of the hardcalls of dosages. */
  void harden(int variant, char[] dosages) {
    int at = variant * stride;
    Arrays.fill(words, at, at + stride, 0);
    for (int sample = 0; sample < samples; sample++) {
      long call = DosageTile.hardcall(dosages[sample]);
      words[at + sample / 32] |= call << (2 * (sample % 32));
    }
  }

  /** One call: 0, 1, 2 copies, 3 missing. */
  public int call(int variant, int sample) {
    return (int) (words[variant * stride + sample / 32] >>> (2 * (sample % 32))) & 3;
  }

  @Override
  public String toString() {
    return "VariantTile[variants=" + variants + ", samples=" + samples + "]";
  }
}
