package io.tributary.jobs.analysis.glm;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Estimate;
import io.tributary.jobs.analysis.glm.GlmState.Iteration;
import io.tributary.jobs.analysis.glm.GlmState.Spread;
import io.tributary.jobs.analysis.glm.GlmState.Theta;
import io.tributary.jobs.linalg.Cholesky;
import java.util.List;
import java.util.Optional;

/**
 * Fisher scoring on the sums of {@link IrlsKernel}, which is iteratively reweighted least squares
 * (Green 1984) and with canonical links Newton's method. Pure functions of public state.
 *
 * <p>It ends when the decrement, score' information^-1 score, is below {@link #DECREMENT} of the
 * deviance ({@link #SLOW_DECREMENT} unless the link is canonical, where steps gain few digits) and
 * no person's predictor moved; then one more round gives deviance and information at the estimate,
 * and a last step of their score, which repairs what solving in doubles lost.
 */
final class Irls {
  /** R's default criterion is a relative change of 1e-8 of the deviance. */
  static final double DECREMENT = 1e-12;

  /** The same where convergence is linear, so that the last steps do not gain half the digits. */
  private static final double SLOW_DECREMENT = 1e-20;

  /**
   * Share of a column's information that earlier ones must leave; 1 / variance inflation factor.
   */
  static final double COLLINEAR = 1e-10;

  /**
   * Steps after which nobody is moved, unless estimates run to infinity; twice that without a
   * canonical link.
   */
  private static final int FEW_STEPS = 10;

  /** Halvings of one step. */
  static final int MAX_HALVINGS = 12;

  private final FamilyLink model;
  private final Scaling scaling;
  private final boolean weighted;
  private final boolean withNull;
  private final Counted counted;
  private final boolean sumsPearson;
  private final Bounds bounds;

  /**
   * A fit of one model.
   *
   * @param withNull whether the model with offset and intercept alone is fitted beside
   * @param robust whether squares of score residuals are to follow, which Pearson's statistic
   *     bounds
   */
  Irls(
      FamilyLink model,
      Scaling scaling,
      boolean weighted,
      boolean withNull,
      boolean robust,
      Counted counted) {
    this.model = model;
    this.scaling = scaling;
    this.weighted = weighted;
    this.withNull = withNull;
    this.counted = counted;
    this.sumsPearson =
        model.family().sumsPearson() || (robust && model.family().variance() != Variance.CONSTANT);
    this.bounds = Bounds.of(model, scaling, counted, sumsPearson);
  }

  /** What one round leads to. */
  sealed interface Verdict {
    /** Another round at these coefficients. */
    record Again(Iteration iteration) implements Verdict {}

    /** A named end. */
    record Failed(GlmResult.Outcome outcome, List<Integer> positions) implements Verdict {}

    /** Converged. */
    record Converged(Estimate estimate) implements Verdict {}
  }

  /** Where the fit starts: all columns without effect. Empty if the link has no such mean. */
  Optional<Iteration> first(Spread spread) {
    double theta =
        model.family().estimatesTheta()
            ? DispersionStep.first(counted, spread)
            : Double.POSITIVE_INFINITY;
    double[] beta = new double[scaling.size()];
    double intercept = 0;
    if (scaling.intercept()) {
      intercept = linkOfMean();
      beta[0] = intercept;
    }
    Reals start = Reals.of(beta);
    return start.allFinite()
        ? Optional.of(
            new Iteration(
                0, false, 0, start, start, Double.POSITIVE_INFINITY, intercept, theta, theta))
        : Optional.empty();
  }

  /** Link of the weighted mean, less the mean offset: for poisson that errs to the safe side. */
  private double linkOfMean() {
    double weights = counted.outcome(Element.W).doubleValue();
    double mean = counted.outcome(Element.W_Y).doubleValue() / weights;
    double offset = Exact.mean(counted.outcome(Element.OFFSET), counted.persons());
    // A linear model's outcome is centred.
    return model.linear() ? 0 : model.link().of(mean) - offset;
  }

