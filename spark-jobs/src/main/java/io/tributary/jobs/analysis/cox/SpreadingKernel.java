package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;

/**
 * Second sums of a model: squares about public centres, columns of those with the event, and how
 * many rows join and leave the risk sets.
 *
 * @param along function of time by which the events' columns are multiplied, [cells]; empty for
 *     none
 * @param weighted whether the events' weights are added up for each cell
 */
record SpreadingKernel(
    RiskCells cells, Reals centres, double offsetCentre, Reals along, boolean weighted)
    implements RowBlocks.Kernel {
  static final String DESIGN = "squares ";
  static final String OFFSET = "squares of the offset";
  static final String LEAVING = "leaving";
  static final String ENTERING = "entering";
  static final String NEVER = "never at risk at an event";
  static final String WEIGHTS = "weights of events";
  static final String EVENTS = "events ";
  static final String ALONG = "events along time ";
  static final String EVENT_OFFSET = "offset of events";

  @Override
  public void add(double[] block, GridSum sum) {
    int weightAt = CoxReader.weightAt(cells.times());
    int before = CoxReader.before(cells.times());
    int offset = sum.slot(OFFSET);
    int leaving = sum.slot(LEAVING);
    int never = sum.slot(NEVER);
    int entering = cells.times().hasEntry() ? sum.slot(ENTERING) : -1;
    int weights = weighted ? sum.slot(WEIGHTS) : -1;
    int eventOffset = sum.slot(EVENT_OFFSET);
    int[] design = new int[centres.size()];
    int[] events = new int[centres.size()];
    int[] times = new int[along.size() > 0 ? centres.size() : 0];
    for (int j = 0; j < times.length; j++) {
      times[j] = sum.slot(ALONG + j);
    }
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
      if (weighted && event) {
        sum.add(weights, last, w);
      }
      for (int j = 0; event && j < times.length; j++) {
        sum.add(times[j], 0, along.at(last) * (w * (block[row + before + j] - centres.at(j))));
      }
    }
  }
}
