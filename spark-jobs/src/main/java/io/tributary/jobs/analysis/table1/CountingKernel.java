package io.tributary.jobs.analysis.table1;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/** First sum: persons, values and levels of each cohort. */
final class CountingKernel implements RowBlocks.Kernel {
  private final int groups;
  private final int numbers;
  private final int[] levels;

  /**
   * A kernel for rows [cohort, numbers, categories].
   *
   * @param levels levels of each category
   */
  CountingKernel(int groups, int numbers, int[] levels) {
    this.groups = groups;
    this.numbers = numbers;
    this.levels = levels.clone();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(sum.slot(Table1Analysis.UNGROUPED), 0, 1);
    }
    int persons = sum.slot(Table1Analysis.PERSONS);
    int width = 1 + numbers + levels.length;
    for (int row = 1; row < block.length; row += width) {
      int group = (int) block[row];
      sum.count(persons, group, 1);
      if (numbers > 0) {
        addNumbers(block, row + 1, group, sum);
      }
      if (levels.length > 0) {
        addLevels(block, row + 1 + numbers, group, sum);
      }
    }
  }

  private void addNumbers(double[] block, int first, int group, GridSum sum) {
    int n = sum.slot(Table1Analysis.VALUES);
    int total = sum.slot(Table1Analysis.SUM + ".high");
    int absolute = sum.slot(Table1Analysis.ABSOLUTE + ".high");
    for (int column = 0; column < numbers; column++) {
      double x = block[first + column];
      if (!Double.isNaN(x)) {
        int at = column * groups + group;
        sum.count(n, at, 1);
        sum.unbounded(total, at, x);
        sum.unbounded(absolute, at, Math.abs(x));
      }
    }
  }

  private void addLevels(double[] block, int first, int group, GridSum sum) {
    int counts = sum.slot(Table1Analysis.LEVELS);
    int before = 0;
    for (int column = 0; column < levels.length; column++) {
      double level = block[first + column];
      if (!Double.isNaN(level)) {
        sum.count(counts, (before + (int) level) * groups + group, 1);
      }
      before += levels[column];
    }
  }
}
