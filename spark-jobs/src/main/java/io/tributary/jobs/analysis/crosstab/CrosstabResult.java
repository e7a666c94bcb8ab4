package io.tributary.jobs.analysis.crosstab;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import java.util.List;

/**
 * Counts of a table before the release floor.
 *
 * @param outcome {@code OK}, {@code RARE_LEVEL} or {@code LEVELS_UNKNOWN}
 * @param fields the table's dimensions with their levels; empty unless OK
 * @param cells persons, row-major, the last dimension fastest
 * @param missing rows without a value in some dimension
 * @param leftOut cells that the sites left empty, ascending
 * @param missingLeftOut whether the sites left the number of such rows empty
 */
public record CrosstabResult(
    String outcome,
    List<Field> fields,
    Counts cells,
    long missing,
    List<Integer> leftOut,
    boolean missingLeftOut) {
  public CrosstabResult {
    fields = List.copyOf(fields);
    leftOut = List.copyOf(leftOut);
  }

  /** A result of which nothing was left out. */
  public CrosstabResult(String outcome, List<Field> fields, Counts cells, long missing) {
    this(outcome, fields, cells, missing, List.of(), false);
  }
}