  /** Slots of one round; every bound follows from public sums and the iteration's coefficients. */
  void declare(Layout.Builder layout, Iteration at, long personsPerSite) {
    int p = scaling.size();
    double n = scaling.persons();
    double z = scaling.greatestReach();
    double eta = scaling.predictorReach(at.beta());
    double residual = bounds.residual(eta);
    double weight = bounds.weight();
    double deviance = bounds.deviance(eta);
    layout.wide(IrlsKernel.DEVIANCE, 1, "deviance", deviance, n * deviance);
    if (sumsPearson) {
      double pearson = bounds.caps().pearson();
      layout.wide(IrlsKernel.PEARSON, 1, "squared residual", pearson, n * pearson);
    }
    // Cauchy-Schwarz: sum |r z| <= sqrt(sum r^2) sqrt(sum z^2), and sum z^2 <= max(reach^2, n).
    double sumOfSquares = Math.max(z * z, n) * (1 + 0x1p-30);
    double scorePerPerson = residual * z;
    double information = weight * sumOfSquares;
    int products = p * (p + 1) / 2;
    if (bounds instanceof Bounds.Canonical canonical
        && model.family().variance() != Variance.MEAN
        && !weighted) {
      double scorePerSite = canonical.residualNorm(at.beta()) * Math.sqrt(sumOfSquares);
      layout.narrow(IrlsKernel.SCORE, p, "score", scorePerPerson, scorePerSite);
      layout.narrow(IrlsKernel.INFORMATION, products, "information", weight * z * z, information);
    } else {
      layout.wide(IrlsKernel.SCORE, p, "score", scorePerPerson, n * scorePerPerson);
      layout.wide(IrlsKernel.INFORMATION, products, "information", weight * z * z, information);
    }
    if (model.family().estimatesTheta()) {
      declareTheta(layout, at.theta());
    }
    layout.count(IrlsKernel.BEYOND, 1, "person", 2, 2 * personsPerSite);
    layout.count(IrlsKernel.MOVED, 1, "person", 1, personsPerSite);
    if (withNull) {
      double nullEta = scaling.offsetReach() + Math.abs(at.nullIntercept());
      double nullDeviance = bounds.deviance(nullEta);
      layout.wide(IrlsKernel.NULL_DEVIANCE, 1, "deviance", nullDeviance, n * nullDeviance);
      double nullResidual = bounds.residual(nullEta);
      layout.wide(IrlsKernel.NULL_SCORE, 1, "score", nullResidual, n * nullResidual);
      layout.wide(IrlsKernel.NULL_INFORMATION, 1, "information", weight, n * weight);
    }
  }

  /**
   * Slots of what is summed about theta. Minus twice the log-likelihood is the deviance and that of
   * a count at its own mean, where the probability is at least about theta / (1 + theta) / (1 + y);
   * the others are at most twice the count and its mean.
   */
  private void declareTheta(Layout.Builder layout, double theta) {
    double n = scaling.persons();
    double w = scaling.weightReach();
    double own = StrictMath.log1p(scaling.outcomeReach()) + StrictMath.log1p(1 / theta) + 5;
    double likelihood = bounds.caps().deviance() + 2 * w * own;
    double slope = Scales.above(2 * (w * scaling.outcomeReach() + bounds.caps().mean()));
    layout.wide(IrlsKernel.LIKELIHOOD, 1, "log-likelihood", likelihood, n * likelihood);
    layout.wide(IrlsKernel.THETA_SCORE, 1, "score", slope, n * slope);
    layout.wide(IrlsKernel.THETA_INFORMATION, 1, "information", slope, n * slope);
  }

  /** The kernel of a round. */
  IrlsKernel kernel(Layout layout, Iteration at) {
    return new IrlsKernel(
        model.at(at.theta()),
        scaling,
        layout,
        at.beta(),
        at.previous(),
        bounds.caps(),
        withNull,
        at.nullIntercept());
  }

