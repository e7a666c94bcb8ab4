package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.ValueKeys;
import io.tributary.jobs.analysis.summary.SummaryState.Moments;
import io.tributary.jobs.analysis.summary.SummaryState.Target;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;

/**
 * Order statistics from histograms that zoom in: the bin that holds the wanted rank is split until
 * it holds one value, or its part would hold fewer persons than the release floor. Then it is the
 * smallest run of parts about the rank with enough persons.
 */
final class Refinement {
  /** 2^9: seven sums and a bit from the whole range of doubles to one of them. */
  static final int MAX_SPLIT = 512;

  /** Sums from 2^64 keys to one, at MAX_SPLIT parts each. */
  static final int MAX_ROUNDS = 8;

  private static final int MAX_WORDS = 1 << 19;

  private Refinement() {}

  /** Parts each of {@code bins} open bins is split into. */
  static int split(int bins) {
    int split = MAX_SPLIT;
    while (split > 2 && (long) split * bins > MAX_WORDS) {
      split /= 2;
    }
    return split;
  }

  /** Keys in one part of the bin [low, high]; the last part may be short. Unsigned. */
  static long step(long low, long high, int split) {
    return Long.divideUnsigned(high - low, split) + 1;
  }

  /**
   * Adds the order statistics that R's type 7 needs: x_(k) and x_(k+1) for each probability, k =
   * floor(1 + (n - 1) p).
   */
  static void targets(
      List<Target> targets,
      Field field,
      int column,
      int series,
      Series here,
      Moments moments,
      double[] probabilities) {
    int decimals = moments.decimals().get(column);
    double mean = here.mean();
    double radius = ValueKeys.radius(here.squares());
    double least = mean - radius;
    double greatest = mean + radius;
    if (field.hasRange()) {
      least = Math.max(least, field.low());
      greatest = Math.min(greatest, field.high());
    }
    long low = ValueKeys.keyBelow(least, decimals);
    long high = ValueKeys.keyAbove(greatest, decimals);
    for (double probability : probabilities) {
      long rank = lowerRank(here.n(), probability);
      targets.add(new Target(column, series, rank, low, high, 0, here.n(), true));
      targets.add(
          new Target(column, series, Math.min(rank + 1, here.n()), low, high, 0, here.n(), true));
    }
  }

  /** floor(1 + (n - 1) p), in R's arithmetic. */
  static long lowerRank(long n, double probability) {
    return (long) Math.floor(1 + (n - 1) * probability);
  }

  /** One target for each different open bin, in order of first appearance. */
  static List<Target> openBins(List<Target> targets) {
    List<Target> bins = new ArrayList<>();
    for (Target target : targets) {
      if (target.open() && binOf(bins, target) < 0) {
        bins.add(target);
      }
    }
    return bins;
  }

  /**
   * Narrows every open target by its bin's counts.
   *
   * @param counts persons in each part, [open bins x split]
   * @param minCell persons a bin keeps at least
   */
  static List<Target> refine(List<Target> targets, long[] counts, int minCell) {
    List<Target> bins = openBins(targets);
    int split = split(bins.size());
    for (int bin = 0; bin < bins.size(); bin++) {
      long inside = 0;
      for (int part = 0; part < split; part++) {
        inside += counts[bin * split + part];
      }
      if (inside != bins.get(bin).inside()) {
        throw Errors.tableChanged();
      }
    }
    List<Target> narrowed = new ArrayList<>(targets.size());
    for (Target target : targets) {
      narrowed.add(
          target.open()
              ? narrow(target, counts, binOf(bins, target) * split, split, minCell)
              : target);
    }
    return narrowed;
  }

  private static Target narrow(Target target, long[] counts, int first, int split, int minCell) {
    long below = target.below();
    int part = 0;
    while (part < split - 1 && below + counts[first + part] < target.rank()) {
      below += counts[first + part];
      part++;
    }
    long step = step(target.low(), target.high(), split);
    int from = part;
    int to = part;
    long inside = counts[first + part];
    boolean enough = inside >= minCell;
    while (inside < minCell && (from > 0 || to < split - 1)) {
      boolean downwards =
          to == split - 1 || (from > 0 && counts[first + from - 1] >= counts[first + to + 1]);
      if (downwards) {
        from--;
        inside += counts[first + from];
        below -= counts[first + from];
      } else {
        to++;
        inside += counts[first + to];
      }
    }
    long low = target.low() + from * step;
    // The last part may be short, and the parts after it empty: no part ends beyond the bin.
    long reach = (to + 1) * step - 1;
    long high =
        Long.compareUnsigned(reach, target.high() - target.low()) > 0
            ? target.high()
            : target.low() + reach;
    boolean open = enough && step != 1;
    return new Target(
        target.column(), target.series(), target.rank(), low, high, below, inside, open);
  }

  private static int binOf(List<Target> bins, Target target) {
    for (int i = 0; i < bins.size(); i++) {
      if (bins.get(i).sharesBin(target)) {
        return i;
      }
    }
    return -1;
  }
}
