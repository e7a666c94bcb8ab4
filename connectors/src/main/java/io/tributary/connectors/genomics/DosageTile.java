package io.tributary.connectors.genomics;

import java.util.Arrays;

/**
 * Dosages of some variants of the study's list, one row a variant, in the order of the file's
 * samples: expected copies of the list's ALT in 16384ths, from 0 to 32768, as plink2 stores them;
 * 65535 is missing.
 *
 * <p>Not thread-safe; one a task.
 */
public final class DosageTile {
  /** One copy. */
  public static final int COPY = 16384;

  /** No call. */
  public static final char MISSING = 65535;

  /**
   * Farther from a whole number of copies than this, which is a tenth of one, a dosage is no
   * hardcall: plink2's {@code --hard-call-threshold 0.1}.
   */
  public static final int HARDCALL_WITHIN = COPY / 10;

  private final int samples;
  private final int capacity;
  private final char[] values;
  private int variants;

  /**
   * An empty tile.
   *
   * @param capacity variants it can take; a row takes two bytes a sample
   */
  public DosageTile(int samples, int capacity) {
    if (capacity < 1 || capacity > VariantTile.MAX_VARIANTS) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.samples = samples;
    this.capacity = capacity;
    this.values = new char[Math.multiplyExact(capacity, samples)];
  }

  public int samples() {
    return samples;
  }

  /** Variants that it holds. */
  public int variants() {
    return variants;
  }

  /** All rows, [variants x samples]; live. */
  public char[] values() {
    return values;
  }

  /** One dosage: 0 to 32768, or 65535 for missing. */
  public int dosage(int variant, int sample) {
    return values[variant * samples + sample];
  }

  /** Empties the tile and makes room for this many variants. */
  public void reset(int size) {
    if (size > capacity) {
      throw new IllegalArgumentException("variants=" + size);
    }
    variants = size;
  }

  /** Takes hardcalls as dosages: 0, 1 and 2 copies. */
  public void fill(VariantTile calls) {
    reset(calls.variants());
    char[] meanings = {0, COPY, 2 * COPY, MISSING};
    for (int variant = 0; variant < variants; variant++) {
      for (int sample = 0; sample < samples; sample++) {
        values[variant * samples + sample] = meanings[calls.call(variant, sample)];
      }
    }
  }

  /** A row without any call, which begins at {@code from}. */
  public static void missing(char[] values, int from, int samples) {
    Arrays.fill(values, from, from + samples, MISSING);
  }

  /** The whole number of copies that is nearest to a dosage, which is not missing. */
  public static int nearest(int dosage) {
    return (dosage + COPY / 2) / COPY;
  }

  /** The hardcall of a dosage: 0, 1, 2 copies, 3 missing. */
  static int hardcall(char dosage) {
    if (dosage == MISSING) {
      return 3;
    }
    int copies = nearest(dosage);
    return Math.abs(dosage - copies * COPY) <= HARDCALL_WITHIN ? copies : 3;
  }

  @Override
  public String toString() {
    return "DosageTile[variants=" + variants + ", samples=" + samples + "]";
  }
}
