package io.tributary.report;

import io.tributary.report.text.Digits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table as CSV (RFC 4180: comma, CRLF, doubled quotes; UTF-8 without a mark).
 *
 * <ul>
 *   <li>A number is unquoted and reads back to the same bits; text is always quoted, so that an
 *       empty text differs from no value.
 *   <li>A cell without a value is empty, so that a numeric column stays numeric for every reader.
 *   <li>Why it is empty stands in a companion column {@code <name>_status} right after it, which is
 *       there only if the column has such a cell: {@code ok}, {@code suppressed}, {@code
 *       not_computed} or {@code failed}. The rule or reason itself is in the JSON twin.
 * </ul>
 */
public final class TableCsv {
  private static final String LINE_END = "\r\n";

  private TableCsv() {}

  /** A column as the flat files (CSV, Parquet) hold it. */
  public sealed interface FlatColumn {
    String name();

    /** Position in the table. */
    int index();

    /** The values, empty where there is none. */
    record Values(String name, int index, Column.Kind kind) implements FlatColumn {}

    /** The words of {@link Cell.Status} for the column before it. */
    record Statuses(String name, int index) implements FlatColumn {}
  }

  /** The columns of the flat files: the table's own, and a companion after each that needs one. */
  public static List<FlatColumn> flatColumns(ResultTable table) {
    Set<String> taken = new HashSet<>();
    table.columns().forEach(column -> taken.add(column.name()));
    BitSet lacking = lacking(table);
    List<FlatColumn> flat = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      Column column = table.columns().get(i);
      flat.add(new FlatColumn.Values(column.name(), i, column.kind()));
      if (lacking.get(i)) {
        String name = column.name() + "_status";
        while (!taken.add(name)) {
          name += "_";
        }
        flat.add(new FlatColumn.Statuses(name, i));
      }
    }
    return flat;
  }

  /** Columns with a cell without a value; one pass, for rows may be costly to make. */
  private static BitSet lacking(ResultTable table) {
    BitSet lacking = new BitSet();
    for (List<Cell> row : table.rows()) {
      for (int i = 0; i < row.size(); i++) {
        if (row.get(i).status() != Cell.Status.OK) {
          lacking.set(i);
        }
      }
      if (lacking.cardinality() == table.columns().size()) {
        break;
      }
    }
    return lacking;
  }

  /** Writes header and rows. */
  public static void write(ResultTable table, Appendable out) throws IOException {
    List<FlatColumn> columns = flatColumns(table);
    for (int i = 0; i < columns.size(); i++) {
      out.append(i == 0 ? "" : ",").append(header(columns.get(i).name()));
    }
    out.append(LINE_END);
    for (List<Cell> row : table.rows()) {
      for (int i = 0; i < columns.size(); i++) {
        Cell cell = row.get(columns.get(i).index());
        out.append(i == 0 ? "" : ",");
        out.append(
            columns.get(i) instanceof FlatColumn.Statuses ? cell.status().word() : value(cell));
      }
      out.append(LINE_END);
    }
  }

  private static String value(Cell cell) {
    if (cell instanceof Cell.Text text) {
      return quoted(text.value());
    }
    if (cell instanceof Cell.Whole whole) {
      return Long.toString(whole.value());
    }
    if (cell instanceof Cell.Real real) {
      return Digits.exact(real.value());
    }
    // Capitals, for R's read.csv takes no others for logical.
    return cell instanceof Cell.Flag flag ? (flag.value() ? "TRUE" : "FALSE") : "";
  }

  private static String header(String name) {
    return name.matches("[A-Za-z0-9_.]+") ? name : quoted(name);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
