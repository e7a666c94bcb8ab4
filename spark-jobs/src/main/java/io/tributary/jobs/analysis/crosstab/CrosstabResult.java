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
 */
public record CrosstabResult(String outcome, List<Field> fields, Counts cells, long missing) {
  public CrosstabResult {
    fields = List.copyOf(fields);
  }
}
