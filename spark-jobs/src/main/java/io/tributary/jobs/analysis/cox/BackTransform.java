package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.cox.CoxResult.Fit;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.jobs.linalg.Sandwich;
import io.tributary.jobs.survival.ProportionalHazards;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** From centred and scaled columns back to the study's units, with covariances and tests. */
final class BackTransform {
  private BackTransform() {}

  /** Back to the units of the columns; scales are powers of two, so nothing is rounded. */
  static Fit fit(
      CoxScaling scaling, Map<String, List<Integer>> terms, CoxNewton.Verdict.Converged converged) {
    int p = scaling.size();
    boolean robust = converged.squares().size() > 0;
    double[] estimates = new double[p];
    for (int j = 0; j < p; j++) {
      estimates[j] = converged.beta().at(j) / scaling.scales().at(j);
    }
    double[] model = converged.inverse().toArray();
    double[] sandwich = robust ? Sandwich.of(p, model, converged.squares().toArray()) : model;
    return new Fit(
        Reals.of(estimates),
        inUnits(scaling, sandwich),
        inUnits(scaling, model),
        converged.at().nullLogLikelihood(),
        converged.logLikelihood(),
        converged.at().scoreTest(),
        robust ? wald(converged.beta().toArray(), sandwich) : converged.wald(),
        scaling.centres(),
        converged.hazard(),
        hazardError(scaling, converged.hazardError()),
        scaling.offsetCentre(),
        converged.at().step(),
        changes(terms, p, converged));
  }

  /** The means of risk sets about the centres, in the units of the columns. */
  private static Reals hazardError(CoxScaling scaling, Reals scaled) {
    double[] units = scaled.toArray();
    int width = 1 + scaling.size();
    for (int i = 0; i < units.length; i++) {
      units[i] *= i % width == 0 ? 1 : scaling.scales().at(i % width - 1);
    }
    return Reals.of(units);
  }

  private static Reals inUnits(CoxScaling scaling, double[] covariance) {
    int p = scaling.size();
    double[] units = new double[p * p];
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < p; k++) {
        units[j * p + k] = covariance[j * p + k] / scaling.scales().at(j) / scaling.scales().at(k);
      }
    }
    return Reals.of(units);
  }

  /** Wald's statistic, or NaN where a robust covariance has no inverse. */
  private static double wald(double[] beta, double[] covariance) {
    int p = beta.length;
    double[] upper = new double[p * (p + 1) / 2];
    for (int j = 0; j < p; j++) {
      for (int k = j; k < p; k++) {
        upper[Cholesky.packed(p, j, k)] = covariance[j * p + k];
      }
    }
    Cholesky factor = Cholesky.of(p, upper, 1e-12);
    double[] solved = factor.solve(beta);
    double statistic = factor.aliased().isEmpty() ? 0 : Double.NaN;
    for (int j = 0; j < p; j++) {
      statistic += beta[j] * solved[j];
    }
    return statistic;
  }

  /** Tests of each term and of all; scales of columns do not change them. */
  private static Map<String, ProportionalHazards.Test> changes(
      Map<String, List<Integer>> terms, int p, CoxNewton.Verdict.Converged converged) {
    Map<String, ProportionalHazards.Test> tests = new LinkedHashMap<>();
    converged
        .changes()
        .ifPresent(
            changes -> {
              terms.forEach((term, columns) -> tests.put(term, changes.of(columns)));
              tests.put(CoxResult.GLOBAL, changes.of(IntStream.range(0, p).boxed().toList()));
            });
    return tests;
  }
}
