package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSums;

/**
 * One iteration's sums over rows v = [1, columns, outcome] and u = v coefficients: log-likelihood
 * of u, its derivative times v, and minus its second derivative times v v'. What the inverse scale
 * adds besides is known from the events' weights.
 *
 * @param ofNull whether columns are left out
 * @param coefficients the last one is missing where the scale is 1
 * @param cap greatest weighted log-likelihood, derivative and second derivative that is added
 */
record LikelihoodKernel(
    TimeDistribution distribution,
    LogTimeScaling scaling,
    ScoreSums.Places places,
    boolean ofNull,
    Reals coefficients,
    Reals previous,
    double cap)
    implements RowBlocks.Kernel {
  static final String OBJECTIVE = "minus twice log-likelihood";
  static final String SCORE = "score";
  static final String INFORMATION = "information";
  static final String BEYOND = "beyond its cap";
  static final String MOVED = "predictor moved";

  /** Change of u that does not happen near a finite estimate. */
  static final double FAR = 0.1;

  static ScoreSums.Places places(Layout layout) {
    return ScoreSums.Places.of(layout, SCORE, INFORMATION);
  }

  @Override
  public void add(double[] block, GridSum sum) {
    ScoreSums sums = new ScoreSums(places, sum.words());
    int objective = sum.slot(OBJECTIVE);
    int beyond = sum.slot(BEYOND);
    int moved = sum.slot(MOVED);
    boolean fixed = distribution.fixedScale();
    double[] now = coefficients.toArray();
    double[] before = previous.toArray();
    int size = fixed ? now.length + 1 : now.length;
    double[] v = new double[size];
    double[] own = new double[now.length];
    double[] at = new double[3];
    for (int row = 1; row < block.length; row += width(scaling)) {
      double w = block[row + LogTimeReader.WEIGHT];
      double most = scaling.write(block, row, ofNull, SCORE, v);
      System.arraycopy(v, 0, own, 0, own.length);
      double u = predictor(own, now, fixed, v[size - 1]);
      if (Math.abs(u - predictor(own, before, fixed, v[size - 1])) > FAR) {
        sum.count(moved, 0, 1);
      }
      distribution.logTimes().evaluate(u, block[row + LogTimeReader.EVENT] == 1, at);
      if (!admits(w, at, cap)) {
        sum.count(beyond, 0, 1);
        continue;
      }
      sum.add(objective, 0, -2 * w * at[0]);
      sums.add(own, most, w * at[1], w * at[2]);
    }
    sums.flush();
  }

  static int width(LogTimeScaling scaling) {
    return LogTimeReader.OUTCOME + 1 + scaling.columns();
  }

  /** Whether a row may be added; NaN may not. */
  static boolean admits(double w, double[] at, double cap) {
    return Math.abs(w * at[0]) <= cap && Math.abs(w * at[1]) <= cap && w * at[2] <= cap;
  }

  /** u; with scale 1 the outcome has no coefficient. */
  static double predictor(double[] row, double[] coefficients, boolean fixed, double outcome) {
    double u = fixed ? outcome : 0;
    for (int j = 0; j < row.length; j++) {
      u += coefficients[j] * row[j];
    }
    return u;
  }
}
