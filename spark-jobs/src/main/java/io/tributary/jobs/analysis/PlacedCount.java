package io.tributary.jobs.analysis;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A count of persons in a report, and whom it counts.
 *
 * @param table its table in the report
 * @param row in that table
 * @param column in that table, of whole numbers
 * @param where for each column of the study that matters, the states counted: levels, {@link
 *     #PRESENT} or {@link #MISSING}; all other columns may have any state
 */
public record PlacedCount(String table, int row, String column, Map<String, Set<String>> where) {
  /** A column of numbers has a value. */
  public static final String PRESENT = "(present)";

  /** A column has no value. */
  public static final String MISSING = "(missing)";

  /** Whether it counts persons without a value in some column: no statistic is about them. */
  public boolean ofMissing() {
    return where.containsValue(Set.of(MISSING));
  }

  public PlacedCount {
    where = java.util.Collections.unmodifiableMap(new TreeMap<>(where));
  }
}
