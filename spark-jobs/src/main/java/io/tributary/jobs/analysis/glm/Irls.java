package io.tributary.jobs.analysis.glm;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Element;
import io.tributary.jobs.analysis.glm.GlmState.Iteration;
import io.tributary.jobs.linalg.Cholesky;
import java.util.List;

/**
 * Newton's method on the sums of {@link IrlsKernel}; with canonical links it is iteratively
 * reweighted least squares (Green 1984). Pure functions of public state.
 *
 * <p>It ends when the Newton decrement, score' information^-1 score, is below {@link #DECREMENT} of
 * the deviance and no person's predictor moved; then one more round gives deviance and information
 * at the estimate, and a last step of their score, which repairs what solving in doubles lost.
 */
final class Irls {
  /** R's default criterion is a relative change of 1e-8 of the deviance. */
  static final double DECREMENT = 1e-12;

  /** Change of a linear predictor that does not happen near a finite estimate. */
  static final double MOVED = 0.1;

  /**
   * Share of a column's information that earlier ones must leave; 1 / variance inflation factor.
   */
  static final double COLLINEAR = 1e-10;

  /** Steps after which Newton's method moves nobody by MOVED, unless estimates run to infinity. */
  private static final int FEW_STEPS = 10;

  /** Halvings of one step. */
  static final int MAX_HALVINGS = 12;

  private final Family family;
  private final Scaling scaling;
  private final boolean weighted;
  private final boolean withNull;
  private final Counted counted;

  Irls(Family family, Scaling scaling, boolean weighted, boolean withNull, Counted counted) {
    this.family = family;
    this.scaling = scaling;
    this.weighted = weighted;
    this.withNull = withNull;
    this.counted = counted;
  }

  /** What one round leads to. */
  sealed interface Verdict {
    /** Another round at these coefficients. */
    record Again(Iteration iteration) implements Verdict {}

    /** A named end. */
    record Failed(GlmResult.Outcome outcome, List<Integer> positions) implements Verdict {}

    /**
     * Converged.
     *
     * @param beta of centred and scaled columns
     * @param inverse of the information there, [p x p]
     * @param deviance in the outcome's own scale
     * @param nullDeviance as far as it was fitted beside, else 0
     */
    record Converged(
        Reals beta, Reals inverse, double deviance, double nullDeviance, int iterations)
        implements Verdict {}
  }

  /** Where the fit starts: all columns without effect. */
  Iteration first() {
    double[] beta = new double[scaling.size()];
    double intercept = 0;
    if (scaling.intercept()) {
      intercept = linkOfMean();
      beta[0] = intercept;
    }
    Reals start = Reals.of(beta);
    return new Iteration(0, false, 0, start, start, Double.POSITIVE_INFINITY, intercept);
  }

  /** Link of the weighted mean, less the mean offset: for poisson that errs to the safe side. */
  private double linkOfMean() {
    double weights = counted.outcome(Element.W).doubleValue();
    double mean = counted.outcome(Element.W_Y).doubleValue() / weights;
    double offset = Exact.mean(counted.outcome(Element.OFFSET), counted.persons());
    return switch (family) {
      case GAUSSIAN -> 0;
      case BINOMIAL -> StrictMath.log(mean / (1 - mean)) - offset;
      case POISSON -> StrictMath.log(mean) - offset;
    };
  }

  /**
   * Largest weighted mean of one person that is added. At the estimate of a model with intercept
   * the weighted means sum to the weighted outcomes, so four times that is only passed on a step
   * too far; such rows are counted and the step is halved.
   */
  double cap() {
    return family == Family.POISSON
        ? 4 * Exact.upperBound(counted.outcome(Element.W_Y)) + 4 * scaling.weightReach()
        : Double.POSITIVE_INFINITY;
  }

  /** Slots of one round; every bound follows from public sums and the iteration's coefficients. */
  void declare(Layout.Builder layout, Iteration at, long personsPerSite) {
    int p = scaling.size();
    double n = scaling.persons();
    double w = scaling.weightReach();
    double z = scaling.greatestReach();
    double eta = scaling.predictorReach(at.beta());
    double residual = residualReach(eta);
    double variance = family == Family.POISSON ? cap() : w * (family == Family.BINOMIAL ? 0.25 : 1);
    double deviance = w * devianceReach(eta);
    layout.wide(IrlsKernel.DEVIANCE, 1, "deviance", deviance, n * deviance);
    // Cauchy-Schwarz: sum |r z| <= sqrt(sum r^2) sqrt(sum z^2), and sum z^2 <= max(reach^2, n).
    double sumOfSquares = Math.max(z * z, n) * (1 + 0x1p-30);
    double scorePerPerson = residual * z;
    double information = variance * sumOfSquares;
    int products = p * (p + 1) / 2;
    if (family == Family.POISSON || weighted) {
      layout.wide(IrlsKernel.SCORE, p, "score", scorePerPerson, n * scorePerPerson);
      layout.wide(IrlsKernel.INFORMATION, products, "information", variance * z * z, information);
    } else {
      double scorePerSite = residualNorm(at.beta()) * Math.sqrt(sumOfSquares);
      layout.narrow(IrlsKernel.SCORE, p, "score", scorePerPerson, scorePerSite);
      layout.narrow(IrlsKernel.INFORMATION, products, "information", variance * z * z, information);
    }
    layout.count(IrlsKernel.BEYOND, 1, "person", 2, 2 * personsPerSite);
    layout.count(IrlsKernel.MOVED, 1, "person", 1, personsPerSite);
    if (withNull) {
      double nullEta = scaling.offsetReach() + Math.abs(at.nullIntercept());
      double nullDeviance = w * devianceReach(nullEta);
      layout.wide(IrlsKernel.NULL_DEVIANCE, 1, "deviance", nullDeviance, n * nullDeviance);
      double nullResidual = residualReach(nullEta);
      layout.wide(IrlsKernel.NULL_SCORE, 1, "score", nullResidual, n * nullResidual);
      layout.wide(IrlsKernel.NULL_INFORMATION, 1, "information", variance, n * variance);
    }
  }

