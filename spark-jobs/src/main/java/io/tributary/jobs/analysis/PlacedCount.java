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
 * @param between for each column whose number has to lie in a range, that range
 * @param others whether all other persons of the study's cohort are counted instead
 * @param basis whether all else in the report is about exactly these persons, so that it goes with
 *     their count
 */
public record PlacedCount(
    String table,
    int row,
    String column,
    Map<String, Set<String>> where,
    Map<String, NumberRange> between,
    boolean others,
    boolean basis) {
  /** Stands for the table in counts among the facts of a report. */
  public static final String FACTS = "(facts)";

  /** Fact of rows without a group. */
  public static final String UNGROUPED = "ungrouped";

  private static final String DROPPED = "dropped_";
  private static final String FIT = "fit";

  /** A column has a value. */
  public static final String PRESENT = "(present)";

  /** A column has no value. */
  public static final String MISSING = "(missing)";

  public PlacedCount {
    where = java.util.Collections.unmodifiableMap(new TreeMap<>(where));
    between = java.util.Collections.unmodifiableMap(new TreeMap<>(between));
  }

  /** Persons with these states, whatever their numbers are. */
  public PlacedCount(
      String table,
      int row,
      String column,
      Map<String, Set<String>> where,
      boolean others,
      boolean basis) {
    this(table, row, column, where, Map.of(), others, basis);
  }

  /** Persons with these states, in a table that is about others too. */
  public PlacedCount(String table, int row, String column, Map<String, Set<String>> where) {
    this(table, row, column, where, false, false);
  }

  /** Those whom the report does not count: whoever has not all of these states. */
  public PlacedCount leftOut(String itsTable, String itsColumn) {
    return new PlacedCount(itsTable, 0, itsColumn, where, between, true, false);
  }

  /** The same persons among the facts. */
  public PlacedCount asFact(String name) {
    return new PlacedCount(FACTS, 0, name, where, between, others, basis);
  }

  /** All whom a report is about, among its facts; its tables count them in other ways. */
  public static PlacedCount persons(Map<String, Set<String>> where) {
    return new PlacedCount(FACTS, 0, "persons", where);
  }

  /** Rows without a group, among the facts of a report in groups; none where there are none. */
  public static List<PlacedCount> ungrouped(Grouping grouping) {
    return grouping.isGrouped()
        ? List.of(new PlacedCount(FACTS, 0, UNGROUPED, grouping.anyGroup(), true, false))
        : List.of();
  }

  /** The name of the fact that says how many rows one column of a table leaves out. */
  public static String dropped(String column) {
    return DROPPED + column;
  }

  /**
   * Rows that one column of a table leaves out.
   *
   * @param where whom it counts
   */
  public static PlacedCount dropped(String column, Map<String, Set<String>> where) {
    return new PlacedCount(FACTS, 0, dropped(column), where, true, false);
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

  /**
   * Whether no statistic is about just these persons: those without a value in some column, and a
   * fact beside tables whose own counts say what they are about.
   */
  public boolean goesAlone() {
    return others || where.containsValue(Set.of(MISSING)) || (table.equals(FACTS) && !basis);
  }
}
