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

  /** Columns that are added together. */
  private static final int STEP = 4;

  /** Bytes that are not zero from which on all eight are added without a look. */
  private static final int MOST_SINGLE = 2;

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
   * then all variants pass, with eight additions of a row each; fewer where most bytes are zero.
   * Rows are padded to whole steps of four columns.
   */
  private void byTables(VariantTile tile, long[] words) {
    int k = vectors.columns();
    int row = (k + STEP - 1) / STEP * STEP;
    long[] table = new long[BYTES * CODES * row];
    long[] sums = new long[Math.multiplyExact(tile.variants(), row)];
    for (int w = 0; w < tile.stride(); w++) {
      fill(table, row, w);
      pass(tile, w, table, row, sums);
    }
    for (int variant = 0; variant < tile.variants(); variant++) {
      System.arraycopy(sums, variant * row, words, variant * words(), k);
    }
  }

  private static void pass(VariantTile tile, int word, long[] table, int row, long[] sums) {
    long[] calls = tile.words();
    for (int variant = 0; variant < tile.variants(); variant++) {
      long pairs = calls[variant * tile.stride() + word];
      if (pairs != 0) {
        long bytes = bytesWithCalls(pairs);
        if (Long.bitCount(bytes) <= MOST_SINGLE) {
          addSingle(table, pairs, bytes, sums, variant * row, row);
        } else {
          add(table, pairs, sums, variant * row, row);
        }
      }
    }
  }

  /** The lowest bit of each byte that is not zero. */
  private static long bytesWithCalls(long pairs) {
    long some = pairs | (pairs >>> 1);
    some |= some >>> 2;
    some |= some >>> 4;
    return some & 0x0101010101010101L;
  }

  private static void addSingle(
      long[] table, long pairs, long bytes, long[] sums, int at, int row) {
    for (long left = bytes; left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      int t = (bit / BYTES * CODES + (int) ((pairs >>> bit) & 255)) * row;
      for (int j = 0; j < row; j++) {
        sums[at + j] += table[t + j];
      }
    }
  }

  /** Four columns in one step, since loops as short as a row are not made quicker otherwise. */
  private static void add(long[] table, long pairs, long[] sums, int at, int row) {
    int t0 = (int) (pairs & 255) * row;
    int t1 = (CODES + (int) ((pairs >>> 8) & 255)) * row;
    int t2 = (2 * CODES + (int) ((pairs >>> 16) & 255)) * row;
    int t3 = (3 * CODES + (int) ((pairs >>> 24) & 255)) * row;
    int t4 = (4 * CODES + (int) ((pairs >>> 32) & 255)) * row;
    int t5 = (5 * CODES + (int) ((pairs >>> 40) & 255)) * row;
    int t6 = (6 * CODES + (int) ((pairs >>> 48) & 255)) * row;
    int t7 = (7 * CODES + (int) (pairs >>> 56)) * row;
    for (int j = 0; j < row; j += STEP) {
      sums[at + j] +=
          table[t0 + j]
              + table[t1 + j]
              + table[t2 + j]
              + table[t3 + j]
              + table[t4 + j]
              + table[t5 + j]
              + table[t6 + j]
              + table[t7 + j];
      sums[at + j + 1] +=
          table[t0 + j + 1]
              + table[t1 + j + 1]
              + table[t2 + j + 1]
              + table[t3 + j + 1]
              + table[t4 + j + 1]
              + table[t5 + j + 1]
              + table[t6 + j + 1]
              + table[t7 + j + 1];
      sums[at + j + 2] +=
          table[t0 + j + 2]
              + table[t1 + j + 2]
              + table[t2 + j + 2]
              + table[t3 + j + 2]
              + table[t4 + j + 2]
              + table[t5 + j + 2]
              + table[t6 + j + 2]
              + table[t7 + j + 2];
      sums[at + j + 3] +=
          table[t0 + j + 3]
              + table[t1 + j + 3]
              + table[t2 + j + 3]
              + table[t3 + j + 3]
              + table[t4 + j + 3]
              + table[t5 + j + 3]
              + table[t6 + j + 3]
              + table[t7 + j + 3];
    }
  }

  /** A byte's row is the row without its highest pair that is not zero, plus that person's part. */
  private void fill(long[] table, int row, int word) {
    int k = vectors.columns();
    for (int position = 0; position < BYTES; position++) {
      int base = position * CODES * row;
      for (int code = 1; code < CODES; code++) {
        int pair = (31 - Integer.numberOfLeadingZeros(code)) / 2;
        long copies = ((long) code >>> (2 * pair)) & 3;
        int rest = base + (code & ~(3 << (2 * pair))) * row;
        int sample = 32 * word + 4 * position + pair;
        int into = base + code * row;
        if (copies == 3 || sample >= vectors.samples()) {
          System.arraycopy(table, rest, table, into, row);
          continue;
        }
        int person = sample * k;
        for (int j = 0; j < k - squares; j++) {
          table[into + j] = table[rest + j] + copies * vectors.at(person + j);
        }
        for (int j = k - squares; j < k; j++) {
          table[into + j] = table[rest + j] + copies * copies * vectors.at(person + j);
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
