package io.tributary.jobs.analysis.polytomous;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * First sums of a model: persons and weights at each level of the outcome, and sums of each column.
 *
 * @param columns of the design
 */
record CountingKernel(int columns) implements RowBlocks.Kernel {
  static final String LEVELS = "levels";
  static final String DROPPED = "dropped";
  static final String WEIGHTS = "weights";
  static final String NUMBERS = "numbers";
  static final String ABSOLUTES = "absolute numbers";

  @Override
  public void add(double[] block, GridSum sum) {
    int dropped = sum.slot(DROPPED);
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(dropped, 0, 1);
    }
    int levels = sum.slot(LEVELS);
    int weights = sum.slot(WEIGHTS + ".high");
    int width = CategoryReader.COLUMNS + columns;
    for (int row = 1; row < block.length; row += width) {
      int level = (int) block[row + CategoryReader.LEVEL];
      sum.count(levels, level, 1);
      sum.unbounded(weights, level, block[row + CategoryReader.WEIGHT]);
      for (int j = 0; j < columns; j++) {
        double number = block[row + CategoryReader.COLUMNS + j];
        sum.unbounded(sum.slot(NUMBERS + ".high"), j, number);
        sum.unbounded(sum.slot(ABSOLUTES + ".high"), j, Math.abs(number));
      }
    }
  }
}
