package io.tributary.jobs.hypothesis;

import io.tributary.jobs.probability.Tails;

/**
 * Ranks of differences by their size, from counts of persons by difference (Wilcoxon 1945); equal
 * sizes share the mean of their ranks, and differences of 0 have none.
 */
public final class SignedRanks {
  private final long less;
  private final long equal;
  private final long greater;
  // Twice the rank sums, which are whole numbers.
  private final long twiceLess;
  private final long twiceGreater;
  private final double ties;

  private SignedRanks(long[] counts, int zero) {
    long below = 0;
    long negative = 0;
    long[] twice = new long[2];
    double tied = 0;
    for (int size = 1; size <= Math.max(zero, counts.length - 1 - zero); size++) {
      long down = size <= zero ? counts[zero - size] : 0;
      long up = zero + size < counts.length ? counts[zero + size] : 0;
      long here = down + up;
      long rank = 2 * below + here + 1;
      twice[0] += down * rank;
      twice[1] += up * rank;
      double t = here;
      tied += (t * t - 1) * t;
      negative += down;
      below += here;
    }
    this.less = negative;
    this.greater = below - negative;
    this.equal = counts[zero];
    this.twiceLess = twice[0];
    this.twiceGreater = twice[1];
    this.ties = tied;
  }

  /**
   * Ranks persons.
   *
   * @param counts by difference, ascending in equal steps
   * @param zero position of the difference 0
   */
  public static SignedRanks of(long[] counts, int zero) {
    return new SignedRanks(counts, zero);
  }

  /** Persons with a difference below 0. */
  public long less() {
    return less;
  }

  /** Persons with the difference 0. */
  public long equal() {
    return equal;
  }

  /** Persons with a difference above 0. */
  public long greater() {
    return greater;
  }

  /** Mean rank of the differences below 0. */
  public double meanRankLess() {
    return twiceLess / 2.0 / less;
  }

  /** Mean rank of the differences above 0. */
  public double meanRankGreater() {
    return twiceGreater / 2.0 / greater;
  }

  /** Sum of the ranks of the differences above 0: R's V. */
  public double statistic() {
    return twiceGreater / 2.0;
  }

  /**
   * The normal approximation with correction for ties and by 1/2 towards the expectation; somebody
   * has a difference.
   */
  public double z() {
    double n = (double) less + greater;
    double off = statistic() - n * (n + 1) / 4;
    double variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
    return off == 0 ? 0 : (off - Math.signum(off) * 0.5) / StrictMath.sqrt(variance);
  }

  /** Natural logarithm of the two-sided p-value. */
  public double logP() {
    return Tails.logNormalTwoSided(z());
  }

  /** Rank sums above 0 less those below it, over all: from -1 to 1 (Kerby 2014). */
  public double rankBiserial() {
    return ((double) twiceGreater - twiceLess) / ((double) twiceGreater + twiceLess);
  }
}
