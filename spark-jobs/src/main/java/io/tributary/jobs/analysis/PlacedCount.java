package io.tributary.jobs.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A count of persons in a report, and whom it counts.
 *
 * @param table its table in the report, or {@link #FACTS}
 * @param row in that table
 * @param column in that table, of whole numbers; the name of a fact
 * @param where for each column of the study that matters, the states counted: levels, {@link
 *     #PRESENT} or {@link #MISSING}; all other columns may have any state
 * @param others whether all other persons of the study's cohort are counted instead
 * @param basis whether all else in the report is about exactly these persons, so that it goes with
 *     their count
 */
public record PlacedCount(
    String table,
    int row,
    String column,
    Map<String, Set<String>> where,
    boolean others,
    boolean basis) {
  /** Stands for the table in counts among the facts of a report. */
  public static final String FACTS = "(facts)";

  private static final String FIT = "fit";

  /** A column has a value. */
  public static final String PRESENT = "(present)";

  /** A column has no value. */
  public static final String MISSING = "(missing)";

  public PlacedCount {
    where = java.util.Collections.unmodifiableMap(new TreeMap<>(where));
  }

  /** Persons with these states, in a table that is about others too. */
  public PlacedCount(String table, int row, String column, Map<String, Set<String>> where) {
    this(table, row, column, where, false, false);
  }

  /** Those whom the report does not count: whoever has not all of these states. */
  public PlacedCount leftOut(String itsTable, String itsColumn) {
    return new PlacedCount(itsTable, 0, itsColumn, where, true, false);
  }

  /** The same persons among the facts. */
  public PlacedCount asFact(String name) {
    return new PlacedCount(FACTS, 0, name, where, others, basis);
  }

  /**
   * Counts of a model over complete rows: {@code n} and {@code dropped}, in its table {@code fit}
   * and among its facts.
   *
   * @param where whom {@code n} counts
   */
  public static List<PlacedCount> ofModel(Map<String, Set<String>> where) {
    PlacedCount n = new PlacedCount(FIT, 0, "n", where, false, true);
    PlacedCount dropped = n.leftOut(FIT, "dropped");
    return List.of(n, n.asFact("n"), dropped, dropped.asFact("dropped"));
  }

  /**
   * The same of a model of times, with {@code n_event}.
   *
   * @param event column of the event
   * @param levels of it; the first one is censoring
   */
  public static List<PlacedCount> ofModel(
      Map<String, Set<String>> where, String event, List<String> levels) {
    Map<String, Set<String>> all = new TreeMap<>(where);
    all.put(event, Set.copyOf(levels));
    Map<String, Set<String>> events = new TreeMap<>(where);
    events.put(event, Set.copyOf(levels.subList(1, levels.size())));
    PlacedCount withEvent = new PlacedCount(FIT, 0, "n_event", events, false, true);
    List<PlacedCount> counts = new ArrayList<>(ofModel(all));
    counts.add(withEvent);
    counts.add(withEvent.asFact("n_event"));
    return counts;
  }

  /** Adds that a weight is more than 0, which whoever is counted has to have. */
  public static Map<String, Set<String>> positive(
      Map<String, Set<String>> where, Optional<String> weights) {
    Map<String, Set<String>> both = new TreeMap<>(where);
    weights.ifPresent(column -> both.put(column + " > 0", Set.of(PRESENT)));
    return both;
  }

  /** States of rows that have a value in each of some columns. */
  public static Map<String, Set<String>> complete(Collection<String> columns) {
    Map<String, Set<String>> where = new TreeMap<>();
    columns.forEach(column -> where.put(column, Set.of(PRESENT)));
    return where;
  }

  /** Whether it counts persons without a value in some column: no statistic is about them. */
  public boolean ofMissing() {
    return others || where.containsValue(Set.of(MISSING));
  }
}
