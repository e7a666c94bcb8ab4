package io.tributary.jobs.analysis.crosstab;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/** Counts persons by cell; a row that lacks a value in some dimension counts as missing. */
final class CrosstabKernel implements RowBlocks.Kernel {
  private final int[] sizes;

  /**
   * @param sizes levels of each dimension
   */
  CrosstabKernel(int[] sizes) {
    this.sizes = sizes.clone();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int cells = sum.slot(CrosstabAnalysis.CELLS);
    int missing = sum.slot(CrosstabAnalysis.MISSING);
    int width = 1 + sizes.length;
    for (int row = 1; row < block.length; row += width) {
      int cell = 0;
      boolean complete = true;
      for (int d = 0; d < sizes.length; d++) {
        double level = block[row + 1 + d];
        complete &= !Double.isNaN(level);
        cell = cell * sizes[d] + (int) level;
      }
      if (complete) {
        sum.count(cells, cell, 1);
      } else {
        sum.count(missing, 0, 1);
      }
    }
  }
}
