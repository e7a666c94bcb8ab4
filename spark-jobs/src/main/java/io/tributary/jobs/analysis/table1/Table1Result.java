package io.tributary.jobs.analysis.table1;

import java.math.BigDecimal;
import java.util.List;

/**
 * All sums, before the release floor.
 *
 * @param squares exact sums of squares about each cohort's mean, [C x G]; empty without numbers
 */
public record Table1Result(Table1State.Counted counted, List<BigDecimal> squares) {
  public Table1Result {
    squares = List.copyOf(squares);
  }
}
