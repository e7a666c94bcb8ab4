package io.tributary.jobs.genomics;

import io.tributary.analysis.Layout;
import io.tributary.connectors.genomics.DosageTile;

/**
 * What {@link CountingKernel} counts, of dosages: genotypes are the nearest whole copies, and two
 * more words are the sum of dosages in 16384ths and of their squares.
 */
public final class DosageCountingKernel implements CopiesKernel {
  static final String COPIES = "copies";
  static final String SQUARES = "squares";

  private static final int WORDS = GenotypeCounts.WORDS + 2;

  private final int[] positions;

  /**
   * A kernel.
   *
   * @param positions of the persons whom it counts
   */
  public DosageCountingKernel(int[] positions) {
    this.positions = positions.clone();
  }

  /** Slots of the sum. */
  public static Layout layout(int sites, long personsPerSite, int variants) {
    long most = 2L * DosageTile.COPY;
    return CountingKernel.slots(sites, personsPerSite, variants, WORDS)
        .count(COPIES, 1, "copy / 16384", most, personsPerSite * most)
        .count(SQUARES, 1, "copy^2 / 2^28", most * most, personsPerSite * most * most)
        .build();
  }

  @Override
  public boolean dosages() {
    return true;
  }

  @Override
  public int words() {
    return WORDS;
  }

  @Override
  public long[] sum(DosageTile tile, int[] rows) {
    long[] words = new long[rows.length * WORDS];
    for (int variant = 0; variant < rows.length; variant++) {
      long[] genotypes = new long[3];
      long missing = 0;
      long copies = 0;
      long squares = 0;
      for (int position : positions) {
        int dosage = tile.dosage(variant, position);
        if (dosage == DosageTile.MISSING) {
          missing++;
        } else {
          genotypes[DosageTile.nearest(dosage)]++;
          copies += dosage;
          squares += (long) dosage * dosage;
        }
      }
      int at = variant * WORDS;
      CountingKernel.put(genotypes[1], genotypes[2], missing, positions.length, words, at);
      words[at + GenotypeCounts.WORDS] = copies;
      words[at + GenotypeCounts.WORDS + 1] = squares;
    }
    return words;
  }
}
