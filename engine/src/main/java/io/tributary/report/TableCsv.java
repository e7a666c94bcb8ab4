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
public final class TableCsv implements RowText {
  private static final String LINE_END = "\r\n";

  private final List<FlatColumn> columns;

  TableCsv(ResultTable table) {
    this.columns = flatColumns(table);
  }

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
    BitSet lacking = table.lacking();
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

  /** Writes header and rows. */
  public static void write(ResultTable table, Appendable out) throws IOException {
    TableCsv csv = new TableCsv(table);
    StringBuilder text = new StringBuilder();
    csv.head(text);
    csv.rows(table.rows(), 0, text);
    out.append(text);
  }

  @Override
  public void head(StringBuilder out) {
    for (int i = 0; i < columns.size(); i++) {
      out.append(i == 0 ? "" : ",").append(header(columns.get(i).name()));
    }
    out.append(LINE_END);
  }

  @Override
  public void rows(List<List<Cell>> rows, int first, StringBuilder out) {
    for (List<Cell> row : rows) {
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        Cell cell = row.get(columns.get(i).index());
        if (columns.get(i) instanceof FlatColumn.Statuses) {
          out.append(cell.status().word());
        } else {
          value(cell, out);
        }
      }
      out.append(LINE_END);
    }
  }

  @Override
  public void tail(StringBuilder out) {
    // Lines end by themselves.
  }

  private static void value(Cell cell, StringBuilder out) {
    if (cell instanceof Cell.Text text) {
      quote(text.value(), out);
    } else if (cell instanceof Cell.Whole whole) {
      out.append(whole.value());
    } else if (cell instanceof Cell.Real real) {
      out.append(Digits.exact(real.value()));
    } else if (cell instanceof Cell.Flag flag) {
      // Capitals, for R's read.csv takes no others for logical.
      out.append(flag.value() ? "TRUE" : "FALSE");
    }
  }

  private static String header(String name) {
    if (name.matches("[A-Za-z0-9_.]+")) {
      return name;
    }
    StringBuilder quoted = new StringBuilder();
    quote(name, quoted);
    return quoted.toString();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"').append(text.indexOf('"') < 0 ? text : text.replace("\"", "\"\"")).append('"');
  }
}
