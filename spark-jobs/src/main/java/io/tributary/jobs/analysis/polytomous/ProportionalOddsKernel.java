package io.tributary.jobs.analysis.polytomous;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSums;

/**
 * One iteration's sums of {@link ProportionalOdds}: a row of level k says that it is not above k,
 * unless k is the last, and that it is above k - 1, unless k is the first. Each is a binary outcome
 * at its threshold, with row z = [-columns, 1 at the threshold].
 */
record ProportionalOddsKernel(
    ColumnScaling scaling, ScoreSums.Places places, int levels, Reals coefficients, Reals previous)
    implements RowBlocks.Kernel {

  @Override
  public void add(double[] block, GridSum sum) {
    ScoreSums sums = new ScoreSums(places, sum.words());
    int objective = sum.slot(PolytomousModel.OBJECTIVE);
    int moved = sum.slot(PolytomousModel.MOVED);
    double[] now = coefficients.toArray();
    double[] before = previous.toArray();
    int columns = scaling.columns();
    double[] z = new double[now.length];
    int width = CategoryReader.COLUMNS + columns;
    for (int row = 1; row < block.length; row += width) {
      double w = block[row + CategoryReader.WEIGHT];
      int level = (int) block[row + CategoryReader.LEVEL];
      double most = scaling.write(block, row, PolytomousModel.OBJECTIVE, z, 0);
      double predictor = 0;
      double earlier = 0;
      for (int j = 0; j < columns; j++) {
        z[j] = -z[j];
        predictor += now[j] * z[j];
        earlier += before[j] * z[j];
      }
      boolean far = false;
      double logs = 0;
      for (int k = Math.max(0, level - 1); k <= Math.min(level, levels - 2); k++) {
        double odds = predictor + now[columns + k];
        far |= Math.abs(odds - (earlier + before[columns + k])) > PolytomousModel.FAR;
        // The sign turns "above the threshold" into "not above" with the opposite log odds.
        int sign = k == level ? 1 : -1;
        double small = StrictMath.exp(-Math.abs(odds));
        double missed = (sign * odds > 0 ? small : 1) / (1 + small);
        double said = (sign * odds > 0 ? 1 : small) / (1 + small);
        logs -= Math.max(0, -sign * odds) + StrictMath.log1p(small);
        z[columns + k] = 1;
        sums.add(z, most, w * (sign * missed), w * (missed * said));
        z[columns + k] = 0;
      }
      if (far) {
        sum.count(moved, 0, 1);
      }
      sum.add(objective, 0, -2 * w * logs);
    }
    sums.flush();
  }
}
