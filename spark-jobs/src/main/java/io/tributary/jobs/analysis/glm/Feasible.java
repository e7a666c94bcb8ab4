package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.Design;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.glm.GlmResult.Outcome;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.formula.Formula;
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
    if (counted.clusters() < floor.minCell()) {
      return Optional.of(Outcome.FEW_CLUSTERS);
    }
    if (family.hasEvents()) {
      boolean binary = family.variance() == Variance.BINOMIAL;
      long events = counted.events();
      long others = n - events;
      if (events == 0 || (binary && others == 0)) {
        return Optional.of(Outcome.CONSTANT_OUTCOME);
      }
      if (events < floor.minCell() || (binary && others < floor.minCell())) {
        return Optional.of(Outcome.RARE_OUTCOME);
      }
    }
    return design.hasRareLevel(counted.design(), n, floor.minCell())
        ? Optional.of(Outcome.RARE_LEVEL)
        : Optional.empty();
  }
}
