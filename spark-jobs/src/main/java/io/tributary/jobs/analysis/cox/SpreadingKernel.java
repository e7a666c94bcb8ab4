package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.SurvivalTimes;

/**
 * Second sums of a model: squares about public centres, and columns of those with the event.
 *
 * @param times whose columns stand before the others in a row
 */
record SpreadingKernel(SurvivalTimes times, Reals centres, double offsetCentre)
    implements RowBlocks.Kernel {
  static final String DESIGN = "squares ";
  static final String OFFSET = "squares of the offset";
  static final String EVENTS = "events ";
  static final String EVENT_OFFSET = "offset of events";

  @Override
  public void add(double[] block, GridSum sum) {
    int weightAt = CoxReader.weightAt(times);
    int before = CoxReader.before(times);
    int offset = sum.slot(OFFSET);
    int eventOffset = sum.slot(EVENT_OFFSET);
    int[] design = new int[centres.size()];
    int[] events = new int[centres.size()];
    for (int j = 0; j < design.length; j++) {
      design[j] = sum.slot(DESIGN + j);
      events[j] = sum.slot(EVENTS + j);
    }
    for (int row = 1; row < block.length; row += before + design.length) {
      double w = block[row + weightAt];
      boolean event = RiskCells.isEvent(block, row);
      for (int j = 0; j < design.length; j++) {
        double off = block[row + before + j] - centres.at(j);
        sum.add(design[j], 0, off * off);
        if (event) {
          sum.add(events[j], 0, w * off);
        }
      }
      double off = block[row + weightAt + 1] - offsetCentre;
      sum.add(offset, 0, off * off);
      if (event) {
        sum.add(eventOffset, 0, w * off);
      }
    }
  }
}
