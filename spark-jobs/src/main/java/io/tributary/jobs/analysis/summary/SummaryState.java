package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.GroupSums;
import java.math.BigDecimal;
import java.util.List;

/**
 * What is public between the rounds of a summary. Elements of numeric columns stand at {@code
 * column * groups + group}.
 */
sealed interface SummaryState {
  /** Before the first round: counts, sums and levels. */
  record Counting() implements SummaryState {}

  /**
   * After the first round.
   *
   * @param ungrouped rows without a group
   * @param n persons with a value, [columns x groups]
   * @param missing persons without, [columns x groups]
   * @param sums exact sums of x, [columns x groups]
   * @param absolutes exact sums of |x|, [columns x groups]
   * @param decimals decimals that hold every value of a column, or -1 if more than the grid tries,
   *     [columns]
   * @param levels persons at each level, columns one after another, [sum of levels x groups]
   * @param levelMissing persons without a level, [category columns x groups]
   */
  record Moments(
      long ungrouped,
      Counts n,
      Counts missing,
      List<BigDecimal> sums,
      List<BigDecimal> absolutes,
      List<Integer> decimals,
      Counts levels,
      Counts levelMissing) {
    public Moments {
      sums = List.copyOf(sums);
      absolutes = List.copyOf(absolutes);
      decimals = List.copyOf(decimals);
    }

    GroupSums ofNumbers(int groups) {
      return new GroupSums(groups, n, sums, absolutes);
    }
  }

  /** Squares about the means are summed next. */
  record Spreading(Moments moments) implements SummaryState {}

  /**
   * Quantiles are being refined.
   *
   * @param squares exact sums of squares about each group's mean, [columns x groups]
   * @param targets order statistics sought; the open ones' bins are split next
   */
  record Refining(Moments moments, List<BigDecimal> squares, List<Target> targets)
      implements SummaryState {
    public Refining {
      squares = List.copyOf(squares);
      targets = List.copyOf(targets);
    }
  }

  /**
   * One order statistic and where it lies.
   *
   * @param column numeric column
   * @param series group, or the number of groups for all together
   * @param rank 1-based
   * @param low least key of the bin
   * @param high greatest key of the bin
   * @param below persons below the bin
   * @param inside persons in the bin
   * @param open whether the bin is to be split further
   */
  record Target(
      int column,
      int series,
      long rank,
      long low,
      long high,
      long below,
      long inside,
      boolean open) {
    /** Whether this and another target lie in the same bin of the same series. */
    boolean sharesBin(Target other) {
      return column == other.column
          && series == other.series
          && low == other.low
          && high == other.high;
    }
  }
}
