package io.tributary.jobs.genomics;

/** Variants by the frequency of their rarer allele, in bins of one percent. */
public final class FrequencyBins {
  /** 0 to 0.5. */
  public static final int BINS = 50;

  private final long[] counts = new long[BINS];

  /** One more variant. */
  public void add(double minorFrequency) {
    counts[Math.min(BINS - 1, (int) (minorFrequency * 2 * BINS))]++;
  }

  /** Variants in a bin. */
  public long count(int bin) {
    return counts[bin];
  }

  /** Lower end of a bin; of {@link #BINS} the upper end of the last. */
  public static double edge(int bin) {
    return bin / (2.0 * BINS);
  }
}
