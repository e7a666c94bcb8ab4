package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.glm.GlmResult.Outcome;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.formula.Formula;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What stops a model after its first sums: the release floor, or an outcome without variation. */
final class Feasible {
  private Feasible() {}

  static Optional<Outcome> refusal(
      Family family, Design design, Formula formula, Counted counted, Floor floor) {
    long n = counted.persons();
    int p = design.size() + (formula.intercept() ? 1 : 0);
    if (!floor.showsStatistic(n)) {
      return Optional.of(Outcome.TOO_FEW_PERSONS);
    }
    if (p >= n) {
      return Optional.of(Outcome.TOO_MANY_PARAMETERS);
    }
    if (p > floor.maxSaturation() * n) {
      return Optional.of(Outcome.SATURATED);
    }
    if (family != Family.GAUSSIAN) {
      long events = counted.events();
      long others = n - events;
      if (events == 0 || (family == Family.BINOMIAL && others == 0)) {
        return Optional.of(Outcome.CONSTANT_OUTCOME);
      }
      if (events < floor.minCell() || (family == Family.BINOMIAL && others < floor.minCell())) {
        return Optional.of(Outcome.RARE_OUTCOME);
      }
    }
    return rareLevel(design, counted, floor) ? Optional.of(Outcome.RARE_LEVEL) : Optional.empty();
  }

  /**
   * Whether a coefficient would describe a handful of persons: an indicator column with some but
   * few ones, or with few zeros. Columns of nobody are left to the rank check.
   */
  private static boolean rareLevel(Design design, Counted counted, Floor floor) {
    Map<Integer, Long> inTerm = new HashMap<>();
    for (int j = 0; j < design.size(); j++) {
      if (design.isIndicator(j)) {
        long ones = counted.design().get(j).longValue();
        if (ones > 0 && ones < floor.minCell()) {
          return true;
        }
        inTerm.merge(design.term(j), ones, Long::sum);
      }
    }
    for (long ones : inTerm.values()) {
      long rest = counted.persons() - ones;
      if (rest > 0 && rest < floor.minCell()) {
        return true;
      }
    }
    return false;
  }
}
