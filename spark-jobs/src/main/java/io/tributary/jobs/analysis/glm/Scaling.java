package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Spread;
import java.io.Serializable;
import java.math.BigDecimal;

/**
 * How columns are centred and scaled inside a fit, and the bounds that follow. Scales are powers of
 * two near the standard deviation, so that scaling is exact and turning back is too; without an
 * intercept nothing is centred. Every bound comes from public sums: one term of a sum of squares is
 * at most the sum.
 *
 * @param intercept whether the model has one
 * @param centres of the columns, [columns]
 * @param scales of the columns, powers of two, [columns]
 * @param reach largest |(x - centre) / scale| that can occur, [columns]
 * @param outcomeCentre subtracted from a linear model's outcome, else 0
 * @param outcomeScale a linear model's outcome is divided by, else 1
 * @param outcomeReach largest |y| in that scale
 * @param offsetReach largest |offset|
 * @param weightReach largest weight
 * @param persons rows of positive weight
 */
record Scaling(
    boolean intercept,
    Reals centres,
    Reals scales,
    Reals reach,
    double outcomeCentre,
    double outcomeScale,
    double outcomeReach,
    double offsetReach,
    double weightReach,
    long persons)
    implements Serializable {

  static Scaling of(
      boolean linear, boolean intercept, boolean weighted, Counted in, Spread spread) {
    int columns = in.design().size();
    double[] centres = centres(intercept, in);
    double[] scales = new double[columns];
    double[] reach = new double[columns];
    for (int j = 0; j < columns; j++) {
      double root = Exact.root(spread.design().get(j));
      scales[j] = Scales.powerNear(root, in.persons());
      reach[j] = Scales.above(root / scales[j]);
    }
    double centre = linear && intercept ? Exact.mean(in.outcome(Element.Y), in.persons()) : 0;
    double rootOutcome = Exact.root(spread.outcome());
    double scale = linear ? Scales.powerNear(rootOutcome, in.persons()) : 1;
    double offsetCentre = Exact.mean(in.outcome(Element.OFFSET), in.persons());
    return new Scaling(
        intercept,
        Reals.of(centres),
        Reals.of(scales),
        Reals.of(reach),
        centre,
        scale,
        Scales.above(
            linear ? rootOutcome / scale : Exact.upperBound(in.outcome(Element.ABSOLUTE_Y))),
        Scales.above(Math.abs(offsetCentre) + Exact.root(spread.offset())),
        weighted ? Exact.upperBound(in.outcome(Element.W)) : 1,
        in.persons());
  }

  /** Means of the columns, or zeros without an intercept. */
  static double[] centres(boolean intercept, Counted counted) {
    double[] centres = new double[counted.design().size()];
    for (int j = 0; intercept && j < centres.length; j++) {
      centres[j] = Exact.mean(counted.design().get(j), counted.persons());
    }
    return centres;
  }

  /** The weighted mean of y, or 0 without an intercept. */
  static double weightedMean(boolean intercept, Counted counted) {
    BigDecimal weights = counted.outcome(Element.W);
    if (!intercept || weights.signum() == 0) {
      return 0;
    }
    return Exact.ratio(counted.outcome(Element.W_Y), weights);
  }

  /** Coefficients the fit has. */
  int size() {
    return centres.size() + (intercept ? 1 : 0);
  }

  /** Largest |z| of any column, at least 1. */
  double greatestReach() {
    double greatest = 1;
    for (int j = 0; j < reach.size(); j++) {
      greatest = Math.max(greatest, reach.at(j));
    }
    return greatest;
  }

  /** Largest |linear predictor|. */
  double predictorReach(Reals beta) {
    int first = intercept ? 1 : 0;
    double most = offsetReach + (intercept ? Math.abs(beta.at(0)) : 0);
    for (int j = 0; j < reach.size(); j++) {
      most += Math.abs(beta.at(first + j)) * reach.at(j);
    }
    return Scales.above(most);
  }
}
