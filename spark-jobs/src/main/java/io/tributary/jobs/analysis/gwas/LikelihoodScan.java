package io.tributary.jobs.analysis.gwas;

import io.tributary.analysis.Layout;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.gwas.GwasState.Iterating;
import io.tributary.jobs.genomics.SumRows;
import io.tributary.jobs.genomics.VariantRows;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Optional;

/**
 * The sum over variants of one iteration, each at its own coefficients: score and information of
 * the logistic model with the variant, and for penalised ones third moments, of which the penalty's
 * score follows (Firth 1993; Heinze and Schemper 2002).
 */
record LikelihoodScan(Iterating state) {
  /** Iterations of the likelihood that are taken at most. */
  static final int MOST = 8;

  /** Iterations of the penalised likelihood, whose steps gain fewer digits. */
  static final int MOST_FIRTH = 10;

  /** Bytes of all variants' numbers in a state; a message takes 8 MiB. */
  private static final int MOST_BYTES = 6 << 20;

  private static final int SCORE = 0;
  private static final int INFORMATION = 1;
  private static final int THIRD = 2;

  /** Squares of a step in standard errors, after which one more is the last. */
  private static final double CONVERGED = 1e-18;

  private static final double CONVERGED_FIRTH = 1e-10;

  /** More of the last step is not taken back, for then it is far from the end. */
  private static final double MOST_TAKEN_BACK = 0.5;

  /** Where a likelihood has no maximum, log-odds go on by nearly one an iteration. */
  private static final double STILL_MOVING = 0.1;

  /** Variants that a state has room for. */
  static int mostVariants(int parameters) {
    return MOST_BYTES / (8 * Iterating.stride(parameters, true));
  }

  /** Words of one variant. */
  static int words(int parameters, boolean firth) {
    int p = parameters;
    return p + p * (p + 1) / 2 + (firth ? thirds(p) : 0);
  }

  private static int thirds(int p) {
    return p * (p + 1) * (p + 2) / 6;
  }

  /** Bounds are norms over all persons; no column's is more than twice that of whitened ones. */
  Layout layout(int sites) {
    NullFit fit = state.fit();
    int p = fit.parametersWithVariant();
    double norm = 2 * fit.model().whitening().norm();
    double persons = Math.sqrt((double) fit.model().moments().persons()) * 1.001;
    Layout.Builder layout =
        Layout.of(sites)
            .rows(state.variants().cardinality(), VariantRows.perBlock(words(p, state.firth())))
            .narrow("score", p, "unit", norm, norm * persons)
            .narrow("information", p * (p + 1) / 2, "unit^2", norm * norm, norm * norm);
    if (state.firth()) {
      double cube = norm * norm * norm;
      layout.narrow("third moments", thirds(p), "unit^3", cube, cube);
    }
    return layout.build();
  }

  LikelihoodKernel kernel(Layout layout, ModelRows rows, boolean dosages) {
    return new LikelihoodKernel(
        state,
        rows,
        dosages,
        layout.slots().get(SCORE).scaleBits(),
        layout.slots().get(INFORMATION).scaleBits(),
        state.firth() ? layout.slots().get(THIRD).scaleBits() : 0);
  }

  /**
   * How a variant goes on.
   *
   * @param next its numbers in the next state; none if it has ended
   * @param ended its estimate, or why there is none; empty if it goes on
   * @param failed whether it has ended without a maximum, so that a penalty would help
   */
  record Progress(Reals next, Optional<Association> ended, boolean failed) {
    static Progress failed(String code) {
      return new Progress(Reals.of(), Optional.of(Association.failed(code)), true);
    }

    static Progress ended(Association association) {
      return new Progress(Reals.of(), Optional.of(association), false);
    }
  }

