package io.tributary.jobs.analysis.glm;

import io.tributary.jobs.analysis.NamedOutcome;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.glm.GlmState.Counted;
import io.tributary.jobs.analysis.glm.GlmState.Theta;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a model ended with, before the release floor.
 *
 * @param outcome {@code OK} or a named outcome
 * @param counted sums of the first round; empty if it was not reached
 * @param terms names of the coefficients, as R writes them
 * @param concerned names of the terms that led to the outcome, empty if OK
 * @param fit empty unless OK
 */
public record GlmResult(
    Outcome outcome,
    Optional<Counted> counted,
    List<String> terms,
    List<String> concerned,
    Optional<Fit> fit) {

  public GlmResult {
    terms = List.copyOf(terms);
    concerned = List.copyOf(concerned);
  }

  /** How a model can end. */
  public enum Outcome implements NamedOutcome {
    OK("", false),
    TOO_FEW_PERSONS("fewer persons than the release floor asks for", true),
    SATURATED("more parameters than the release floor allows for this many persons", true),
    FEW_CLUSTERS("fewer clusters than a cell may have persons", true),
    RARE_LEVEL("a level, or a combination of levels, has too few persons", true),
    RARE_OUTCOME("one of the two outcomes has too few persons", true),
    TOO_MANY_PARAMETERS("at least as many parameters as persons", false),
    CONSTANT_OUTCOME("the outcome is the same for everybody", false),
    COLLINEAR("terms follow from other terms, or have nobody in them", false),
    NO_OVERDISPERSION("counts vary no more than poisson ones, so that theta has no end", false),
    FULL_LEVERAGE("a row's leverage is 1, so that HC2 and HC3 do not exist", false),
    SEPARATION("terms separate the outcome, so that no finite estimate exists", false),
    BOUNDARY("steps end where a person's mean leaves the range that the link allows", false),
    NO_START("no start gives every person a mean that family and link allow", false),
    NOT_CONVERGED("the steps allowed did not suffice", false),
    LEVELS_UNKNOWN("values are not whole numbers from -1024 to 1023: declare the levels", false);

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
   * @param covariance of the estimates, row-major [p x p]
   * @param model the model's covariance where {@code covariance} is a robust one; else the same
   * @param deviance residual deviance
   * @param nullDeviance of the model with intercept and offset alone, or offset alone
   * @param logLikelihood as R's logLik counts it; empty for quasi families
   * @param theta of a negative binomial model, else empty
   * @param dispersion 1, or Pearson's statistic over the residual degrees of freedom where it is
   *     estimated
   * @param iterations steps
   */
  public record Fit(
      Reals estimates,
      Reals covariance,
      Reals model,
      double deviance,
      double nullDeviance,
      OptionalDouble logLikelihood,
      Optional<Theta> theta,
      double dispersion,
      int iterations) {}
}
