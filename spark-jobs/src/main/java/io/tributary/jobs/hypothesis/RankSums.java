package io.tributary.jobs.hypothesis;

import io.tributary.jobs.probability.Tails;

/**
 * Ranks of all persons together, from counts by value and group; persons with one value share the
 * mean of their ranks.
 */
public final class RankSums {
  private final long[][] counts;
  private final long[] sizes;
  // Twice the rank sums, which are whole numbers; below 2^62 for 2^30 persons.
  private final long[] twice;
  private final long persons;
  private final double ties;

  private RankSums(long[][] counts) {
    this.counts = counts;
    int groups = counts.length;
    this.sizes = new long[groups];
    this.twice = new long[groups];
    long below = 0;
    double tied = 0;
    for (int value = 0; value < counts[0].length; value++) {
      long here = 0;
      for (long[] group : counts) {
        here += group[value];
      }
      for (int g = 0; g < groups; g++) {
        sizes[g] += counts[g][value];
        twice[g] += counts[g][value] * (2 * below + here + 1);
      }
      double t = here;
      tied += (t * t - 1) * t;
      below += here;
    }
    this.persons = below;
    this.ties = tied;
  }

  /**
   * Ranks persons.
   *
   * @param counts [groups][values], values ascending; every group has somebody
   */
  public static RankSums of(long[][] counts) {
    long[][] own = new long[counts.length][];
    for (int g = 0; g < own.length; g++) {
      own[g] = counts[g].clone();
    }
    return new RankSums(own);
  }

  public long persons() {
    return persons;
  }

  public long size(int group) {
    return sizes[group];
  }

  public double meanRank(int group) {
    return twice[group] / 2.0 / sizes[group];
  }

  /** Whether all persons have one value, so that ranks tell nothing. */
  public boolean isConstant() {
    return ties == ((double) persons * persons - 1) * persons;
  }

  private double untied() {
    double n = persons;
    return 1 - ties / ((n * n - 1) * n);
  }

  /**
   * Two groups, normal approximation (Mann and Whitney 1947).
   *
   * @param statistic pairs in which the first group's value is greater, ties half: R's W
   * @param z after a correction of 1/2 towards the expectation
   */
  public record MannWhitney(double statistic, double z) {
    public double logP() {
      return Tails.logNormalTwoSided(z);
    }
  }

  /** Compares the first two groups. */
  public MannWhitney mannWhitney() {
    double statistic = (twice[0] - sizes[0] * (sizes[0] + 1)) / 2.0;
    double pairs = (double) sizes[0] * sizes[1];
    double off = statistic - pairs / 2;
    double sd = StrictMath.sqrt(pairs / 12 * (persons + 1.0) * untied());
    double z = off == 0 ? 0 : (off - Math.signum(off) * 0.5) / sd;
    return new MannWhitney(statistic, z);
  }

  /** Kruskal and Wallis 1952: chi-square with one group less. */
  public double kruskalWallis() {
    double n = persons;
    double sum = 0;
    for (int g = 0; g < sizes.length; g++) {
      double off = (twice[g] - sizes[g] * (persons + 1.0)) / 2;
      sum += off * off / sizes[g];
    }
    return 12 * sum / (n * (n + 1)) / untied();
  }

  /**
   * Probability that a person of the first group has a greater value than one of the second, ties
   * half, with its error (DeLong, DeLong and Clarke-Pearson 1988).
   *
   * @param estimate W over the number of pairs
   * @param error of the estimate
   */
  public record Superiority(double estimate, double error) {}

  /** Of the first two groups; each has two persons. */
  public Superiority superiority() {
    double estimate = mannWhitney().statistic() / ((double) sizes[0] * sizes[1]);
    double[] variance = {placements(0, 1, estimate), placements(1, 0, 1 - estimate)};
    double error = StrictMath.sqrt(variance[0] / sizes[0] + variance[1] / sizes[1]);
    return new Superiority(estimate, error);
  }

  /** Variance over a group of the share of the other group that lies below its persons. */
  private double placements(int group, int other, double mean) {
    long below = 0;
    double sum = 0;
    for (int value = 0; value < counts[group].length; value++) {
      double off = (below + counts[other][value] / 2.0) / sizes[other] - mean;
      sum += counts[group][value] * off * off;
      below += counts[other][value];
    }
    return sum / (sizes[group] - 1);
  }
}
