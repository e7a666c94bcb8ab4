package io.tributary.jobs.formula;

import java.util.List;
import java.util.Optional;

/**
 * A formula of a model of hazards, as R's survival has it: {@code Surv(time, event) ~ a + b}, or
 * {@code Surv(entry, time, event) ~ a + b}; terms as {@link Formula} reads them, and {@code
 * strata(c)} beside them.
 *
 * @param entry column of times from which a row is at risk
 * @param time column of times until which it is
 * @param event column that tells whether it ends with the event
 * @param strata columns that make strata
 * @param model the right-hand side; its response is the time
 */
public record SurvivalFormula(
    Optional<String> entry, String time, String event, List<String> strata, Formula model) {
  public SurvivalFormula {
    strata = List.copyOf(strata);
  }

  /** Reads a formula; FORMULA_INVALID names the character where it goes wrong. */
  public static SurvivalFormula parse(String text) {
    return new FormulaParser(text).parseSurvival();
  }
}
