package io.tributary.jobs.genomics;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.connectors.genomics.VariantTile;

/**
 * Genotypes of a cohort at each variant: three population counts for 32 samples. Its words are het
 * + 2^31 homAlt; missing + 2^31 persons; 1 for the site.
 *
 * @param cohort whom it counts
 * @param persons how many they are
 */
public record CountingKernel(CohortMask cohort, long persons) implements CallKernel {
  private static final String GENOTYPES = "genotypes";
  private static final String CALLS = "calls";
  private static final String SITES = "sites";

  /** Slots of the sum. */
  public static Layout layout(int sites, long personsPerSite, int variants) {
    return slots(sites, personsPerSite, variants, GenotypeCounts.WORDS).build();
  }

  /** The same, to which others are added. */
  static Layout.Builder slots(int sites, long personsPerSite, int variants, int words) {
    long lane = 1L << GenotypeCounts.LANE;
    return Layout.of(sites)
        .rows(variants, VariantRows.perBlock(words))
        .count(GENOTYPES, 1, "person", lane, personsPerSite << GenotypeCounts.LANE)
        .count(CALLS, 1, "person", lane + 1, (personsPerSite << GenotypeCounts.LANE) + lane)
        .count(SITES, 1, "site", 1, 1);
  }

  @Override
  public int words() {
    return GenotypeCounts.WORDS;
  }

  @Override
  public long[] sum(VariantTile tile, int[] rows) {
    long[] words = new long[rows.length * GenotypeCounts.WORDS];
    long[] calls = tile.words();
    for (int variant = 0; variant < rows.length; variant++) {
      int from = variant * tile.stride();
      long het = 0;
      long homAlt = 0;
      long missing = 0;
      for (int w = 0; w < tile.stride(); w++) {
        long pairs = calls[from + w] & cohort.word(w);
        long low = pairs & VariantTile.LOW;
        long high = (pairs >>> 1) & VariantTile.LOW;
        het += Long.bitCount(low & ~high);
        homAlt += Long.bitCount(high & ~low);
        missing += Long.bitCount(low & high);
      }
      put(het, homAlt, missing, persons, words, variant * GenotypeCounts.WORDS);
    }
    return words;
  }

  static void put(long het, long homAlt, long missing, long persons, long[] words, int at) {
    words[at] = het | (homAlt << GenotypeCounts.LANE);
    words[at + 1] = missing | (persons << GenotypeCounts.LANE);
    words[at + 2] = 1;
  }

  /** Reads the sum of such words, as {@link SumRows}. */
  public static final class Counts {
    private final SumRows rows;

    public Counts(Aggregate sum) {
      this.rows = new SumRows(sum);
    }

    /** Counts of a row. */
    public GenotypeCounts at(int row) {
      return GenotypeCounts.of(rows.word(0, row, 0), rows.word(1, row, 0), rows.word(2, row, 0));
    }
  }
}
