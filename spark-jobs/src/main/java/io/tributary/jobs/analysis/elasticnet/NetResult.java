package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.NamedOutcome;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.elasticnet.NetState.Counted;
import java.util.List;

/**
 * What an elastic net ended with, before the release floor.
 *
 * @param outcome {@code OK} or a named outcome
 * @param counted sums of the first round
 * @param terms names of intercept and columns
 * @param path from the strongest penalty on; empty unless OK
 */
public record NetResult(Outcome outcome, Counted counted, List<String> terms, List<Point> path) {
  public NetResult {
    terms = List.copyOf(terms);
    path = List.copyOf(path);
  }

  /** How a path can end. */
  public enum Outcome implements NamedOutcome {
    OK("", false),
    TOO_FEW_PERSONS("fewer persons, or fewer in some part, than the release floor asks for", true),
    SATURATED("more parameters than the release floor allows for this many persons", true),
    RARE_LEVEL("a level, or a combination of levels, has too few persons", true),
    RARE_OUTCOME("too few persons with the event, or without it", true),
    CONSTANT_OUTCOME("the outcome is the same for everybody, or for all but one part", false),
    NOT_CONVERGED("the steps allowed did not suffice", false);

    private final String sentence;
    private final boolean withheld;

    Outcome(String sentence, boolean withheld) {
      this.sentence = sentence;
      this.withheld = withheld;
    }

    @Override
    public String sentence() {
      return sentence;
    }

    @Override
    public boolean withheld() {
      return withheld;
    }
  }

  /**
   * One penalty's fit.
   *
   * @param estimates of intercept and columns as they are
   * @param explained share of the deviance that it explains
   * @param error mean deviance of persons under the fits without their part; NaN without parts
   * @param errorOfError its standard error over the parts
   */
  public record Point(
      double lambda, Reals estimates, double explained, double error, double errorOfError) {
    /** Coefficients that are not 0, without the intercept. */
    int nonzero() {
      int count = 0;
      for (int j = 1; j < estimates.size(); j++) {
        count += estimates.at(j) == 0 ? 0 : 1;
      }
      return count;
    }
  }

  /** Position of the least error; the strongest such penalty. */
  int least() {
    int least = 0;
    for (int i = 1; i < path.size(); i++) {
      if (path.get(i).error() < path.get(least).error()) {
        least = i;
      }
    }
    return least;
  }

  /** Position of the strongest penalty whose error is within a standard error of the least. */
  int withinOneError() {
    Point best = path.get(least());
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).error() <= best.error() + best.errorOfError()) {
        return i;
      }
    }
    return least();
  }
}