  /** Largest weighted |y - mean| of a person. */
  private double residualReach(double eta) {
    return switch (family) {
      case GAUSSIAN -> scaling.weightReach() * (scaling.outcomeReach() + eta);
      case BINOMIAL -> scaling.weightReach();
      case POISSON -> scaling.weightReach() * scaling.outcomeReach() + cap();
    };
  }

  /**
   * Square root of the sum of squared residuals, by Minkowski: each column's part of the predictor
   * has a norm of at most |beta| sqrt(sum z^2), and reach is that root.
   */
  private double residualNorm(Reals beta) {
    double root = Math.sqrt((double) scaling.persons());
    if (family == Family.BINOMIAL) {
      return root;
    }
    double intercept = scaling.intercept() ? Math.abs(beta.at(0)) : 0;
    return scaling.outcomeReach()
        + (scaling.predictorReach(beta) - intercept)
        + intercept * root * (1 + 0x1p-30);
  }

  private double devianceReach(double eta) {
    double y = scaling.outcomeReach();
    return switch (family) {
      case GAUSSIAN -> (y + eta) * (y + eta);
      case BINOMIAL -> 2 * (eta + 1);
      case POISSON -> 2 * (y * (StrictMath.log1p(y) + eta + 1) + cap() + 1);
    };
  }

  /** The kernel of a round. */
  IrlsKernel kernel(Layout layout, Iteration at) {
    return new IrlsKernel(
        family, scaling, layout, at.beta(), at.previous(), cap(), withNull, at.nullIntercept());
  }

  /** One step from a round's sums. */
  Verdict next(Iteration at, Aggregate sum, int maxSteps) {
    double deviance = sum.exact(IrlsKernel.DEVIANCE, 0).doubleValue();
    double[] score = sum.values(IrlsKernel.SCORE);
    double[] information = sum.values(IrlsKernel.INFORMATION);
    boolean firstSums = at.beta().equals(at.previous());
    Cholesky factor = Cholesky.of(score.length, information, firstSums ? COLLINEAR : 0);
    if (firstSums && !factor.aliased().isEmpty()) {
      return new Verdict.Failed(GlmResult.Outcome.COLLINEAR, factor.aliased());
    }
    boolean moved = family != Family.GAUSSIAN && sum.count(IrlsKernel.MOVED) > 0;
    boolean worse = deviance > at.previousDeviance() + 1e-9 * (at.previousDeviance() + 0.1);
    if (sum.count(IrlsKernel.BEYOND) > 0 || (worse && !at.last())) {
      return halved(at, maxSteps, moved);
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
      return stuck(at, moved);
    }
    NullStep nullStep = nullStep(at, sum);
    boolean near = decrement <= DECREMENT * (deviance + 1e-3 * tolerance());
    if (near && at.last() && moved) {
      // The deviance has settled twice while someone's predictor runs away: no finite estimate.
      return new Verdict.Failed(GlmResult.Outcome.SEPARATION, List.of());
    }
    if (near && at.last() && nullStep.near()) {
      return new Verdict.Converged(
          next,
          Reals.of(factor.inverse()),
          deviance * scaling.outcomeScale() * scaling.outcomeScale(),
          nullStep.deviance(),
          at.step());
    }
    if (at.step() + 1 >= maxSteps) {
      return stuck(at, moved);
    }
    return new Verdict.Again(
        new Iteration(at.step() + 1, near, 0, next, at.beta(), deviance, nullStep.intercept()));
  }

  /** What a deviance is compared with when it goes to zero. */
  private double tolerance() {
    return family == Family.GAUSSIAN ? scaling.persons() : 100;
  }

  private Verdict halved(Iteration at, int maxSteps, boolean moved) {
    if (at.halvings() >= MAX_HALVINGS || at.step() + 1 >= maxSteps) {
      return stuck(at, moved && family == Family.BINOMIAL);
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
            at.nullIntercept()));
  }

  /** The very first means lie beyond the cap: offsets differ widely, so start lower. */
  private Verdict lowered(Iteration at) {
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
            at.nullIntercept() - 4));
  }

  private static Verdict stuck(Iteration at, boolean moved) {
    boolean separable = at.step() >= FEW_STEPS;
    return new Verdict.Failed(
        moved && separable ? GlmResult.Outcome.SEPARATION : GlmResult.Outcome.NOT_CONVERGED,
        List.of());
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
