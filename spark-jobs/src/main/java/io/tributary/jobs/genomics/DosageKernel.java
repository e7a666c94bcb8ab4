package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.VariantTile;

/**
 * Sums of persons' vectors times their copies of ALT, and, if asked for, sums over persons without
 * a call: what an association needs of a variant. Vectors are whole numbers on a public grid, so
 * sums are exact in any order and for any split.
 *
 * <p>Words of a variant: sum of g u [columns], the last {@code squares} of them of g g u; then,
 * over persons without a call, {@link MissingProducts}.
 */
public final class DosageKernel implements CallKernel {
  /** Variants from which on tables for whole bytes pay. */
  private static final int LEAST_FOR_TABLES = 256;

  private static final int CODES = 256;
  private static final int BYTES = 8;

  private final CohortMask cohort;
  private final PersonVectors vectors;
  private final int squares;
  private final MissingProducts missing;
  private final long persons;
  private final long[] everybody;

  /**
   * A kernel.
   *
   * @param cohort persons with a vector
   */
  public DosageKernel(CohortMask cohort, CopyWeights weights) {
    this.cohort = cohort;
    this.vectors = weights.vectors();
    this.squares = weights.squares();
    this.missing = weights.missing();
    this.persons = cohort.persons();
    this.everybody = new long[words()];
    if (missing.words() > 0) {
      for (int w = 0; w < cohort.words(); w++) {
        addMissing(cohort.word(w) & VariantTile.LOW, w, everybody, 0);
      }
    }
  }

  @Override
  public boolean readsAbsent() {
    return missing.words() > 0;
  }

  @Override
  public int words() {
    return vectors.columns() + missing.words();
  }

  @Override
  public long[] sum(VariantTile tile, int[] rows) {
    long[] words = new long[Math.multiplyExact(rows.length, words())];
    if (rows.length >= LEAST_FOR_TABLES) {
      byTables(tile, words);
    } else {
      byCarriers(tile, words);
    }
    if (missing.words() > 0) {
      for (int variant = 0; variant < rows.length; variant++) {
        addMissing(tile, variant, words, variant * words());
      }
    }
    return words;
  }

  /** One carrier after another. */
  private void byCarriers(VariantTile tile, long[] words) {
    int k = vectors.columns();
    for (int variant = 0; variant < tile.variants(); variant++) {
      int at = variant * words();
      for (int w = 0; w < tile.stride(); w++) {
        long pairs = called(tile.words()[variant * tile.stride() + w]);
        while (pairs != 0) {
          int pair = Long.numberOfTrailingZeros(pairs) / 2;
          long copies = (pairs >>> (2 * pair)) & 3;
          int from = (32 * w + pair) * k;
          for (int j = 0; j < k - squares; j++) {
            words[at + j] += copies * vectors.at(from + j);
          }
          for (int j = k - squares; j < k; j++) {
            words[at + j] += copies * copies * vectors.at(from + j);
          }
          pairs &= ~(3L << (2 * pair));
        }
      }
    }
  }

  /** Pairs without those of persons without a call. */
  private static long called(long pairs) {
    long without = missing(pairs);
    return pairs & ~(without | (without << 1));
  }

  /**
   * 32 samples at a time: for each byte of their pairs a table of the sum over its four samples,
   * then all variants pass, with eight additions of a row each.
   */
  private void byTables(VariantTile tile, long[] words) {
    int k = vectors.columns();
    int step = words();
    long[] table = new long[BYTES * CODES * k];
    long[] calls = tile.words();
    for (int w = 0; w < tile.stride(); w++) {
      fill(table, w);
      for (int variant = 0; variant < tile.variants(); variant++) {
        long pairs = calls[variant * tile.stride() + w];
        if (pairs != 0) {
          add(table, pairs, words, variant * step, k);
        }
      }
    }
  }

  private static void add(long[] table, long pairs, long[] words, int at, int k) {
    int t0 = (int) (pairs & 255) * k;
    int t1 = (CODES + (int) ((pairs >>> 8) & 255)) * k;
    int t2 = (2 * CODES + (int) ((pairs >>> 16) & 255)) * k;
    int t3 = (3 * CODES + (int) ((pairs >>> 24) & 255)) * k;
    int t4 = (4 * CODES + (int) ((pairs >>> 32) & 255)) * k;
    int t5 = (5 * CODES + (int) ((pairs >>> 40) & 255)) * k;
    int t6 = (6 * CODES + (int) ((pairs >>> 48) & 255)) * k;
    int t7 = (7 * CODES + (int) (pairs >>> 56)) * k;
    for (int j = 0; j < k; j++) {
      words[at + j] +=
          table[t0 + j]
              + table[t1 + j]
              + table[t2 + j]
              + table[t3 + j]
              + table[t4 + j]
              + table[t5 + j]
              + table[t6 + j]
              + table[t7 + j];
    }
  }

  /** A byte's row is the row without its highest pair that is not zero, plus that person's part. */
  private void fill(long[] table, int word) {
    int k = vectors.columns();
    for (int position = 0; position < BYTES; position++) {
      int base = position * CODES * k;
      for (int code = 1; code < CODES; code++) {
        int pair = (31 - Integer.numberOfLeadingZeros(code)) / 2;
        int copies = (code >>> (2 * pair)) & 3;
        int rest = base + (code & ~(3 << (2 * pair))) * k;
        int sample = 32 * word + 4 * position + pair;
        int into = base + code * k;
        boolean counts = copies != 3 && sample < vectors.samples();
        for (int j = 0; j < k; j++) {
          int times = j < k - squares ? copies : copies * copies;
          table[into + j] = table[rest + j] + (counts ? times * vectors.at(sample * k + j) : 0);
        }
      }
    }
  }

  private void addMissing(VariantTile tile, int variant, long[] words, int at) {
    int from = variant * tile.stride();
    long without = 0;
    for (int w = 0; w < tile.stride(); w++) {
      without += Long.bitCount(missing(tile.words()[from + w] & cohort.word(w)));
    }
    if (without == persons) {
      // Most likely the file does not have the variant.
      for (int i = 0; i < everybody.length; i++) {
        words[at + i] += everybody[i];
      }
      return;
    }
    for (int w = 0; w < tile.stride() && without > 0; w++) {
      addMissing(missing(tile.words()[from + w] & cohort.word(w)), w, words, at);
    }
  }

  /** Low bits of the pairs of persons without a call. */
  private static long missing(long pairs) {
    return pairs & (pairs >>> 1) & VariantTile.LOW;
  }

  private void addMissing(long lowBits, int word, long[] words, int at) {
    for (long left = lowBits; left != 0; left &= left - 1) {
      missing.add(32 * word + Long.numberOfTrailingZeros(left) / 2, words, at + vectors.columns());
    }
  }
}
