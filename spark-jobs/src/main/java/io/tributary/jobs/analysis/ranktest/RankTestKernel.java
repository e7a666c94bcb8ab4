package io.tributary.jobs.analysis.ranktest;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import java.util.List;

/** Counts persons by value and group; a row is [group, values...]. */
record RankTestKernel(List<ValueGrid> grids) implements RowBlocks.Kernel {
  static final String VALUES = "values ";
  static final String BETWEEN = "between";
  static final String OUTSIDE = "outside";
  static final String DROPPED = "dropped";

  RankTestKernel {
    grids = List.copyOf(grids);
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int dropped = sum.slot(DROPPED);
    for (int column = 0; column < grids.size(); column++) {
      for (int i = 0; i < (int) block[0]; i++) {
        sum.count(dropped, column, 1);
      }
      add(block, column, sum);
    }
  }

  private void add(double[] block, int column, GridSum sum) {
    ValueGrid grid = grids.get(column);
    int values = sum.slot(VALUES + column);
    for (int row = 1; row < block.length; row += 1 + grids.size()) {
      double x = block[row + 1 + column];
      if (Double.isNaN(x)) {
        sum.count(sum.slot(DROPPED), column, 1);
        continue;
      }
      int group = (int) block[row];
      int at = grid.place(x);
      if (at >= 0 && at < grid.points()) {
        sum.count(values, group * grid.points() + at, 1);
        if (!grid.holds(x)) {
          sum.count(sum.slot(BETWEEN), column, 1);
        }
      } else {
        sum.count(sum.slot(OUTSIDE), column, 1);
      }
    }
  }
}
