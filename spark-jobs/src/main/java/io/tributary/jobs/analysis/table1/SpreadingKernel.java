package io.tributary.jobs.analysis.table1;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/** Second sum: squares about each cohort's mean. */
final class SpreadingKernel implements RowBlocks.Kernel {
  private final int groups;
  private final int width;
  private final double[] centres;

  /**
   * A kernel for rows [cohort, numbers, categories].
   *
   * @param width doubles a row
   * @param centres means, [C x G]
   */
  SpreadingKernel(int groups, int width, double[] centres) {
    this.groups = groups;
    this.width = width;
    this.centres = centres.clone();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    for (int column = 0; column < centres.length / groups; column++) {
      int slot = sum.slot(Table1Analysis.SQUARES + column);
      for (int row = 1; row < block.length; row += width) {
        double x = block[row + 1 + column];
        if (!Double.isNaN(x)) {
          int group = (int) block[row];
          double off = x - centres[column * groups + group];
          sum.add(slot, group, off * off);
        }
      }
    }
  }
}
