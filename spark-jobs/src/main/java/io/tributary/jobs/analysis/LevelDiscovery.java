package io.tributary.jobs.analysis;

import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Looks for the levels of factors that nothing declares: persons at each whole number from -1024 to
 * 1023, a grid that does not depend on data.
 */
public final class LevelDiscovery {
  public static final String LEVELS = "levels";
  public static final String OFF_GRID = "other values";

  /** Whole numbers tried, from -GRID/2. */
  public static final int GRID = 2048;

  private LevelDiscovery() {}

  /**
   * Levels with anybody in them, ascending.
   *
   * @param counts persons at each number, [factors x GRID]
   */
  public static List<Counts> found(int factors, long[] counts) {
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

  /** Slots of the round. */
  public static void declare(Layout.Builder layout, int factors, long personsPerSite) {
    layout.count(LEVELS, factors * GRID, "person", 1, personsPerSite);
    layout.count(OFF_GRID, factors, "person", 1, personsPerSite);
  }

  /** Whether every factor has levels on the grid, not too many, and nothing beside them. */
  public static boolean usable(Counts levels, long offGrid) {
    return offGrid == 0 && levels.size() > 0 && levels.size() <= Field.MAX_LEVELS;
  }

  /** Whether a level of the factor is held by some but fewer than {@code minCell} persons. */
  public static boolean rare(int factor, long[] counts, int minCell) {
    for (int i = 0; i < GRID; i++) {
      long persons = counts[factor * GRID + i];
      if (persons > 0 && persons < minCell) {
        return true;
      }
    }
    return false;
  }

  /** A column with the levels that were found. */
  public static Field field(String column, Counts levels) {
    List<String> texts = new ArrayList<>();
    for (long level : levels.toArray()) {
      texts.add(Long.toString(level));
    }
    return Field.category(column, texts);
  }

  /** Writes found levels into a state. */
  public static void write(StateBytes.Writer out, List<Counts> levels) {
    levels.forEach(found -> out.wholes(found.toArray()));
  }

  /** Reads the levels of {@code factors} factors; refuses what no round can have found. */
  public static List<Counts> read(StateBytes.Reader in, int factors) {
    List<Counts> levels = new ArrayList<>();
    for (int factor = 0; factor < factors; factor++) {
      long[] found = in.wholes();
      if (found.length == 0 || found.length > Field.MAX_LEVELS) {
        throw in.refuse();
      }
      for (int i = 0; i < found.length; i++) {
        boolean onGrid = found[i] >= -GRID / 2 && found[i] < GRID / 2;
        if (!onGrid || (i > 0 && found[i] <= found[i - 1])) {
          throw in.refuse();
        }
      }
      levels.add(Counts.of(found));
    }
    return levels;
  }

  /** Reads the factors of complete rows; the row's first columns are the factors. */
  public record Reader(int factors, int columns) implements RowBlocks.RowReader {
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

  /** Counts one row, whose factors stand from {@code row} on. */
  public static void count(double[] block, int row, int factors, GridSum sum) {
    int levels = sum.slot(LEVELS);
    int offGrid = sum.slot(OFF_GRID);
    for (int factor = 0; factor < factors; factor++) {
      double x = block[row + factor];
      if (x == Math.rint(x) && Math.abs(x + 0.5) < GRID / 2) {
        sum.count(levels, factor * GRID + (int) x + GRID / 2, 1);
      } else {
        sum.count(offGrid, factor, 1);
      }
    }
  }

  /** Counts them. */
  public record Kernel(int factors) implements RowBlocks.Kernel {
    @Override
    public void add(double[] block, GridSum sum) {
      for (int row = 1; row < block.length; row += factors) {
        count(block, row, factors, sum);
      }
    }
  }
}
