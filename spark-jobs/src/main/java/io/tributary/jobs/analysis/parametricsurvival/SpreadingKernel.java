package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * Second sums of a model: squares of the outcome and of each column about their means, and what the
 * events add whatever the coefficients are.
 *
 * @param centres of the outcome, then of the columns
 */
record SpreadingKernel(Reals centres) implements RowBlocks.Kernel {
  static final String SQUARES = "squares ";
  static final String EVENT_WEIGHTS = "weights of events";
  static final String EVENT_LOG_TIMES = "log times of events";

  @Override
  public void add(double[] block, GridSum sum) {
    int squares = sum.slot(SQUARES + 0);
    int weights = sum.slot(EVENT_WEIGHTS + ".high");
    int logTimes = sum.slot(EVENT_LOG_TIMES + ".high");
    int width = LogTimeReader.OUTCOME + centres.size();
    for (int row = 1; row < block.length; row += width) {
      for (int j = 0; j < centres.size(); j++) {
        double off = block[row + LogTimeReader.OUTCOME + j] - centres.at(j);
        sum.add(squares + j, 0, off * off);
      }
      if (block[row + LogTimeReader.EVENT] == 1) {
        double weight = block[row + LogTimeReader.WEIGHT];
        sum.unbounded(weights, 0, weight);
        sum.unbounded(logTimes, 0, weight * block[row + LogTimeReader.LOG_TIME]);
      }
    }
  }
}
