package io.tributary.jobs.genomics;

import io.tributary.analysis.Aggregate;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which variants stay when, of two that are correlated within a window, the one of the rarer minor
 * allele goes (plink {@code --indep-pairwise}, in the order of plink 1.9 and of plink2 with {@code
 * --indep-order 1}). A window is moved along a chromosome; in each, pairs are looked at from its
 * first variant on, again until none goes, and no pair twice.
 *
 * @param window variants of a window, from 2 on
 * @param step variants by which it moves, from 1 to {@code window}
 * @param r2 squared correlation above which one of two goes, between 0 and 1
 */
public record WindowPruning(int window, int step, double r2) {
  /** Of two frequencies that differ by less, neither is greater. */
  private static final double EPSILON = 0x1p-44;

  /** Variants after each one that it may be compared with. */
  public int followers() {
    return window - 1;
  }

  /**
   * Rows that stay.
   *
   * @param sum of {@link LinkageKernel}
   * @param pairs whether the sum is over pairs of calls
   */
  public BitSet kept(Aggregate sum, boolean pairs) {
    LinkageSums sums = new LinkageSums(sum, pairs);
    Pass pass = new Pass(sums);
    int from = 0;
    while (from < sums.size()) {
      from = pass.chromosome(from);
    }
    BitSet kept = new BitSet();
    kept.set(0, from);
    kept.andNot(pass.removed);
    return kept;
  }

  /** One way along the genome. */
  private final class Pass {
    private final LinkageSums sums;
    private final BitSet removed = new BitSet();

    /** First follower that a variant was not compared with, by row. */
    private final int[] unchecked;

    /** Followers of a variant that it is correlated with, of rows in the window. */
    private final BitSet[] linked = new BitSet[window];

    Pass(LinkageSums sums) {
      this.sums = sums;
      this.unchecked = new int[sums.size()];
      Arrays.setAll(unchecked, row -> row + 1);
    }

    /** From the first row of a chromosome to that of the next one. */
    int chromosome(int from) {
      int start = from;
      int loaded = from;
      boolean ended = false;
      for (int stop = from + window; !ended; stop += step) {
        for (; loaded < stop && !ended; loaded++) {
          linked[loaded % window] = sums.linked(loaded, followers(), limit());
          if (sums.constant(loaded)) {
            removed.set(loaded);
          }
          ended = sums.ends(loaded);
        }
        while (prune(start, loaded)) {
          // One went, which may leave another pair to be looked at.
        }
        start += step;
      }
      return loaded;
    }

    private double limit() {
      return r2 * (1 + EPSILON);
    }

    private boolean prune(int start, int stop) {
      boolean some = false;
      for (int first = removed.nextClearBit(start);
          first < stop;
          first = removed.nextClearBit(first + 1)) {
        int second = removed.nextClearBit(unchecked[first]);
        while (second < stop && !linked[first % window].get(second - first - 1)) {
          second = removed.nextClearBit(second + 1);
        }
        unchecked[first] = Math.min(second, stop);
        if (second >= stop) {
          continue;
        }
        some = true;
        if (sums.major(first) > sums.major(second) * (1 + EPSILON)) {
          removed.set(first);
        } else {
          removed.set(second);
          unchecked[first] = Math.min(removed.nextClearBit(second + 1), stop);
        }
      }
      return some;
    }
  }
}
