package io.tributary.jobs.analysis.cox;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.cox.CoxState.Iteration;
import io.tributary.jobs.analysis.cox.CoxState.Spread;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.PartialLikelihood;
import io.tributary.jobs.survival.ProportionalHazards;
import java.util.List;
import java.util.Optional;

/**
 * Newton's method on a partial likelihood from the sums of {@link RiskKernel}. Pure functions of
 * public state.
 *
 * <p>It ends when the Newton decrement, score' information^-1 score, is below {@link #DECREMENT} of
 * the log-likelihood; then one more round gives likelihood and information at the estimate, and a
 * last step. For a robust variance that round is followed by one that sums squares of residuals.
 */
final class CoxNewton {
  /** R's default criterion is a relative change of 1e-9 of the log-likelihood. */
  private static final double DECREMENT = 1e-13;

  /**
   * Share of a column's information that earlier ones must leave; 1 / variance inflation factor.
   */
  private static final double COLLINEAR = 1e-10;

  /** Share of a column's squares that is nothing but rounding. */
  private static final double ROUNDING = 1e-12;

  /** A decrement that is no longer worth a step that moves somebody far. */
  private static final double SETTLED = 1e-3;

  /** Rounds in a row in which that is seen, until it is believed. */
  private static final int MAX_DRIFTING = 3;

  /** Steps after which Newton's method moves nobody far, unless estimates run to infinity. */
  private static final int FEW_STEPS = 10;

  /** Halvings of one step. */
  static final int MAX_HALVINGS = 12;

  /** Largest r in units of the mean weight: a predictor of 27 above the mean one. */
  private static final double CAP = 0x1p40;

  /** Bits that the sum of r over a risk set has at least on the grid of its words. */
  private static final int KEPT_BITS = 32;

  private final CoxScaling scaling;
  private final EventTimes times;
  private final boolean efron;
  private final Reals along;
  private final Spread spread;
  private final Reals weights;

  CoxNewton(CoxScaling scaling, EventTimes times, boolean efron, Reals along, Spread spread) {
    this.scaling = scaling;
    this.times = times;
    this.efron = efron;
    this.along = along;
    this.spread = spread;
    if (spread.weights().size() > 0) {
      this.weights = spread.weights();
    } else {
      double[] counts = new double[times.cells()];
      for (int cell = 0; cell < counts.length; cell++) {
        counts[cell] = (double) times.events(cell);
      }
      this.weights = Reals.of(counts);
    }
  }

  /** What one round leads to. */
  sealed interface Verdict {
    /** Another round at these coefficients. */
    record Again(Iteration iteration) implements Verdict {}

    /** A named end. */
    record Failed(CoxResult.Outcome outcome, List<Integer> positions) implements Verdict {}

    /**
     * Converged.
     *
     * @param at the last iteration; its null model and score test hold for the fit
     * @param beta of centred and scaled columns
     * @param inverse of the information there, [p x p]
     * @param squares of persons' score residuals, packed by rows; empty if not asked for
     * @param wald statistic of Wald's test
     * @param hazard cumulative baseline hazard, [cells]
     * @param hazardError variance of it at known coefficients, and it times means, both cumulative,
     *     [cells x (1 + p)]
     * @param changes tests of coefficients that change with time, if asked for
     */
    record Converged(
        Iteration at,
        Reals beta,
        Reals inverse,
        Reals squares,
        double logLikelihood,
        double wald,
        Reals hazard,
        Reals hazardError,
        Optional<ProportionalHazards> changes)
        implements Verdict {}
  }

  /** Where the fit starts: no column has an effect. */
  Iteration first() {
    Reals start = Reals.zeros(scaling.size());
    return new Iteration(
        0, false, 0, 0, start, start, Double.NEGATIVE_INFINITY, 0, 0, 0, Reals.zeros(0));
  }

  /** Words of one round's largest slots, for a model of p columns. */
  static long words(EventTimes times, boolean efron, int parameters) {
    long sums = PartialLikelihood.sums(parameters);
    return 2 * sums * (times.cells() + (efron ? times.ties() : 0L)) + 2;
  }

