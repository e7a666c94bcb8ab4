package io.tributary.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One tidy table of a result; written as {@code OUT/<analysis>/<name>.csv|parquet|json}. A whole
 * number in a column of reals becomes a real; any other cell must be of its column's kind. Rows are
 * copied, but for {@link LazyRows}, which may be more than a heap holds.
 *
 * @param name file name without ending, e.g. {@code coefficients}
 * @param title one line for people
 */
public record ResultTable(String name, String title, List<Column> columns, List<List<Cell>> rows) {
  public ResultTable {
    columns = List.copyOf(columns);
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("table " + name + ": two columns " + column.name());
      }
    }
    if (rows instanceof LazyRows lazy) {
      if (!lazy.columns().equals(columns)) {
        throw new IllegalArgumentException("table " + name + ": rows of other columns");
      }
    } else {
      List<List<Cell>> copies = new ArrayList<>(rows.size());
      for (List<Cell> row : rows) {
        copies.add(accepted(columns, row));
      }
      rows = List.copyOf(copies);
    }
  }

  /** Columns with a cell without a value. */
  BitSet lacking() {
    if (rows instanceof LazyRows lazy) {
      return lazy.lacking();
    }
    BitSet lacking = new BitSet();
    rows.forEach(row -> LazyRows.addLacking(row, lacking));
    return lacking;
  }

  /** Some rows. */
  List<List<Cell>> rows(int from, int to) {
    return rows instanceof LazyRows lazy ? lazy.rows(from, to) : rows.subList(from, to);
  }

  /** A row as these columns hold it. */
  static List<Cell> accepted(List<Column> columns, List<Cell> row) {
    if (row.size() != columns.size()) {
      throw new IllegalArgumentException(
          "row of " + row.size() + " for " + columns.size() + " columns");
    }
    Cell[] copy = new Cell[row.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = columns.get(i).accept(row.get(i));
    }
    return List.of(copy);
  }

  public int column(String columnName) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(columnName)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column " + columnName + " in " + name);
  }
}