  /**
   * Slots of the squares of score residuals. A residual is at most the root of Pearson's statistic
   * times that of an information, by Cauchy and Schwarz also summed over a cluster.
   */
  void declareSquares(Layout.Builder layout, Estimate at, int power, long personsPerSite) {
    int p = scaling.size();
    double scale = scaling.outcomeScale();
    double pearson = sumsPearson ? at.pearson() : at.deviance() / (scale * scale);
    double information = 0;
    for (int j = 0; j < p; j++) {
      information = Math.max(information, at.information().at(Cholesky.packed(p, j, j)));
    }
    // Twice: the estimate is a last step further than where both were summed.
    double most =
        Scales.above(
            2
                * (pearson + bounds.nothing())
                * information
                * Math.pow(SquaresKernel.LEAST_REST, -power));
    layout.wide(SquaresKernel.SQUARES, p * (p + 1) / 2, "score^2", most, most);
    layout.count(SquaresKernel.BEYOND, 1, "person", 1, personsPerSite);
    if (power > 0) {
      layout.count(SquaresKernel.FULL, 1, "person", 1, personsPerSite);
    }
  }

  /** The kernel of the squares. */
  SquaresKernel squares(Estimate at, int power) {
    double theta = at.theta().map(Theta::value).orElse(Double.POSITIVE_INFINITY);
    return new SquaresKernel(
        model.at(theta), scaling, bounds.caps(), at.beta(), Reals.of(at.inverse()), power);
  }

  /** One step from a round's sums. */
  Verdict next(Iteration at, Aggregate sum, int maxSteps) {
    double deviance = sum.exact(IrlsKernel.DEVIANCE, 0).doubleValue();
    double[] score = sum.values(IrlsKernel.SCORE);
    double[] information = sum.values(IrlsKernel.INFORMATION);
    boolean firstSums = at.beta().equals(at.previous());
    boolean beyond = sum.count(IrlsKernel.BEYOND) > 0;
    Cholesky factor = Cholesky.of(score.length, information, firstSums ? COLLINEAR : 0);
    if (firstSums && !beyond && !factor.aliased().isEmpty()) {
      return new Verdict.Failed(GlmResult.Outcome.COLLINEAR, factor.aliased());
    }
    boolean moved = model.canSeparate() && sum.count(IrlsKernel.MOVED) > 0;
    boolean estimatesTheta = model.family().estimatesTheta();
    double objective =
        estimatesTheta ? sum.exact(IrlsKernel.LIKELIHOOD, 0).doubleValue() : deviance;
    boolean worse =
        objective > at.previousDeviance() + 1e-9 * (at.previousDeviance() + bounds.nothing());
    if (beyond || (worse && !at.last())) {
      return halved(at, maxSteps, moved, beyond);
    }
    double[] step = factor.solve(score);
    double decrement = 0;
    for (int j = 0; j < step.length; j++) {
      decrement += score[j] * step[j];
    }
    double[] beta = at.beta().toArray();
    for (int j = 0; j < beta.length; j++) {
      beta[j] += step[j];
    }
    Reals next = Reals.of(beta);
    if (!next.allFinite() || !factor.aliased().isEmpty()) {
      return ended(moved && at.step() >= FEW_STEPS);
    }
    DispersionStep theta =
        estimatesTheta ? DispersionStep.of(at.theta(), sum) : DispersionStep.NONE;
    if (theta.endless(counted)) {
      return new Verdict.Failed(GlmResult.Outcome.NO_OVERDISPERSION, List.of());
    }
    decrement += theta.decrement();
    NullStep nullStep = nullStep(at, sum);
    double settled = model.bounded() ? DECREMENT : SLOW_DECREMENT;
    boolean near = decrement <= settled * (deviance + bounds.nothing());
    if (near && at.last() && moved) {
      // The deviance has settled twice while someone's predictor runs away: no finite estimate.
      return new Verdict.Failed(GlmResult.Outcome.SEPARATION, List.of());
    }
    if (near && at.last() && nullStep.near()) {
      return new Verdict.Converged(
          new Estimate(
              next,
              Reals.of(information),
              deviance * scaling.outcomeScale() * scaling.outcomeScale(),
              sumsPearson ? sum.exact(IrlsKernel.PEARSON, 0).doubleValue() : 0,
              nullStep.deviance(),
              at.step(),
              estimatesTheta
                  ? Optional.of(new Theta(theta.next(), theta.stdError(), objective))
                  : Optional.empty()));
    }
    if (at.step() + 1 >= maxSteps) {
      return at.halvings() > 0 && !model.everywhere()
          ? new Verdict.Failed(GlmResult.Outcome.BOUNDARY, List.of())
          : stuck(at, moved);
    }
    return new Verdict.Again(
        new Iteration(
            at.step() + 1,
            near,
            0,
            next,
            at.beta(),
            objective,
            nullStep.intercept(),
            theta.next(),
            at.theta()));
  }