  /** Slots of one round; every bound follows from public sums. */
  void declare(Layout.Builder layout, Iteration at, long personsPerSite) {
    int sums = PartialLikelihood.sums(scaling.size());
    double z = scaling.greatestReach();
    double perPerson = cap() * z * z;
    // Cauchy-Schwarz: sum r |z z| <= cap sum z^2, and sum z^2 <= reach^2.
    double perSite = cap() * Math.max(z * z, (double) scaling.persons()) * (1 + 0x1p-30);
    layout.wide(RiskKernel.RISK, times.cells() * sums, "risk", perPerson, perSite);
    if (tied()) {
      layout.wide(RiskKernel.TIED, times.ties() * sums, "risk", perPerson, perSite);
    }
    if (at.residuals().size() > 0) {
      // At the estimate r times hazard adds up to the events' weights; twice that is room enough.
      double most = 2 * z * 3 * events() * (1 + 0x1p-30);
      int products = scaling.size() * (scaling.size() + 1) / 2;
      layout.wide(RobustKernel.SQUARES, products, "score^2", most * most, most * most);
    }
    layout.count(RiskKernel.BEYOND, 1, "person", 1, personsPerSite);
    layout.count(RiskKernel.MOVED, 1, "person", 1, personsPerSite);
  }

  /** Weights of all events. */
  private double events() {
    double sum = 0;
    for (int cell = 0; cell < weights.size(); cell++) {
      sum += weights.at(cell);
    }
    return sum;
  }

  private boolean tied() {
    return efron && times.ties() > 0;
  }

  private double cap() {
    return CAP * scaling.weightUnit();
  }

  /** The kernel of a round. */
  RowBlocks.Kernel kernel(RiskCells cells, Iteration at) {
    RiskKernel risk = new RiskKernel(cells, scaling, tied(), at.beta(), at.previous(), cap());
    return at.residuals().size() > 0 ? new RobustKernel(risk, at.residuals()) : risk;
  }

  /** Weighted sum of a column over the events, in the fit's scale. */
  private double eventTotal(int column) {
    return spread.events().at(column) / scaling.scales().at(column);
  }

  /** The likelihood of one round's sums. */
  PartialLikelihood likelihood(Aggregate sum) {
    int size = PartialLikelihood.sums(scaling.size());
    return new PartialLikelihood(
        times,
        scaling.size(),
        RiskSums.risk(times, size, sum),
        tied() ? sum.values(RiskKernel.TIED) : new double[0],
        weights.toArray());
  }

  /** Whether the sum of r over some risk set has lost its digits beside the others. */
  static boolean isLost(PartialLikelihood likelihood, Aggregate sum) {
    int scaleBits = sum.layout().slots().get(sum.layout().slotIndex(RiskKernel.RISK)).scaleBits();
    return likelihood.leastRisk() < Math.scalb(1.0, KEPT_BITS - scaleBits);
  }

  /** One step from a round's sums. */
  Verdict next(Iteration at, Aggregate sum, int maxSteps, boolean robust) {
    int p = scaling.size();
    boolean firstSums = at.step() == 0;
    boolean moved = sum.count(RiskKernel.MOVED) > 0;
    if (sum.count(RiskKernel.BEYOND) > 0) {
      return firstSums
          ? new Verdict.Failed(CoxResult.Outcome.OFFSET_TOO_LARGE, List.of())
          : halved(at, maxSteps, moved);
    }
    Optional<PartialLikelihood> likelihood =
        sum.layout().hasSlot(RiskKernel.RISK) ? Optional.of(likelihood(sum)) : Optional.empty();
    if (likelihood.isPresent() && isLost(likelihood.get(), sum)) {
      return firstSums
          ? new Verdict.Failed(CoxResult.Outcome.OFFSET_TOO_LARGE, List.of())
          : halved(at, maxSteps, moved);
    }
    Evaluation here =
        likelihood
            .map(pooled -> Evaluation.of(pooled, times.cells()))
            .orElseGet(() -> SiteBaselines.evaluation(sum));
    double[] score = new double[p];
    double logLikelihood = spread.eventOffset() - here.logarithm();
    for (int j = 0; j < p; j++) {
      score[j] = eventTotal(j) - here.mean().at(j);
      logLikelihood += at.beta().at(j) * eventTotal(j);
    }
    double[] information = here.information().toArray();
    if (!Double.isFinite(logLikelihood) || !here.information().allFinite()) {
      return firstSums ? stuck(at, false) : halved(at, maxSteps, moved);
    }
    if (firstSums) {
      clearRounding(information, here.squares().toArray());
    }
    Cholesky factor = Cholesky.of(p, information, firstSums ? COLLINEAR : 0);
    if (firstSums && !factor.aliased().isEmpty()) {
      return new Verdict.Failed(CoxResult.Outcome.COLLINEAR, factor.aliased());
    }
    boolean worse =
        logLikelihood < at.logLikelihood() - 1e-9 * (Math.abs(at.logLikelihood()) + 0.1);
    if (worse && !at.last()) {
      return halved(at, maxSteps, moved);
    }
    double[] step = factor.solve(score);
    double decrement = 0;
    double[] beta = at.beta().toArray();
    for (int j = 0; j < p; j++) {
      decrement += score[j] * step[j];
      beta[j] += step[j];
    }
    Reals next = Reals.of(beta);
    int drifting = moved && at.decrement() < SETTLED ? at.drifting() + 1 : 0;
    if (drifting >= MAX_DRIFTING) {
      return new Verdict.Failed(CoxResult.Outcome.MONOTONE_LIKELIHOOD, List.of());
    }
    if (!next.allFinite() || !factor.aliased().isEmpty()) {
      return stuck(at, moved);
    }
    boolean near = decrement <= DECREMENT * (Math.abs(logLikelihood) + 1);
    boolean squared = at.residuals().size() > 0;
    if (near && at.last() && squared == robust) {
      return new Verdict.Converged(
          at,
          next,
          Reals.of(factor.inverse()),
          Reals.of(squared ? sum.values(RobustKernel.SQUARES) : new double[0]),
          logLikelihood,
          quadratic(beta, information),
          likelihood.map(pooled -> cumulated(pooled.hazard(), 1)).orElse(Reals.zeros(0)),
          likelihood.map(pooled -> cumulated(pooled.hazardError(), 1 + p)).orElse(Reals.zeros(0)),
          likelihood.flatMap(pooled -> changes(pooled, information)));
    }
    if (at.step() + 1 >= maxSteps + (robust ? 1 : 0)) {
      return stuck(at, moved);
    }
    return new Verdict.Again(
        new Iteration(
            at.step() + 1,
            near,
            0,
            drifting,
            next,
            at.beta(),
            logLikelihood,
            decrement,
            firstSums ? logLikelihood : at.nullLogLikelihood(),
            firstSums ? decrement : at.scoreTest(),
            near && at.last() && robust
                ? Reals.of(likelihood.orElseThrow().residuals())
                : Reals.zeros(0)));
  }