  /** What a row of the sum says. */
  Progress progress(SumRows sums, int row) {
    int p = state.fit().parametersWithVariant();
    double[] information = sums.values(INFORMATION, row);
    double[] score = sums.values(SCORE, row);
    Optional<Newton> plain = Newton.of(score, information);
    if (plain.isEmpty()) {
      return state.iteration() == 0
          ? Progress.ended(Association.failed(Association.RANK_DEFICIENT))
          : Progress.failed(state.firth() ? Association.FIRTH_UNFINISHED : Association.SEPARATION);
    }
    double variance = last(plain.get().information(), p);
    if (state.iteration() == 0) {
      double across = information[p - 1];
      double spread = information[information.length - 1] - across * across / information[0];
      String code = Association.inflation(spread, 1 / variance);
      if (!code.equals(Association.OK)) {
        return Progress.ended(Association.failed(code));
      }
    }
    Optional<Newton> step = plain;
    if (state.firth()) {
      penalise(score, plain.get().information().inverse(), sums.values(THIRD, row));
      step = Newton.of(score, information);
    }
    if (step.isEmpty()) {
      return Progress.failed(Association.FIRTH_UNFINISHED);
    }
    double[] here = state.coefficients(row);
    double[] next = step.get().from(here);
    boolean converged = step.get().decrement() <= (state.firth() ? CONVERGED_FIRTH : CONVERGED);
    if (converged) {
      return Progress.ended(
          Association.normal(
              state.firth() ? Association.Test.FIRTH : Association.Test.WALD,
              next[p - 1],
              Math.sqrt(variance)));
    }
    if (state.iteration() + 1 < (state.firth() ? MOST_FIRTH : MOST)) {
      Reals numbers =
          Reals.of(state.firth() ? accelerated(row, here, step.get(), information) : next);
      return new Progress(numbers, Optional.empty(), false);
    }
    if (state.firth()) {
      return Progress.failed(Association.FIRTH_UNFINISHED);
    }
    return Progress.failed(
        Math.abs(step.get().step().at(p - 1)) > STILL_MOVING
            ? Association.SEPARATION
            : Association.LOGISTIC_UNFINISHED);
  }

  /**
   * The next numbers of a penalised variant. The information is not the penalised likelihood's
   * curvature, so steps converge linearly; what they have in common with those before tells how far
   * they are off (Anderson 1965, with one step before).
   */
  private double[] accelerated(int row, double[] here, Newton newton, double[] information) {
    double[] step = newton.step().toArray();
    int p = here.length;
    double[] before = state.before(row);
    double[] stepBefore = state.stepBefore(row);
    double[] change = new double[p];
    for (int j = 0; j < p; j++) {
      change[j] = step[j] - stepBefore[j];
    }
    double taken = product(change, step, information) / product(change, change, information);
    boolean first = state.iteration() == 0;
    double back = !first && Math.abs(taken) < MOST_TAKEN_BACK ? taken : 0;
    double[] numbers = new double[3 * p];
    for (int j = 0; j < p; j++) {
      numbers[j] = here[j] + step[j] - back * (here[j] - before[j] + change[j]);
      numbers[p + j] = here[j];
      numbers[2 * p + j] = step[j];
    }
    return numbers;
  }

  /** a' information b. */
  private static double product(double[] a, double[] b, double[] information) {
    double product = 0;
    int at = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i] * information[at++];
      for (int j = i + 1; j < a.length; j++) {
        product += (a[i] * b[j] + a[j] * b[i]) * information[at++];
      }
    }
    return product;
  }

  private static double last(Cholesky information, int p) {
    double[] unit = new double[p];
    unit[p - 1] = 1;
    return information.solve(unit)[p - 1];
  }

  /** Adds the penalty's score, 1/2 tr(information^-1 d information / d beta_j). */
  private static void penalise(double[] score, double[] inverse, double[] third) {
    int p = score.length;
    int at = 0;
    for (int i = 0; i < p; i++) {
      for (int j = i; j < p; j++) {
        for (int k = j; k < p; k++) {
          double moment = third[at++];
          // Each of the different places of i, j and k in the trace once.
          score[i] += inverse[j * p + k] * moment / (j == k ? 2 : 1);
          if (j != i) {
            score[j] += inverse[i * p + k] * moment / (i == k ? 2 : 1);
          }
          if (k != j) {
            score[k] += inverse[i * p + j] * moment / (i == j ? 2 : 1);
          }
        }
      }
    }
  }
}
