package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.NamedOutcome;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What a model of an outcome with several levels ended with, before the release floor.
 *
 * @param outcome {@code OK} or a named outcome
 * @param counted sums of the first round
 * @param concerned names that led to the outcome: columns, or levels; empty if OK
 * @param fit empty unless OK
 */
public record PolytomousResult(
    Outcome outcome, Counted counted, List<String> concerned, Optional<Fit> fit) {
  public PolytomousResult {
    concerned = List.copyOf(concerned);
  }

  /** How a model can end. */
  public enum Outcome implements NamedOutcome {
    OK("", false),
    TOO_FEW_PERSONS("fewer persons than the release floor asks for", true),
    SATURATED("more parameters than the release floor allows for this many persons", true),
    RARE_LEVEL("a level, or a combination of levels, of a term has too few persons", true),
    RARE_OUTCOME("a level of the outcome has too few persons", true),
    EMPTY_LEVEL("nobody is at a declared level of the outcome", false),
    TOO_MANY_PARAMETERS("at least as many parameters as persons", false),
    COLLINEAR("terms follow from other terms, or have nobody in them", false),
    SEPARATION("a term has no finite estimate, e.g. a group without some level", false),
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
   * A converged fit.
   *
   * @param estimates in the units of the columns, [p]
   * @param covariance of these, row-major [p x p]
   * @param logLikelihood at them
   * @param nullLogLikelihood of the shares of the levels
   * @param iterations steps
   */
  public record Fit(
      Reals estimates,
      Reals covariance,
      double logLikelihood,
      double nullLogLikelihood,
      int iterations) {}

  /** Log-likelihood of the shares of the levels: sum of w log(w / all). */
  static double nullLogLikelihood(Counted counted) {
    BigDecimal all = counted.allWeights();
    double sum = 0;
    for (BigDecimal weight : counted.weights()) {
      sum += weight.doubleValue() * StrictMath.log(Exact.ratio(weight, all));
    }
    return sum;
  }
}