  private Optional<ProportionalHazards> changes(
      PartialLikelihood likelihood, double[] information) {
    if (along.size() == 0) {
      return Optional.empty();
    }
    double[] g = along.toArray();
    double[] squares = g.clone();
    for (int cell = 0; cell < g.length; cell++) {
      squares[cell] = g[cell] * g[cell];
    }
    double[] score = likelihood.mean(g);
    for (int j = 0; j < score.length; j++) {
      score[j] = spread.along().at(j) / scaling.scales().at(j) - score[j];
    }
    return Optional.of(
        new ProportionalHazards(
            score, information, likelihood.information(g), likelihood.information(squares)));
  }

  /** A column that is the same within every risk set leaves rounding errors on the diagonal. */
  private void clearRounding(double[] information, double[] squares) {
    int p = squares.length;
    for (int j = 0; j < p; j++) {
      if (information[Cholesky.packed(p, j, j)] <= ROUNDING * squares[j]) {
        for (int k = 0; k < p; k++) {
          information[Cholesky.packed(p, Math.min(j, k), Math.max(j, k))] = 0;
        }
      }
    }
  }

  private static double quadratic(double[] x, double[] upper) {
    int p = x.length;
    double sum = 0;
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < p; k++) {
        sum += x[j] * x[k] * upper[Cholesky.packed(p, Math.min(j, k), Math.max(j, k))];
      }
    }
    return sum;
  }

  /** Sums up to each cell of a stratum, of {@code width} numbers a cell. */
  private Reals cumulated(double[] increments, int width) {
    double[] sums = increments.clone();
    for (int stratum = 0; stratum < times.strata(); stratum++) {
      int end = times.first(stratum + 1) * width;
      for (int i = (times.first(stratum) + 1) * width; i < end; i++) {
        sums[i] += sums[i - width];
      }
    }
    return Reals.of(sums);
  }

  private Verdict halved(Iteration at, int maxSteps, boolean moved) {
    if (at.halvings() >= MAX_HALVINGS || at.step() + 1 >= maxSteps) {
      return stuck(at, moved);
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
            at.drifting(),
            Reals.of(beta),
            at.previous(),
            at.logLikelihood(),
            at.decrement(),
            at.nullLogLikelihood(),
            at.scoreTest(),
            Reals.zeros(0)));
  }

  private static Verdict stuck(Iteration at, boolean moved) {
    return new Verdict.Failed(
        moved && at.step() >= FEW_STEPS
            ? CoxResult.Outcome.MONOTONE_LIKELIHOOD
            : CoxResult.Outcome.NOT_CONVERGED,
        List.of());
  }
}
