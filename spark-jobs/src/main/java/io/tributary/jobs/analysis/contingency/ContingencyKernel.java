package io.tributary.jobs.analysis.contingency;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/** Counts persons by group and level of each column; a row is [group, levels...]. */
final class ContingencyKernel implements RowBlocks.Kernel {
  static final String CELLS = "cells ";
  static final String DROPPED = "dropped";

  private final int[] levels;

  /**
   * @param levels of each column
   */
  ContingencyKernel(int[] levels) {
    this.levels = levels.clone();
  }

  @Override
  public void add(double[] block, GridSum sum) {
    int dropped = sum.slot(DROPPED);
    for (int column = 0; column < levels.length; column++) {
      int cells = sum.slot(CELLS + column);
      for (int i = 0; i < (int) block[0]; i++) {
        sum.count(dropped, column, 1);
      }
      for (int row = 1; row < block.length; row += 1 + levels.length) {
        int group = (int) block[row];
        double level = block[row + 1 + column];
        if (Double.isNaN(level)) {
          sum.count(dropped, column, 1);
        } else {
          sum.count(cells, group * levels[column] + (int) level, 1);
        }
      }
    }
  }
}
