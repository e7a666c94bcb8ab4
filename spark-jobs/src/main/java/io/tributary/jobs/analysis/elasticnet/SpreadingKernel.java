package io.tributary.jobs.analysis.elasticnet;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * Second sums: squares of each column and of the outcome about their means in each part, and
 * products of columns and outcome.
 *
 * @param centres of the columns, then of the outcome
 */
record SpreadingKernel(Reals centres) implements RowBlocks.Kernel {
  /** One slot for each column, with an element for each part. */
  static final String SQUARES = "squares ";

  static final String PRODUCTS = "products ";

  @Override
  public void add(double[] block, GridSum sum) {
    int columns = centres.size() - 1;
    int squares = sum.slot(SQUARES + 0);
    int products = columns > 0 ? sum.slot(PRODUCTS + 0) : -1;
    int width = PartReader.COLUMNS + columns;
    for (int row = 1; row < block.length; row += width) {
      int part = (int) block[row + PartReader.PART];
      double y = block[row + PartReader.OUTCOME] - centres.at(columns);
      for (int j = 0; j <= columns; j++) {
        double off = CountingKernel.number(block, row, j, columns) - centres.at(j);
        sum.add(squares + j, part, off * off);
        if (j < columns) {
          sum.add(products + j, 0, off * y);
        }
      }
    }
  }
}
