package io.tributary.jobs.analysis;

import io.tributary.codec.GridSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds squares of score residuals to a sum, for sandwich covariances. A cluster's residual is the
 * sum over its rows (Liang and Zeger 1986), which stand one after the other.
 */
public final class ScoreSquares {
  private final GridSum sum;
  private final int slot;
  private final List<double[]> cluster = new ArrayList<>();

  /**
   * Squares go to one slot.
   *
   * @param slot of the upper triangle, packed by rows
   */
  public ScoreSquares(GridSum sum, int slot) {
    this.sum = sum;
    this.slot = slot;
  }

  /**
   * One row's residual.
   *
   * @param residual kept as it is until its cluster ends, [p]
   * @param first whether the row before is of another cluster
   */
  public void add(double[] residual, boolean first) {
    if (first) {
      end();
    }
    cluster.add(residual);
  }

  /** Adds the cluster at hand; to be called after the last row too. */
  public void end() {
    if (cluster.isEmpty()) {
      return;
    }
    // Rows of a cluster stand in any order, so they are added in one of their own.
    cluster.sort(Arrays::compare);
    double[] total = new double[cluster.get(0).length];
    for (double[] row : cluster) {
      for (int j = 0; j < total.length; j++) {
        total[j] += row[j];
      }
    }
    cluster.clear();
    int at = 0;
    for (int j = 0; j < total.length; j++) {
      for (int k = j; k < total.length; k++) {
        sum.add(slot, at++, total[j] * total[k]);
      }
    }
  }
}
