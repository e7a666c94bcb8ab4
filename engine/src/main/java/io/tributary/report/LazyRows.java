package io.tributary.report;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Rows of a table that are made each time they are asked for: a genome-wide result is more than a
 * heap holds. Writers ask in ascending order.
 */
public abstract class LazyRows extends AbstractList<List<Cell>> implements RandomAccess {
  private final List<Column> columns;
  private final int size;

  protected LazyRows(List<Column> columns, int size) {
    this.columns = List.copyOf(columns);
    this.size = size;
  }

  /** Cells of one row, in the columns' order. */
  protected abstract List<Cell> cells(int row);

  final List<Column> columns() {
    return columns;
  }

  @Override
  public final List<Cell> get(int row) {
    if (row < 0 || row >= size) {
      throw new IndexOutOfBoundsException(row);
    }
    return ResultTable.accepted(columns, cells(row));
  }

  @Override
  public final int size() {
    return size;
  }
}
