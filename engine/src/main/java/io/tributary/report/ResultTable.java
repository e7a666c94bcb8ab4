package io.tributary.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One tidy table of a result; written as {@code OUT/<analysis>/<name>.csv|parquet|json}.
 *
 * @param name file name without ending, e.g. {@code coefficients}
 * @param title one line for people
 */
public record ResultTable(String name, String title, List<Column> columns, List<List<Cell>> rows) {
  public ResultTable {
    columns = List.copyOf(columns);
    List<List<Cell>> copies = new ArrayList<>(rows.size());
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "table " + name + ": row of " + row.size() + " for " + columns.size() + " columns");
      }
      copies.add(List.copyOf(row));
    }
    rows = List.copyOf(copies);
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
