package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.summary.SummaryState.Moments;
import io.tributary.jobs.analysis.summary.SummaryState.Target;
import java.math.BigDecimal;
import java.util.List;

/**
 * Everything a summary sums, before the release floor.
 *
 * @param moments counts and sums, by column and group
 * @param squares exact sums of squares about each group's mean, [columns x groups]; empty if no
 *     column is a number
 * @param targets order statistics, all closed
 */
public record SummaryResult(Moments moments, List<BigDecimal> squares, List<Target> targets) {
  public SummaryResult {
    squares = List.copyOf(squares);
    targets = List.copyOf(targets);
  }
}
