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

  // Beyond 2^53 not every whole number is a double.
  private static final long LARGEST_EXACT_WHOLE = 1L << 53;

  /** The cell as this column holds it; refuses a value of another kind. */
  Cell accept(Cell cell) {
    if (kind == Kind.REAL
        && cell instanceof Cell.Whole whole
        && Math.abs(whole.value()) <= LARGEST_EXACT_WHOLE) {
      return new Cell.Real(whole.value());
    }
    boolean fits =
        switch (kind) {
          case TEXT -> cell instanceof Cell.Text;
          case WHOLE -> cell instanceof Cell.Whole;
          case REAL -> cell instanceof Cell.Real;
          case FLAG -> cell instanceof Cell.Flag;
        };
    if (fits || cell.status() != Cell.Status.OK) {
      return cell;
    }
    throw new IllegalArgumentException(
        "column " + name + " is " + kind + " and cannot hold " + cell.getClass().getSimpleName());
  }
}
