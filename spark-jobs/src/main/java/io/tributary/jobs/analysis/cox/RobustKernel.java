package io.tributary.jobs.analysis.cox;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSquares;
import io.tributary.jobs.survival.EventTimes;

/**
 * Squares of persons' score residuals, for the variance of Lin and Wei (1989), beside the sums of
 * an iteration. A row's residual is w (z - mean) if it ends with the event, less r (z H - B), where
 * H and B add up hazard and hazard times mean over the risk sets it is in; a person's is the sum
 * over its rows.
 *
 * @param risk sums of the iteration
 * @param residuals as {@code PartialLikelihood.residuals} gives them
 */
record RobustKernel(RiskKernel risk, Reals residuals) implements RowBlocks.Kernel {
  static final String SQUARES = "squares of residuals";

  @Override
  public void add(double[] block, GridSum sum) {
    risk.add(block, sum);
    RiskCells cells = risk.cells();
    CoxScaling scaling = risk.scaling();
    double[] each = residuals.toArray();
    double[] running = running(cells.cells(), scaling.size(), each);
    int width = CoxReader.before(cells.times()) + scaling.size();
    int firstAt = CoxReader.firstAt(cells.times());
    ScoreSquares squares = new ScoreSquares(sum, sum.slot(SQUARES));
    for (int row = 1; row < block.length; row += width) {
      squares.add(residual(block, row, each, running), block[row + firstAt] == 1);
    }
    squares.end();
  }

  /** Sums of hazard and of hazard times mean up to each cell of its stratum, [cells x (1 + p)]. */
  private static double[] running(EventTimes times, int p, double[] each) {
    double[] running = new double[times.cells() * (1 + p)];
    for (int stratum = 0; stratum < times.strata(); stratum++) {
      for (int cell = times.first(stratum); cell < times.first(stratum + 1); cell++) {
        for (int i = 0; i <= p; i++) {
          double before = cell > times.first(stratum) ? running[(cell - 1) * (1 + p) + i] : 0;
          running[cell * (1 + p) + i] = before + each[cell * (1 + 2 * p) + i];
        }
      }
    }
    return running;
  }

  private double[] residual(double[] block, int row, double[] each, double[] running) {
    RiskCells cells = risk.cells();
    CoxScaling scaling = risk.scaling();
    int p = scaling.size();
    double[] residual = new double[p];
    int last = cells.last(block, row);
    int first = cells.first(block, row);
    if (last < first) {
      return residual;
    }
    int weightAt = CoxReader.weightAt(cells.times());
    int before = CoxReader.before(cells.times());
    double w = block[row + weightAt];
    double predictor = block[row + weightAt + 1] - scaling.offsetCentre();
    double[] z = new double[p];
    for (int j = 0; j < p; j++) {
      z[j] = (block[row + before + j] - scaling.centres().at(j)) / scaling.scales().at(j);
      predictor += risk.beta().at(j) * z[j];
    }
    double r = w * StrictMath.exp(predictor);
    boolean late = cells.entersLate(block, row, first);
    boolean event = RiskCells.isEvent(block, row);
    int tie = event && risk.tied() ? cells.cells().tie(last) : -1;
    double[] through = new double[1 + p];
    for (int i = 0; i <= p; i++) {
      through[i] = running[last * (1 + p) + i];
      if (late) {
        through[i] -= running[(first - 1) * (1 + p) + i];
      }
      if (tie >= 0) {
        through[i] -= each[cells.cells().cells() * (1 + 2 * p) + tie * (1 + p) + i];
      }
    }
    for (int j = 0; j < p; j++) {
      residual[j] = -r * (z[j] * through[0] - through[1 + j]);
      if (event) {
        residual[j] += w * (z[j] - each[last * (1 + 2 * p) + 1 + p + j]);
      }
    }
    return residual;
  }
}
