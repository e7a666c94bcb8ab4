package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.Exact;
import java.math.BigDecimal;

/**
 * Moments of one number in one group, or in all groups together.
 *
 * @param n persons with a value
 * @param missing persons without
 * @param sum exact
 * @param squares exact, about the mean
 */
record Series(long n, long missing, BigDecimal sum, BigDecimal squares) {

  /** Series a table has: its groups, and all together if there is more than one. */
  static int count(int groups) {
    return groups == 1 ? 1 : groups + 1;
  }

  /** Moments of {@code series}: a group, or all together if it equals the number of groups. */
  static Series of(SummaryResult result, int groups, int column, int series) {
    if (series < groups) {
      int at = column * groups + series;
      return new Series(
          result.moments().n().at(at),
          result.moments().missing().at(at),
          result.moments().sums().get(at),
          result.squares().get(at));
    }
    long n = 0;
    long missing = 0;
    BigDecimal sum = BigDecimal.ZERO;
    for (int group = 0; group < groups; group++) {
      Series part = of(result, groups, column, group);
      n += part.n();
      missing += part.missing();
      sum = sum.add(part.sum());
    }
    BigDecimal mean = Exact.exactMean(sum, n);
    BigDecimal squares = BigDecimal.ZERO;
    for (int group = 0; group < groups; group++) {
      Series part = of(result, groups, column, group);
      squares = squares.add(Exact.squaresAbout(part.squares(), part.sum(), part.n(), mean));
    }
    return new Series(n, missing, sum, squares);
  }

  double mean() {
    return Exact.mean(sum, n);
  }

  double variance() {
    return Exact.variance(squares, n);
  }
}
