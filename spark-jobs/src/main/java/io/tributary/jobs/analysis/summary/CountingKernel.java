package io.tributary.jobs.analysis.summary;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ValueKeys;

/** First round: persons, missing, sums and levels of each group. */
final class CountingKernel implements RowBlocks.Kernel {
  private final int groups;
  private final int numbers;
  private final int[] levels;

  /**
   * @param levels levels of each category column
   */
  CountingKernel(int groups, int numbers, int[] levels) {
    this.groups = groups;
    this.numbers = numbers;
    this.levels = levels.clone();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int ungrouped = sum.slot(SummaryAnalysis.UNGROUPED);
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(ungrouped, 0, 1);
    }
    int width = 1 + numbers + levels.length;
    for (int row = 1; row < block.length; row += width) {
      int group = (int) block[row];
      if (numbers > 0) {
        addNumbers(block, row + 1, group, sum);
      }
      if (levels.length > 0) {
        addLevels(block, row + 1 + numbers, group, sum);
      }
    }
  }

  private void addNumbers(double[] block, int first, int group, GridSum sum) {
    int persons = sum.slot(SummaryAnalysis.PERSONS);
    int missing = sum.slot(SummaryAnalysis.MISSING);
    int offGrid = sum.slot(SummaryAnalysis.OFF_GRID);
    int total = sum.slot(SummaryAnalysis.SUM + ".high");
    int absolute = sum.slot(SummaryAnalysis.ABSOLUTE + ".high");
    for (int column = 0; column < numbers; column++) {
      double x = block[first + column];
      int at = column * groups + group;
      if (Double.isNaN(x)) {
        sum.count(missing, at, 1);
        continue;
      }
      sum.count(persons, at, 1);
      sum.unbounded(total, at, x);
      sum.unbounded(absolute, at, Math.abs(x));
      for (int d = 0; d <= ValueKeys.MAX_DECIMALS; d++) {
        if (!ValueKeys.onGrid(x, d)) {
          sum.count(offGrid, column * (ValueKeys.MAX_DECIMALS + 1) + d, 1);
        }
      }
    }
  }

  private void addLevels(double[] block, int first, int group, GridSum sum) {
    int counts = sum.slot(SummaryAnalysis.LEVELS);
    int missing = sum.slot(SummaryAnalysis.LEVEL_MISSING);
    int before = 0;
    for (int column = 0; column < levels.length; column++) {
      double level = block[first + column];
      if (Double.isNaN(level)) {
        sum.count(missing, column * groups + group, 1);
      } else {
        sum.count(counts, (before + (int) level) * groups + group, 1);
      }
      before += levels[column];
    }
  }
}
