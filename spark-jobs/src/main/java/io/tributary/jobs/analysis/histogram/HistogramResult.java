package io.tributary.jobs.analysis.histogram;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import java.util.List;

/**
 * Counts before the release floor.
 *
 * @param outcome {@code OK} or {@code TOO_FEW_PERSONS}
 * @param edges ascending; empty unless OK
 * @param counts [groups x (edges + 1)]: below the first edge, between edges, above the last one
 * @param missing rows without a value, [groups]
 * @param ungrouped rows without a group
 * @param leftOut elements of counts that the sites left empty, ascending
 * @param missingLeftOut whether the sites left a number of rows without a value, or without a
 *     group, empty
 */
public record HistogramResult(
    String outcome,
    Reals edges,
    Counts counts,
    Counts missing,
    long ungrouped,
    List<Integer> leftOut,
    boolean missingLeftOut) {
  public HistogramResult {
    leftOut = List.copyOf(leftOut);
  }

  /** A result of which nothing was left out. */
  public HistogramResult(
      String outcome, Reals edges, Counts counts, Counts missing, long ungrouped) {
    this(outcome, edges, counts, missing, ungrouped, List.of(), false);
  }
}
