package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * Second sums of a model, of its event times: how many rows join and leave the risk sets, and what
 * is summed over events by their times.
 *
 * @param along function of time by which the events' columns are multiplied, [cells]; empty for
 *     none
 * @param weighted whether the events' weights are added up for each cell
 */
record PlacingKernel(RiskCells cells, Reals centres, Reals along, boolean weighted)
    implements RowBlocks.Kernel {
  static final String LEAVING = "leaving";
  static final String ENTERING = "entering";
  static final String NEVER = "never at risk at an event";
  static final String WEIGHTS = "weights of events";
  static final String ALONG = "events along time ";

  @Override
  public void add(double[] block, GridSum sum) {
    int weightAt = CoxReader.weightAt(cells.times());
    int before = CoxReader.before(cells.times());
    int leaving = sum.slot(LEAVING);
    int never = sum.slot(NEVER);
    int entering = cells.times().hasEntry() ? sum.slot(ENTERING) : -1;
    int weights = weighted ? sum.slot(WEIGHTS) : -1;
    int[] times = new int[along.size() > 0 ? centres.size() : 0];
    for (int j = 0; j < times.length; j++) {
      times[j] = sum.slot(ALONG + j);
    }
    for (int row = 1; row < block.length; row += before + centres.size()) {
      int last = cells.last(block, row);
      int first = cells.first(block, row);
      if (last < first) {
        sum.count(never, (int) block[row], 1);
        continue;
      }
      sum.count(leaving, last, 1);
      if (cells.entersLate(block, row, first)) {
        sum.count(entering, first - 1, 1);
      }
      if (!RiskCells.isEvent(block, row)) {
        continue;
      }
      double w = block[row + weightAt];
      if (weighted) {
        sum.add(weights, last, w);
      }
      for (int j = 0; j < times.length; j++) {
        sum.add(times[j], 0, along.at(last) * (w * (block[row + before + j] - centres.at(j))));
      }
    }
  }
}