  private Verdict halved(Iteration at, int maxSteps, boolean moved, boolean beyond) {
    if (at.halvings() >= MAX_HALVINGS || at.step() + 1 >= maxSteps) {
      return beyond && !model.everywhere()
          ? new Verdict.Failed(GlmResult.Outcome.BOUNDARY, List.of())
          : stuck(at, moved && model.family().variance() == Variance.BINOMIAL);
    }
    if (at.beta().equals(at.previous())) {
      return lowered(at);
    }
    double[] beta = at.beta().toArray();
    for (int j = 0; j < beta.length; j++) {
      beta[j] = at.previous().at(j) + (beta[j] - at.previous().at(j)) / 2;
    }
    return new Verdict.Again(
        new Iteration(
            at.step() + 1,
            false,
            at.halvings() + 1,
            Reals.of(beta),
            at.previous(),
            at.previousDeviance(),
            at.nullIntercept(),
            // Half of a step of log theta.
            Math.sqrt(at.theta()) * Math.sqrt(at.previousTheta()),
            at.previousTheta()));
  }

  /** The very first means lie beyond the cap: offsets differ widely, so start lower. */
  private Verdict lowered(Iteration at) {
    if (!model.bounded()) {
      return new Verdict.Failed(GlmResult.Outcome.NO_START, List.of());
    }
    if (!scaling.intercept()) {
      return stuck(at, false);
    }
    double[] beta = at.beta().toArray();
    beta[0] -= 4;
    Reals lower = Reals.of(beta);
    return new Verdict.Again(
        new Iteration(
            at.step() + 1,
            false,
            at.halvings() + 1,
            lower,
            lower,
            Double.POSITIVE_INFINITY,
            at.nullIntercept() - 4,
            at.theta(),
            at.theta()));
  }

  private Verdict stuck(Iteration at, boolean moved) {
    return ended(moved && at.step() >= (model.bounded() ? FEW_STEPS : 2 * FEW_STEPS));
  }

  private static Verdict ended(boolean separated) {
    return new Verdict.Failed(
        separated ? GlmResult.Outcome.SEPARATION : GlmResult.Outcome.NOT_CONVERGED, List.of());
  }

  /**
   * A step of the model with offset and intercept alone.
   *
   * @param near whether its deviance has settled
   */
  private record NullStep(double intercept, double deviance, boolean near) {}

  private NullStep nullStep(Iteration at, Aggregate sum) {
    if (!withNull) {
      return new NullStep(0, 0, true);
    }
    double deviance = sum.exact(IrlsKernel.NULL_DEVIANCE, 0).doubleValue();
    if (!scaling.intercept()) {
      return new NullStep(0, deviance, true);
    }
    double score = sum.exact(IrlsKernel.NULL_SCORE, 0).doubleValue();
    double information = sum.exact(IrlsKernel.NULL_INFORMATION, 0).doubleValue();
    double step = information > 0 ? score / information : 0;
    // A step to the right can overshoot by far with a log link; one unit is never too far for long.
    double bounded = Math.max(-4, Math.min(1, step));
    return new NullStep(
        at.nullIntercept() + bounded, deviance, Math.abs(score * step) <= 1e-13 * (deviance + 0.1));
  }
}
