package io.tributary.jobs.analysis.table1;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.GroupSums;
import java.math.BigDecimal;
import java.util.List;

/** What is public between the rounds. Elements of numbers stand at {@code column * G + cohort}. */
sealed interface Table1State {
  /** Before the first sum. */
  record Counting() implements Table1State {}

  /**
   * After the first; squares about the means are summed next.
   *
   * @param ungrouped rows that belong to no cohort
   * @param persons [G]
   * @param n persons with a value, [C x G]
   * @param sums exact sums of x, [C x G]
   * @param absolutes exact sums of |x|, [C x G]
   * @param levels persons, categories one after another, [L x G]
   */
  record Counted(
      long ungrouped,
      Counts persons,
      Counts n,
      List<BigDecimal> sums,
      List<BigDecimal> absolutes,
      Counts levels)
      implements Table1State {
    public Counted {
      sums = List.copyOf(sums);
      absolutes = List.copyOf(absolutes);
    }

    GroupSums ofNumbers(int groups) {
      return new GroupSums(groups, n, sums, absolutes);
    }
  }
}
