package io.tributary.jobs.analysis.histogram;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;

/**
 * Counts before the release floor.
 *
 * @param outcome {@code OK} or {@code TOO_FEW_PERSONS}
 * @param edges ascending; empty unless OK
 * @param counts [groups x (edges + 1)]: below the first edge, between edges, above the last one
 * @param missing rows without a value, [groups]
 * @param ungrouped rows without a group
 */
public record HistogramResult(
    String outcome, Reals edges, Counts counts, Counts missing, long ungrouped) {}
