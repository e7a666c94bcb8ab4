package io.tributary.jobs.genomics;

import io.tributary.analysis.Aggregate;
import java.util.BitSet;

/** Reads a sum of {@link LinkageKernel}; rows are best asked for in order. */
final class LinkageSums {
  private static final int GENOTYPES = 0;
  private static final int CALLS = 1;
  private static final int ENDS = 2;
  private static final int PRODUCTS = 3;
  private static final int FIRST = 4;
  private static final int SECOND = 5;

  private final SumRows rows;
  private final boolean pairs;
  private final int size;

  /**
   * Reads a sum.
   *
   * @param pairs whether persons without a call are left out of pairs
   */
  LinkageSums(Aggregate sum, boolean pairs) {
    this.rows = new SumRows(sum);
    this.pairs = pairs;
    this.size = (int) sum.layout().rows();
  }

  int size() {
    return size;
  }

  /** Whether a row is the last one of its chromosome. */
  boolean ends(int row) {
    return row == size - 1 || rows.word(ENDS, row, 0) > 0;
  }

  /** Frequency of the commoner allele; where calls are filled in, of all persons. */
  double major(int row) {
    Moments here = all(row);
    return Math.max(here.sum(), 2 * here.persons() - here.sum()) / (2.0 * here.persons());
  }

  /** Whether everybody has as many copies. */
  boolean constant(int row) {
    return all(row).spread() == 0;
  }

  /**
   * Which followers of a variant are correlated with it.
   *
   * @param followers to look at; those of other chromosomes are not told apart
   * @param r2 squared correlation that they exceed
   */
  BitSet linked(int row, int followers, double r2) {
    BitSet linked = new BitSet();
    for (int j = 0; j < Math.min(followers, size - 1 - row); j++) {
      long word = rows.word(PRODUCTS, row, j);
      Moments first;
      Moments second;
      long products = word;
      if (pairs) {
        long persons = word & GenotypeCounts.LOW;
        products = word >>> GenotypeCounts.LANE;
        first = Moments.of(persons, rows.word(FIRST, row, j));
        second = Moments.of(persons, rows.word(SECOND, row, j));
      } else {
        first = all(row);
        second = all(row + 1 + j);
      }
      double covariance = first.persons() * products - first.sum() * second.sum();
      if (covariance * covariance > r2 * first.spread() * second.spread()) {
        linked.set(j);
      }
    }
    return linked;
  }

  /** Of all persons with a call, where it is not filled in. */
  private Moments all(int row) {
    long calls = rows.word(CALLS, row, 0);
    long everybody = calls >>> GenotypeCounts.LANE;
    return Moments.of(
        pairs ? everybody - (calls & GenotypeCounts.LOW) : everybody, rows.word(GENOTYPES, row, 0));
  }

  /** Copies of some persons at one variant. */
  private record Moments(long persons, long het, long homAlt) {
    static Moments of(long persons, long genotypes) {
      return new Moments(
          persons, genotypes & GenotypeCounts.LOW, genotypes >>> GenotypeCounts.LANE);
    }

    long sum() {
      return het + 2 * homAlt;
    }

    /** Sum of squares about the mean, times persons. */
    double spread() {
      return persons * (het + 4 * homAlt) - sum() * sum();
    }
  }
}
