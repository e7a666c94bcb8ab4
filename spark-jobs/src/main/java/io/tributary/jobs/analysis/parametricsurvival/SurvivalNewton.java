package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalResult.Outcome;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counted;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Estimate;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Iteration;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spread;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Arrays;
import java.util.List;

/**
 * Newton's method on the sums of {@link LikelihoodKernel}: first the model with intercept and scale
 * alone, then from there that with columns. In the coefficients of u the log-likelihood is concave
 * (Burridge 1981), so that a halved step always ends higher. Pure functions of public state.
 */
final class SurvivalNewton {
  /** Share of the weights that the decrement may still be. */
  private static final double DECREMENT = 1e-12;

  /** Share of a column's information that earlier ones must leave. */
  private static final double COLLINEAR = 1e-10;

  /** Steps after which nobody is moved, unless estimates run to infinity. */
  private static final int FEW_STEPS = 10;

  /** Halvings of one step. */
  static final int MAX_HALVINGS = 12;

  /** Weights of everybody that one row may add. */
  private static final double CAP = 0x1p24;

  /** Weights of everybody that a row's derivative may be at the estimate, where they sum to 0. */
  private static final double CAP_AT_ESTIMATE = 4;

  private final TimeDistribution distribution;
  private final LogTimeScaling scaling;
  private final double eventWeights;

  SurvivalNewton(TimeDistribution distribution, Counted counted, Spread spread) {
    this.distribution = distribution;
    this.scaling = LogTimeScaling.of(counted, spread);
    this.eventWeights = spread.eventWeights().doubleValue();
  }

  /** What one round leads to. */
  sealed interface Verdict {
    /** Another round at these coefficients. */
    record Again(Iteration iteration) implements Verdict {}

    /** A named end; positions of columns that led to it. */
    record Failed(Outcome outcome, List<Integer> positions) implements Verdict {}

    /** Converged. */
    record Converged(Estimate estimate) implements Verdict {}
  }

  LogTimeScaling scaling() {
    return scaling;
  }

  /** Coefficients of a model without columns, or with all. */
  int size(boolean ofNull) {
    return 1 + (ofNull ? 0 : scaling.columns()) + (distribution.fixedScale() ? 0 : 1);
  }

  /** Where the fit starts: the outcome at its mean, the scale its standard deviation. */
  Iteration first(Spread spread) {
    double[] start = new double[size(true)];
    if (!distribution.fixedScale()) {
      start[1] = Math.sqrt((double) scaling.persons()) / Exact.root(spread.squares().get(0));
    }
    Reals at = Reals.of(start);
    return new Iteration(scaling.columns() > 0, 0, false, 0, at, at, Double.POSITIVE_INFINITY, 0);
  }

  /** Slots of one round; every bound follows from public sums. */
  void declare(Layout.Builder layout, Iteration at, long personsPerSite) {
    int p = at.coefficients().size();
    double n = scaling.persons();
    double z = scaling.greatestReach();
    double cap = cap();
    layout.wide(LikelihoodKernel.OBJECTIVE, 1, "log-likelihood", 2 * cap, 2 * n * cap);
    layout.wide(LikelihoodKernel.SCORE, p, "score", cap * z, n * cap * z);
    // The sum of squares of a column is at most the larger of its reach's square and the persons.
    double squares = Math.max(z * z, n) * (1 + 0x1p-30);
    layout.wide(
        LikelihoodKernel.INFORMATION, p * (p + 1) / 2, "information", cap * z * z, cap * squares);
    layout.count(LikelihoodKernel.BEYOND, 1, "person", 1, personsPerSite);
    layout.count(LikelihoodKernel.MOVED, 1, "person", 1, personsPerSite);
  }

  private double cap() {
    return CAP * scaling.weights();
  }

  LikelihoodKernel kernel(Layout layout, Iteration at) {
    return new LikelihoodKernel(
        distribution,
        scaling,
        LikelihoodKernel.places(layout),
        at.ofNull(),
        at.coefficients(),
        at.previous(),
        cap());
  }

  /** Slots of the squares of score residuals. */
  void declareSquares(Layout.Builder layout, Estimate at, long personsPerSite) {
    int p = at.coefficients().size();
    double inverseScale = distribution.fixedScale() ? 1 : at.coefficients().at(p - 1);
    double most =
        Scales.above(
            scaling.weights() * (CAP_AT_ESTIMATE * scaling.greatestReach() + 1 / inverseScale));
    layout.wide(SquaresKernel.SQUARES, p * (p + 1) / 2, "score^2", most * most, most * most);
    layout.count(SquaresKernel.BEYOND, 1, "person", 1, personsPerSite);
  }

  SquaresKernel squares(Estimate at) {
    return new SquaresKernel(
        distribution, scaling, at.coefficients(), CAP_AT_ESTIMATE * scaling.weights());
  }

