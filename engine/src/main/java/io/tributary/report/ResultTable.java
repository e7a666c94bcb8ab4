package io.tributary.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One tidy table of a result; written as {@code OUT/<analysis>/<name>.csv|parquet|json}. A whole
 * number in a column of reals becomes a real; any other cell must be of its column's kind.
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
    List<List<Cell>> copies = new ArrayList<>(rows.size());
    for (List<Cell> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "table " + name + ": row of " + row.size() + " for " + columns.size() + " columns");
      }
      List<Cell> copy = new ArrayList<>(row.size());
      for (int i = 0; i < row.size(); i++) {
        copy.add(columns.get(i).accept(row.get(i)));
      }
      copies.add(List.copyOf(copy));
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
