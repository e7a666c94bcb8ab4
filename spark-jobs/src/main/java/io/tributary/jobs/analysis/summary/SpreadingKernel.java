package io.tributary.jobs.analysis.summary;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/** Second round: squares about each group's mean. */
final class SpreadingKernel implements RowBlocks.Kernel {
  private final int groups;
  private final int width;
  private final double[] centres;

  /**
   * @param width doubles a row
   * @param centres means, [columns x groups]
   */
  SpreadingKernel(int groups, int width, double[] centres) {
    this.groups = groups;
    this.width = width;
    this.centres = centres.clone();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int columns = centres.length / groups;
    for (int column = 0; column < columns; column++) {
      int slot = sum.slot(SummaryAnalysis.SQUARES + column);
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
