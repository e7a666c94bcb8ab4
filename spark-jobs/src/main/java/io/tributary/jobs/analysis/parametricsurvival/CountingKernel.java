package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * First sums of a model: persons, and sums of the outcome and each column.
 *
 * @param columns of the design
 */
record CountingKernel(int columns) implements RowBlocks.Kernel {
  static final String EVENTS = "events";
  static final String CENSORED = "censored";
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
    int events = sum.slot(EVENTS);
    int censored = sum.slot(CENSORED);
    int weights = sum.slot(WEIGHTS + ".high");
    int numbers = sum.slot(NUMBERS + ".high");
    int absolutes = sum.slot(ABSOLUTES + ".high");
    int width = LogTimeReader.OUTCOME + 1 + columns;
    for (int row = 1; row < block.length; row += width) {
      sum.count(block[row + LogTimeReader.EVENT] == 1 ? events : censored, 0, 1);
      sum.unbounded(weights, 0, block[row + LogTimeReader.WEIGHT]);
      for (int j = 0; j <= columns; j++) {
        double number = block[row + LogTimeReader.OUTCOME + j];
        sum.unbounded(numbers, j, number);
        sum.unbounded(absolutes, j, Math.abs(number));
      }
    }
  }
}
