package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.TimeGrid;
import java.io.Serializable;

/**
 * In whose risk sets a row is, for rows that begin [stratum, time, event, entry if any].
 *
 * <p>A row is added to its last cell and taken off the cell before its first one, so that a sum
 * over a cell and all later ones of its stratum is the sum over the cell's risk set, and a row
 * costs two additions at most.
 */
record RiskCells(EventTimes cells, SurvivalTimes times, TimeGrid grid) implements Serializable {

  /** Last cell in whose risk set a row is; before {@link #first}: it is in none. */
  int last(double[] block, int row) {
    return cells.last((int) block[row], times.exit(grid, block[row + 1]));
  }

  /** First cell in whose risk set a row may be. */
  int first(double[] block, int row) {
    int stratum = (int) block[row];
    return times.hasEntry()
        ? cells.firstAfter(stratum, grid.entry(block[row + 3]))
        : cells.first(stratum);
  }

  /** Whether a row's first cell has one before it, off which the row is taken. */
  boolean entersLate(double[] block, int row, int first) {
    return first > cells.first((int) block[row]);
  }

  /** Whether a row has the event; then its last cell is that event's. */
  static boolean isEvent(double[] block, int row) {
    return block[row + 2] == 1;
  }
}
