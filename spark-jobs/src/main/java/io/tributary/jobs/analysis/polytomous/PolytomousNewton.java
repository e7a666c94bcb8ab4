package io.tributary.jobs.analysis.polytomous;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.polytomous.PolytomousModel.Derivatives;
import io.tributary.jobs.analysis.polytomous.PolytomousResult.Outcome;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Iteration;
import io.tributary.jobs.linalg.Cholesky;
import java.util.List;

/**
 * Newton's method on a round's sums. The log-likelihood of both models is concave (Pratt 1981), so
 * that a halved step always ends higher. Pure functions of public state.
 */
final class PolytomousNewton {
  /** Share of the weights that the decrement may still be. */
  private static final double DECREMENT = 1e-12;

  /** Share of a parameter's information that earlier ones must leave. */
  private static final double COLLINEAR = 1e-10;

  /** Steps after which nobody is moved, unless estimates run to infinity. */
  private static final int FEW_STEPS = 10;

  /** Halvings of one step. */
  static final int MAX_HALVINGS = 12;

  private final PolytomousModel model;
  private final Counted counted;
  private final int maxSteps;

  PolytomousNewton(PolytomousModel model, Counted counted, int maxSteps) {
    this.model = model;
    this.counted = counted;
    this.maxSteps = maxSteps;
  }

  /** What one round leads to. */
  sealed interface Verdict {
    /** Another round at these coefficients. */
    record Again(Iteration iteration) implements Verdict {}

    /** A named end; parameters that led to it. */
    record Failed(Outcome outcome, List<Integer> parameters) implements Verdict {}

    /**
     * Converged.
     *
     * @param coefficients of centred and scaled columns
     * @param factor of the information
     * @param objective minus twice the log-likelihood
     * @param steps that it took
     */
    record Converged(Reals coefficients, Cholesky factor, double objective, int steps)
        implements Verdict {}
  }

  /** Where the fit starts: the model without columns. */
  Iteration first() {
    Reals start = model.start(counted);
    return new Iteration(0, false, 0, start, start, Double.POSITIVE_INFINITY);
  }

  /** One step from a round's sums. */
  Verdict next(Iteration at, Aggregate sum) {
    boolean moved = sum.count(PolytomousModel.MOVED) > 0;
    Derivatives here = model.derivatives(counted, at, sum);
    double weights = counted.allWeights().doubleValue();
    if (!at.last() && here.objective() > at.previousObjective() + 1e-9 * weights) {
      return halved(at, moved);
    }
    boolean started = at.coefficients().equals(at.previous());
    int p = model.parameters();
    Cholesky factor = Cholesky.of(p, here.information().toArray(), started ? COLLINEAR : 0);
    if (!factor.aliased().isEmpty()) {
      return started ? new Verdict.Failed(Outcome.COLLINEAR, factor.aliased()) : ended(at, moved);
    }
    double[] step = factor.solve(here.score().toArray());
    double decrement = 0;
    for (int j = 0; j < p; j++) {
      decrement += here.score().at(j) * step[j];
    }
    Reals next = model.moved(at.coefficients(), step);
    if (!next.allFinite()) {
      return ended(at, moved);
    }
    boolean near = decrement <= DECREMENT * weights;
    if (near && at.last()) {
      return moved
          ? new Verdict.Failed(Outcome.SEPARATION, List.of())
          : new Verdict.Converged(next, factor, here.objective(), at.step());
    }
    if (at.step() + 1 >= maxSteps) {
      return ended(at, moved);
    }
    return new Verdict.Again(
        new Iteration(at.step() + 1, near, 0, next, at.coefficients(), here.objective()));
  }

  private Verdict halved(Iteration at, boolean moved) {
    if (at.halvings() >= MAX_HALVINGS || at.step() + 1 >= maxSteps) {
      return ended(at, moved);
    }
    double[] half = at.coefficients().toArray();
    for (int j = 0; j < half.length; j++) {
      half[j] = at.previous().at(j) + (half[j] - at.previous().at(j)) / 2;
    }
    return new Verdict.Again(
        new Iteration(
            at.step() + 1,
            false,
            at.halvings() + 1,
            Reals.of(half),
            at.previous(),
            at.previousObjective()));
  }

  private static Verdict ended(Iteration at, boolean moved) {
    return new Verdict.Failed(
        moved && at.step() >= FEW_STEPS ? Outcome.SEPARATION : Outcome.NOT_CONVERGED, List.of());
  }
}
