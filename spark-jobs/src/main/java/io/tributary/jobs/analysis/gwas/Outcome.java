package io.tributary.jobs.analysis.gwas;

import io.tributary.report.AnalysisReport;
import java.util.Optional;

/**
 * How the model without a variant came out.
 *
 * @param code a named outcome
 * @param sentence what it means for this model, or ""
 */
record Outcome(String code, String sentence) {
  static final String SATURATED = "SATURATED";
  static final String RARE_LEVEL = "RARE_LEVEL";
  static final String RARE_OUTCOME = "RARE_OUTCOME";
  static final String NOT_CONVERGED = "NOT_CONVERGED";
  static final String NO_VARIANT = "NO_VARIANT";
  static final String CONSTANT_OUTCOME = "CONSTANT_OUTCOME";
  static final String CONSTANT_COVARIATE = "CONSTANT_COVARIATE";
  static final String COLLINEAR_COVARIATES = "COLLINEAR_COVARIATES";

  static final Outcome OK = new Outcome(AnalysisReport.OK, "");

  static Outcome of(String code) {
    return new Outcome(
        code,
        switch (code) {
          case AnalysisReport.TOO_FEW_PERSONS -> "Fewer persons than the release floor asks for.";
          case SATURATED -> "The model has too many columns for so few persons.";
          case RARE_LEVEL -> "A level of a covariate is of fewer persons than a shown cell.";
          case RARE_OUTCOME -> "Too few persons have one of the two outcomes.";
          case NOT_CONVERGED ->
              "The covariates separate the outcomes, or nearly so: leave out or join levels.";
          case NO_VARIANT -> "No variant of the list has enough carriers, calls and sites.";
          default -> "";
        });
  }

  /** Why variants cannot be tested in this model; empty if they can. */
  static Optional<Outcome> of(NullModel fitted, GwasModel model) {
    Optional<Integer> constant = fitted.constant();
    if (constant.isPresent()) {
      int column = constant.get();
      return Optional.of(
          new Outcome(
              column == fitted.columns() ? CONSTANT_OUTCOME : CONSTANT_COVARIATE,
              "'" + model.name(column) + "' is the same for all persons."));
    }
    Optional<int[]> pair = fitted.collinear();
    if (pair.isPresent()) {
      String first = model.name(pair.get()[0]);
      String second = model.name(pair.get()[1]);
      return Optional.of(
          new Outcome(
              COLLINEAR_COVARIATES,
              first.equals(second)
                  ? "'" + first + "' nearly follows from the other covariates: leave one out."
                  : "'" + first + "' and '" + second + "' tell nearly the same: leave one out."));
    }
    return fitted.whitening().residual() > 0
        ? Optional.empty()
        : Optional.of(new Outcome(CONSTANT_OUTCOME, "The covariates explain the outcome wholly."));
  }
}
