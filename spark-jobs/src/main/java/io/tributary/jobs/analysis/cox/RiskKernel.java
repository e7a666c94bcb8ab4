package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.survival.PartialLikelihood;
import io.tributary.study.Errors;

/**
 * One iteration's sums: r, r z and r z z' with r = w exp(predictor), where rows leave a risk set
 * less where they enter one; the same over the events of each tied time.
 *
 * @param tied whether Efron's sums are among them
 * @param cap largest r that is added; rows beyond it are counted instead
 */
record RiskKernel(
    RiskCells cells, CoxScaling scaling, boolean tied, Reals beta, Reals previous, double cap)
    implements RowBlocks.Kernel {
  static final String RISK = "risk";
  static final String TIED = "tied events";
  static final String BEYOND = "risk beyond its cap";
  static final String MOVED = "predictor moved";

  /** Change of a predictor that does not happen near a finite estimate. */
  static final double FAR = 0.1;

  @Override
  public void add(double[] block, GridSum sum) {
    int weightAt = CoxReader.weightAt(cells.times());
    int before = CoxReader.before(cells.times());
    int p = scaling.size();
    int size = PartialLikelihood.sums(p);
    int risk = sum.slot(RISK);
    int ties = tied ? sum.slot(TIED) : -1;
    int beyond = sum.slot(BEYOND);
    int moved = sum.slot(MOVED);
    double[] z = new double[p];
    double[] own = new double[size];
    for (int row = 1; row < block.length; row += before + p) {
      double w = block[row + weightAt];
      double offset = block[row + weightAt + 1] - scaling.offsetCentre();
      if (!(w <= scaling.weightReach()) || !(Math.abs(offset) <= scaling.offsetReach())) {
        throw Errors.valueOutOfBounds(RISK, scaling.offsetReach());
      }
      double predictor = offset;
      double change = 0;
      for (int j = 0; j < p; j++) {
        z[j] = (block[row + before + j] - scaling.centres().at(j)) / scaling.scales().at(j);
        if (!(Math.abs(z[j]) <= scaling.reach().at(j))) {
          throw Errors.valueOutOfBounds(RISK, scaling.reach().at(j));
        }
        predictor += beta.at(j) * z[j];
        change += (beta.at(j) - previous.at(j)) * z[j];
      }
      if (Math.abs(change) > FAR) {
        sum.count(moved, 0, 1);
      }
      double r = w * StrictMath.exp(predictor);
      if (!(r <= cap)) {
        sum.count(beyond, 0, 1);
        continue;
      }
      int last = cells.last(block, row);
      int first = cells.first(block, row);
      if (last < first) {
        continue;
      }
      products(r, z, own);
      addTo(sum, risk, last, own, 1);
      if (cells.entersLate(block, row, first)) {
        addTo(sum, risk, first - 1, own, -1);
      }
      if (tied && RiskCells.isEvent(block, row) && cells.cells().tie(last) >= 0) {
        addTo(sum, ties, cells.cells().tie(last), own, 1);
      }
    }
  }

  /** r, r z, r z z' packed by rows. */
  private static void products(double r, double[] z, double[] into) {
    into[0] = r;
    int at = 1 + z.length;
    for (int j = 0; j < z.length; j++) {
      double left = r * z[j];
      into[1 + j] = left;
      for (int k = j; k < z.length; k++) {
        into[at++] = left * z[k];
      }
    }
  }

  private static void addTo(GridSum sum, int slot, int cell, double[] own, double sign) {
    int at = cell * own.length;
    for (int i = 0; i < own.length; i++) {
      sum.add(slot, at + i, sign * own[i]);
    }
  }
}
