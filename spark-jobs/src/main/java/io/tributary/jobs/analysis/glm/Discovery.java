package io.tributary.jobs.analysis.glm;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.RowBlocks;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Looks for the levels of factors that nothing declares: persons at each whole number from -1024 to
 * 1023, a grid that does not depend on data.
 */
final class Discovery {
  static final String LEVELS = "levels";
  static final String OFF_GRID = "other values";

  /** Whole numbers tried, from -GRID/2. */
  static final int GRID = 2048;

  private Discovery() {}

  /**
   * Levels with anybody in them, ascending.
   *
   * @param counts persons at each number, [factors x GRID]
   */
  static List<Counts> found(int factors, long[] counts) {
    List<Counts> levels = new ArrayList<>();
    for (int factor = 0; factor < factors; factor++) {
      long[] found = new long[GRID];
      int size = 0;
      for (int i = 0; i < GRID; i++) {
        if (counts[factor * GRID + i] > 0) {
          found[size++] = (long) i - GRID / 2;
        }
      }
      levels.add(Counts.of(java.util.Arrays.copyOf(found, size)));
    }
    return levels;
  }

  /** Reads the factors of complete rows; the row's first columns are the factors. */
  record Reader(int factors, int columns) implements RowBlocks.RowReader {
    @Override
    public int width() {
      return factors;
    }

    @Override
    public boolean read(Row row, double[] into, int at) {
      for (int i = 0; i < columns; i++) {
        if (row.isNullAt(i)) {
          return false;
        }
      }
      for (int i = 0; i < factors; i++) {
        // Text cannot be told by numbers; it lands beside the grid.
        into[at + i] = row.get(i) instanceof Number number ? number.doubleValue() : 0.5;
      }
      return true;
    }
  }

  /** Counts them. */
  record Kernel(int factors) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      int levels = sum.slot(LEVELS);
      int offGrid = sum.slot(OFF_GRID);
      for (int row = 1; row < block.length; row += factors) {
        for (int factor = 0; factor < factors; factor++) {
          double x = block[row + factor];
          if (x == Math.rint(x) && Math.abs(x + 0.5) < GRID / 2) {
            sum.count(levels, factor * GRID + (int) x + GRID / 2, 1);
          } else {
            sum.count(offGrid, factor, 1);
          }
        }
      }
    }
  }
}
