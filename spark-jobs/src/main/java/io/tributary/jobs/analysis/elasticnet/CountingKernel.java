package io.tributary.jobs.analysis.elasticnet;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * First sums: persons of each part, and sums of each column and of the outcome.
 *
 * @param columns of the design
 * @param binomial whether events are counted
 */
record CountingKernel(int columns, boolean binomial) implements RowBlocks.Kernel {
  static final String PERSONS = "persons";
  static final String EVENTS = "events";
  static final String DROPPED = "dropped";
  static final String NUMBERS = "numbers";
  static final String ABSOLUTES = "absolute numbers";

  @Override
  public void add(double[] block, GridSum sum) {
    int dropped = sum.slot(DROPPED);
    for (int i = 0; i < (int) block[0]; i++) {
      sum.count(dropped, 0, 1);
    }
    int persons = sum.slot(PERSONS);
    int numbers = sum.slot(NUMBERS + ".high");
    int absolutes = sum.slot(ABSOLUTES + ".high");
    int width = PartReader.COLUMNS + columns;
    for (int row = 1; row < block.length; row += width) {
      int part = (int) block[row + PartReader.PART];
      sum.count(persons, part, 1);
      if (binomial && block[row + PartReader.OUTCOME] == 1) {
        sum.count(sum.slot(EVENTS), part, 1);
      }
      for (int j = 0; j <= columns; j++) {
        double number = number(block, row, j, columns);
        sum.unbounded(numbers, part * (columns + 1) + j, number);
        sum.unbounded(absolutes, j, Math.abs(number));
      }
    }
  }

  /** A column of a row, the outcome behind the design's. */
  static double number(double[] block, int row, int column, int columns) {
    return block[row + (column < columns ? PartReader.COLUMNS + column : PartReader.OUTCOME)];
  }
}