  /** One step from a round's sums. */
  Verdict next(Iteration at, Aggregate sum, int maxSteps) {
    int p = at.coefficients().size();
    boolean started = at.coefficients().equals(at.previous());
    boolean moved = sum.count(LikelihoodKernel.MOVED) > 0;
    if (sum.count(LikelihoodKernel.BEYOND) > 0) {
      return started ? lowered(at, maxSteps) : halved(at, maxSteps, moved);
    }
    double[] score = sum.values(LikelihoodKernel.SCORE);
    double[] information = sum.values(LikelihoodKernel.INFORMATION);
    double objective = sum.exact(LikelihoodKernel.OBJECTIVE, 0).doubleValue();
    if (!distribution.fixedScale()) {
      double inverseScale = at.coefficients().at(p - 1);
      objective -= 2 * eventWeights * StrictMath.log(inverseScale);
      score[p - 1] += eventWeights / inverseScale;
      information[information.length - 1] += eventWeights / inverseScale / inverseScale;
    }
    double weights = scaling.weights();
    if (!at.last() && objective > at.previousObjective() + 1e-9 * weights) {
      return halved(at, maxSteps, moved);
    }
    Cholesky factor = Cholesky.of(p, information, started ? COLLINEAR : 0);
    if (!factor.aliased().isEmpty()) {
      return started && !at.ofNull()
          ? new Verdict.Failed(Outcome.COLLINEAR, factor.aliased())
          : ended(at, moved);
    }
    double[] step = factor.solve(score);
    double[] next = at.coefficients().toArray();
    double decrement = 0;
    for (int j = 0; j < p; j++) {
      decrement += score[j] * step[j];
      next[j] += step[j];
    }
    if (!distribution.fixedScale() && !(next[p - 1] > 0)) {
      // The inverse scale stays positive: what is left of it is halved.
      double share = at.coefficients().at(p - 1) / 2 / -step[p - 1];
      for (int j = 0; j < p; j++) {
        next[j] = at.coefficients().at(j) + share * step[j];
      }
    }
    Reals coefficients = Reals.of(next);
    if (!coefficients.allFinite()) {
      return ended(at, moved);
    }
    boolean near = decrement <= DECREMENT * weights;
    boolean settled = near && at.last();
    if (settled && moved) {
      return new Verdict.Failed(Outcome.MONOTONE_LIKELIHOOD, List.of());
    }
    if (settled && !at.ofNull()) {
      return new Verdict.Converged(
          new Estimate(
              coefficients,
              Reals.of(information),
              objective,
              scaling.columns() > 0 ? at.nullObjective() : objective,
              at.step()));
    }
    if (at.step() + 1 >= maxSteps) {
      return ended(at, moved);
    }
    if (settled) {
      return new Verdict.Again(withColumns(at, coefficients, objective));
    }
    return new Verdict.Again(
        new Iteration(
            at.ofNull(),
            at.step() + 1,
            near,
            0,
            coefficients,
            at.coefficients(),
            objective,
            at.nullObjective()));
  }

  /** From the model without columns to that with columns without effect. */
  private Iteration withColumns(Iteration at, Reals fitted, double objective) {
    double[] start = new double[size(false)];
    start[0] = fitted.at(0);
    if (!distribution.fixedScale()) {
      start[start.length - 1] = fitted.at(1);
    }
    Reals from = Reals.of(start);
    return new Iteration(
        false, at.step() + 1, false, 0, from, from, Double.POSITIVE_INFINITY, objective);
  }

  private static Verdict halved(Iteration at, int maxSteps, boolean moved) {
    if (at.halvings() >= MAX_HALVINGS || at.step() + 1 >= maxSteps) {
      return ended(at, moved);
    }
    double[] half = at.coefficients().toArray();
    for (int j = 0; j < half.length; j++) {
      half[j] = at.previous().at(j) + (half[j] - at.previous().at(j)) / 2;
    }
    return new Verdict.Again(
        new Iteration(
            at.ofNull(),
            at.step() + 1,
            false,
            at.halvings() + 1,
            Reals.of(half),
            at.previous(),
            at.previousObjective(),
            at.nullObjective()));
  }

  /** At the start some hazard is beyond the cap: some time is far above the others. */
  private static Verdict lowered(Iteration at, int maxSteps) {
    if (at.halvings() >= MAX_HALVINGS || at.step() + 1 >= maxSteps) {
      return ended(at, false);
    }
    double[] lower = at.coefficients().toArray();
    lower[0] -= 4;
    Reals from = Reals.of(Arrays.copyOf(lower, lower.length));
    return new Verdict.Again(
        new Iteration(
            at.ofNull(),
            at.step() + 1,
            false,
            at.halvings() + 1,
            from,
            from,
            Double.POSITIVE_INFINITY,
            at.nullObjective()));
  }

  private static Verdict ended(Iteration at, boolean moved) {
    return new Verdict.Failed(
        moved && at.step() >= FEW_STEPS ? Outcome.MONOTONE_LIKELIHOOD : Outcome.NOT_CONVERGED,
        List.of());
  }
}
