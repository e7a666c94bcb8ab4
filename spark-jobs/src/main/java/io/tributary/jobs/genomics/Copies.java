package io.tributary.jobs.genomics;

import io.tributary.analysis.Aggregate;
import io.tributary.connectors.genomics.DosageTile;

/**
 * Copies of ALT at one variant, which need not be whole.
 *
 * @param counts persons by the nearest whole number of copies
 * @param sum of copies
 * @param squares sum of their squares
 */
public record Copies(GenotypeCounts counts, double sum, double squares) {
  private static final double COPY = DosageTile.COPY;

  /** Of hardcalls. */
  public static Copies of(GenotypeCounts counts) {
    return new Copies(counts, counts.copies(), counts.het() + 4.0 * counts.homAlt());
  }

  /** Persons that have copies. */
  public long called() {
    return counts.called();
  }

  /** Mean copies of a person; NaN if nobody has any. */
  public double mean() {
    return sum / called();
  }

  /** Half of the mean: the frequency of ALT, if these are its copies. */
  double frequency() {
    return mean() / 2;
  }

  /** Sum of squares about the mean. */
  public double spread() {
    return squares - sum * sum / called();
  }

  /** The same, of so many persons of whom others have no call. */
  public Copies among(long persons) {
    return new Copies(
        new GenotypeCounts(
            counts.het(), counts.homAlt(), persons - called(), persons, counts.sites()),
        sum,
        squares);
  }

  /** The same, of so many persons of whom others have the mean. */
  public Copies filled(long persons) {
    double mean = mean();
    double others = persons - called();
    return new Copies(
        new GenotypeCounts(counts.het(), counts.homAlt(), 0, persons, counts.sites()),
        sum + others * mean,
        squares + others * mean * mean);
  }

  /** Reads sums of {@link CountingKernel} or {@link DosageCountingKernel}, block by block. */
  public static final class Sums {
    private final CountingKernel.Counts counts;
    private final SumRows rows;
    private final boolean dosages;
    private final Coding coding;

    /**
     * Copies of a sum.
     *
     * @param coding of dosages additive
     */
    public Sums(Aggregate sum, Coding coding) {
      this.coding = coding;
      this.counts = new CountingKernel.Counts(sum);
      this.rows = new SumRows(sum);
      this.dosages = sum.layout().hasSlot(DosageCountingKernel.COPIES);
    }

    /** Copies of a row. */
    public Copies at(int row) {
      GenotypeCounts here = counts.at(row);
      return dosages
          ? new Copies(
              here,
              rows.word(GenotypeCounts.WORDS, row, 0) / COPY,
              rows.word(GenotypeCounts.WORDS + 1, row, 0) / (COPY * COPY))
          : coding.of(here);
    }

    /** Frequency of ALT at a row. */
    public double frequency(int row) {
      return dosages ? at(row).frequency() : counts.at(row).frequency();
    }
  }
}
