package io.tributary.jobs.analysis.polytomous;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * Second sums of a model: squares of each column about its mean.
 *
 * @param centres of the columns
 */
record SpreadingKernel(Reals centres) implements RowBlocks.Kernel {
  static final String SQUARES = "squares ";

  @Override
  public void add(double[] block, GridSum sum) {
    int squares = sum.slot(SQUARES + 0);
    int width = CategoryReader.COLUMNS + centres.size();
    for (int row = 1; row < block.length; row += width) {
      for (int j = 0; j < centres.size(); j++) {
        double off = block[row + CategoryReader.COLUMNS + j] - centres.at(j);
        sum.add(squares + j, 0, off * off);
      }
    }
  }
}
