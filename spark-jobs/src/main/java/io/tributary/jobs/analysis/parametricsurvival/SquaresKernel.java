package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSquares;

/**
 * Squares of persons' score residuals at the estimate: a row's is its derivative times v, and for
 * an event 1 / inverse scale besides.
 *
 * @param coefficients of the estimate
 * @param cap greatest weighted derivative that is added
 */
record SquaresKernel(
    TimeDistribution distribution, LogTimeScaling scaling, Reals coefficients, double cap)
    implements RowBlocks.Kernel {
  static final String SQUARES = "squares of residuals";
  static final String BEYOND = "residual beyond its cap";

  @Override
  public void add(double[] block, GridSum sum) {
    ScoreSquares squares = new ScoreSquares(sum, sum.slot(SQUARES));
    int beyond = sum.slot(BEYOND);
    boolean fixed = distribution.fixedScale();
    double[] now = coefficients.toArray();
    double[] v = new double[scaling.columns() + 2];
    double[] at = new double[3];
    for (int row = 1; row < block.length; row += LikelihoodKernel.width(scaling)) {
      double w = block[row + LogTimeReader.WEIGHT];
      boolean event = block[row + LogTimeReader.EVENT] == 1;
      scaling.write(block, row, false, SQUARES, v);
      double[] residual = new double[now.length];
      System.arraycopy(v, 0, residual, 0, residual.length);
      double u = LikelihoodKernel.predictor(residual, now, fixed, v[v.length - 1]);
      distribution.logTimes().evaluate(u, event, at);
      if (!(Math.abs(w * at[1]) <= cap)) {
        sum.count(beyond, 0, 1);
        continue;
      }
      for (int j = 0; j < residual.length; j++) {
        residual[j] *= w * at[1];
      }
      if (event && !fixed) {
        residual[now.length - 1] += w / now[now.length - 1];
      }
      squares.add(residual, block[row + LogTimeReader.FIRST] == 1);
    }
    squares.end();
  }
}
