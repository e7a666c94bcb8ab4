package io.tributary.jobs.analysis.glm;

import io.tributary.analysis.Layout;
import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSums;

/**
 * One iteration's sums over centred and scaled columns: deviance, score X'W (y - mu) mu' / V and
 * expected information X'W mu'^2 / V X (McCullagh and Nelder 1989, section 2.5), which with a
 * canonical link are X'W (y - mu) and X'WVX.
 */
final class IrlsKernel implements RowBlocks.Kernel {
  static final String DEVIANCE = "deviance";
  static final String SCORE = "score";
  static final String INFORMATION = "information";
  static final String PEARSON = "pearson";
  static final String LIKELIHOOD = "minus twice log-likelihood";
  static final String THETA_SCORE = "score of log theta";
  static final String THETA_INFORMATION = "information of theta";
  static final String BEYOND = "mean beyond its cap";
  static final String MOVED = "predictor moved";
  static final String NULL_DEVIANCE = "null deviance";
  static final String NULL_SCORE = "null score";
  static final String NULL_INFORMATION = "null information";

  private final FamilyLink model;
  private final Scaling scaling;
  private final double[] beta;
  private final double[] previous;
  private final Bounds.Caps caps;
  private final boolean withNull;
  private final double nullIntercept;
  private final ScoreSums.Places places;
  private final boolean summing;

  /**
   * @param caps largest values that are added; rows beyond them are counted instead
   * @param withNull whether the model with offset and intercept alone is fitted beside
   */
  IrlsKernel(
      FamilyLink model,
      Scaling scaling,
      Layout layout,
      Reals beta,
      Reals previous,
      Bounds.Caps caps,
      boolean withNull,
      double nullIntercept) {
    this.model = model;
    this.scaling = scaling;
    this.beta = beta.toArray();
    this.previous = previous.toArray();
    this.caps = caps;
    this.withNull = withNull;
    this.nullIntercept = nullIntercept;
    this.places = ScoreSums.Places.of(layout, SCORE, INFORMATION);
    this.summing = layout.hasSlot(PEARSON);
  }

  @Override
  public void add(double[] block, GridSum sum) {
    ScoreSums sums = new ScoreSums(places, sum.words());
    int deviance = sum.slot(DEVIANCE);
    int beyond = sum.slot(BEYOND);
    int moved = sum.slot(MOVED);
    int pearson = summing ? sum.slot(PEARSON) : -1;
    int width = DesignReader.BEFORE + scaling.centres().size();
    double[] at = new double[FamilyLink.OUT];
    ScaledRow scaled = new ScaledRow(scaling, SCORE);
    double[] z = scaled.z();
    for (int row = 1; row < block.length; row += width) {
      double w = block[row + 1];
      if (w == 0) {
        continue;
      }
      double most = scaled.read(block, row);
      double y = scaled.y();
      double offset = scaled.offset();
      double eta = offset + scaled.dot(beta);
      if (withNull) {
        addNull(y, w, offset, sum);
      }
      if (Math.abs(eta - offset - scaled.dot(previous)) > model.moved()) {
        sum.count(moved, 0, 1);
      }
      model.evaluate(y, eta, at);
      if (!caps.admit(w, at)) {
        sum.count(beyond, 0, 1);
        continue;
      }
      sum.add(deviance, 0, w * at[3]);
      if (pearson >= 0) {
        sum.add(pearson, 0, w * at[4]);
      }
      if (model.family().estimatesTheta()) {
        addTheta(y, w, at[0], sum);
      }
      sums.add(z, most, w * at[1], w * at[2]);
    }
    sums.flush();
  }

  private void addTheta(double y, double w, double mean, GridSum sum) {
    double[] at = new double[NegativeBinomial.OUT];
    NegativeBinomial.evaluate(y, mean, model.theta(), at);
    sum.add(sum.slot(LIKELIHOOD), 0, w * at[0]);
    sum.add(sum.slot(THETA_SCORE), 0, w * at[1]);
    sum.add(sum.slot(THETA_INFORMATION), 0, w * at[2]);
  }

  private void addNull(double y, double w, double offset, GridSum sum) {
    double[] at = new double[FamilyLink.OUT];
    model.evaluate(y, offset + nullIntercept, at);
    if (caps.admit(w, at)) {
      sum.add(sum.slot(NULL_DEVIANCE), 0, w * at[3]);
      sum.add(sum.slot(NULL_SCORE), 0, w * at[1]);
      sum.add(sum.slot(NULL_INFORMATION), 0, w * at[2]);
    } else {
      sum.count(sum.slot(BEYOND), 0, 1);
    }
  }
}
