package io.tributary.report;

import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.RandomAccess;

/**
 * Rows of a table that are made each time they are asked for: a genome-wide result is more than a
 * heap holds. Writers ask for pieces in ascending order, for several at once.
 */
public abstract class LazyRows extends AbstractList<List<Cell>> implements RandomAccess {
  private final List<Column> columns;
  private final int size;

  protected LazyRows(List<Column> columns, int size) {
    this.columns = List.copyOf(columns);
    this.size = size;
  }

  /** Cells of one row, in the columns' order; called by several threads at once. */
  protected abstract List<Cell> cells(int row);

  /** Columns with a cell without a value. One pass, unless whoever makes the rows knows them. */
  protected BitSet lacking() {
    BitSet lacking = new BitSet();
    Pieces.inOrder(
        size,
        (from, to) -> {
          BitSet here = new BitSet();
          for (int row = from; row < to; row++) {
            addLacking(cells(row), here);
          }
          return here;
        },
        lacking::or);
    return lacking;
  }

  /** Adds the columns in which a row has no value. */
  protected static void addLacking(List<Cell> row, BitSet into) {
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i).status() != Cell.Status.OK) {
        into.set(i);
      }
    }
  }

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

  /** Rows in order, made some thousand at a time. */
  @Override
  public final Iterator<List<Cell>> iterator() {
    return new Iterator<>() {
      private final Queue<List<Cell>> made = new ArrayDeque<>();
      private int next;

      @Override
      public boolean hasNext() {
        return !made.isEmpty() || next < size;
      }

      @Override
      public List<Cell> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (made.isEmpty()) {
          int first = next;
          next = (int) Math.min(size, first + 8L * Pieces.ROWS);
          Pieces.inOrder(next - first, (from, to) -> rows(first + from, first + to), made::addAll);
        }
        return made.remove();
      }
    };
  }

  /** Some rows. */
  final List<List<Cell>> rows(int from, int to) {
    List<List<Cell>> rows = new ArrayList<>(to - from);
    for (int row = from; row < to; row++) {
      rows.add(get(row));
    }
    return rows;
  }
}
