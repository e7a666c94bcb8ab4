package io.tributary.report;

/**
 * A column of a result table.
 *
 * @param name the field's name, snake case: term, estimate, std_error, statistic, p_value, ...
 * @param kind what its cells hold besides Suppressed, NotComputed and Failed
 */
public record Column(String name, Kind kind) {
  /** Type of a column in CSV, Parquet and JSON. */
  public enum Kind {
    TEXT,
    WHOLE,
    REAL,
    FLAG
  }

  public static Column text(String name) {
    return new Column(name, Kind.TEXT);
  }

  public static Column whole(String name) {
    return new Column(name, Kind.WHOLE);
  }

  public static Column real(String name) {
    return new Column(name, Kind.REAL);
  }

  public static Column flag(String name) {
    return new Column(name, Kind.FLAG);
  }
}
