package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import java.io.Serializable;

/**
 * What one person can add in an iteration, from public sums and the iteration's coefficients alone,
 * so that a layout that could wrap is refused before data are read. All are of weighted values.
 */
sealed interface Bounds {
  /** Rows beyond one of these are counted instead of added. */
  Caps caps();

  /** Largest score factor at linear predictors up to eta. */
  double residual(double eta);

  /** Largest weight. */
  double weight();

  /** Largest deviance at linear predictors up to eta. */
  double deviance(double eta);

  /**
   * What a converged deviance is compared with beside itself: a deviance that is nothing in the
   * outcome's units.
   */
  double nothing();

  /** Bounds of one model; Pearson residuals have a cap where they are summed. */
  static Bounds of(FamilyLink model, Scaling scaling, Counted counted, boolean sumsPearson) {
    return model.bounded()
        ? new Canonical(model, scaling, counted, sumsPearson)
        : new Capped(Caps.of(model, counted, Double.POSITIVE_INFINITY), scaling);
  }

  /**
   * Largest values of one row that are added.
   *
   * @param mean weighted mean
   * @param score weighted score factor
   * @param weight weighted IRLS weight
   * @param deviance weighted unit deviance
   * @param pearson weighted Pearson residual, squared
   * @param nothing a deviance far below any person's
   */
  record Caps(
      double mean, double score, double weight, double deviance, double pearson, double nothing)
      implements Serializable {
    /** How far beyond a whole sum of typical values a person may lie. */
    private static final double SLACK = 0x1p24;

    /**
     * Typical values are those of an outcome that is off by a mean from that mean, or off by a half
     * from a half if it is 0 or 1. At the start no weighted outcome or mean is beyond the sum of
     * them, and later none that lowers the deviance.
     */
    static Caps of(FamilyLink model, Counted counted, double mean) {
      double typical = typicalMean(model.family(), counted);
      double[] at = new double[FamilyLink.OUT];
      model.link().evaluate(model.link().of(typical), at);
      double slope = Math.abs(at[2]);
      double variance = model.family().variance().at(typical);
      double weights = Exact.upperBound(counted.outcome(Element.W));
      double many = SLACK * weights;
      double deviance = typical * (typical / variance);
      return new Caps(
          model.family().estimatesTheta() ? many * typical : mean,
          many * (typical * (slope / variance)),
          many * (slope * (slope / variance)),
          many * deviance,
          many * deviance,
          1e-9 * weights * deviance);
    }

    private static double typicalMean(Family family, Counted counted) {
      if (family.variance() == Variance.BINOMIAL) {
        return 0.5;
      }
      return Math.max(
          Math.abs(counted.outcome(Element.W_Y).doubleValue())
              / counted.outcome(Element.W).doubleValue(),
          Exact.upperBound(counted.outcome(Element.ABSOLUTE_Y)) / counted.persons());
    }

    /** Whether a row of weight w may be added; NaN may not. */
    boolean admit(double w, double[] at) {
      return w * at[0] <= mean
          && Math.abs(w * at[1]) <= score
          && w * at[2] <= weight
          && w * at[3] <= deviance
          && w * at[4] <= pearson;
    }
  }

  /** Pairs without bounds of their own: everything ends at its cap. */
  record Capped(Caps caps, Scaling scaling) implements Bounds {
    @Override
    public double residual(double eta) {
      return caps.score();
    }

    @Override
    public double weight() {
      return caps.weight();
    }

    @Override
    public double deviance(double eta) {
      return caps.deviance();
    }

    @Override
    public double nothing() {
      return caps.nothing();
    }
  }

  /** Canonical links whose residual is y - mean and whose weight is V. */
  record Canonical(FamilyLink model, Scaling scaling, Counted counted, boolean sumsPearson)
      implements Bounds {
    private Variance variance() {
      return model.family().variance();
    }

    /**
     * Largest weighted mean of one person that is added. At the estimate of a model with intercept
     * the weighted means sum to the weighted outcomes, so four times that is only passed on a step
     * too far; such rows are counted and the step is halved.
     */
    private double mean() {
      return variance() == Variance.MEAN
          ? 4 * Exact.upperBound(counted.outcome(Element.W_Y)) + 4 * scaling.weightReach()
          : Double.POSITIVE_INFINITY;
    }

    @Override
    public Caps caps() {
      double none = Double.POSITIVE_INFINITY;
      double pearson = sumsPearson ? Caps.of(model, counted, none).pearson() : none;
      return new Caps(mean(), none, none, none, pearson, 0);
    }

    @Override
    public double residual(double eta) {
      double w = scaling.weightReach();
      return switch (variance()) {
        case CONSTANT -> w * (scaling.outcomeReach() + eta);
        case BINOMIAL -> w;
        case MEAN -> w * scaling.outcomeReach() + mean();
        case OVERDISPERSED, SQUARE, CUBE -> throw new IllegalStateException(model + " has caps");
      };
    }

    @Override
    public double weight() {
      return variance() == Variance.MEAN
          ? mean()
          : scaling.weightReach() * (variance() == Variance.BINOMIAL ? 0.25 : 1);
    }

    @Override
    public double deviance(double eta) {
      double y = scaling.outcomeReach();
      return scaling.weightReach()
          * switch (variance()) {
            case CONSTANT -> (y + eta) * (y + eta);
            case BINOMIAL -> 2 * (eta + 1);
            case MEAN -> 2 * (y * (StrictMath.log1p(y) + eta + 1) + mean() + 1);
            case OVERDISPERSED, SQUARE, CUBE ->
                throw new IllegalStateException(model + " has caps");
          };
    }

    @Override
    public double nothing() {
      return variance() == Variance.CONSTANT ? 1e-3 * scaling.persons() : 0.1;
    }

    /**
     * Square root of the sum of squared residuals, by Minkowski: each column's part of the
     * predictor has a norm of at most |beta| sqrt(sum z^2), and reach is that root.
     */
    double residualNorm(Reals beta) {
      double root = Math.sqrt((double) scaling.persons());
      if (variance() == Variance.BINOMIAL) {
        return root;
      }
      double intercept = scaling.intercept() ? Math.abs(beta.at(0)) : 0;
      return scaling.outcomeReach()
          + (scaling.predictorReach(beta) - intercept)
          + intercept * root * (1 + 0x1p-30);
    }
  }
}
