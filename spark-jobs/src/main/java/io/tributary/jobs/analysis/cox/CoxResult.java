package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.NamedOutcome;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.cox.CoxState.Counted;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.ProportionalHazards;
import io.tributary.jobs.survival.TimeGrid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model of hazards ended with, before the release floor.
 *
 * @param outcome {@code OK} or a named outcome
 * @param grid of times; empty if it was not reached
 * @param counted sums of the first round; empty if it was not reached
 * @param terms names of the coefficients, as R writes them
 * @param concerned names of the terms that led to the outcome, empty if OK
 * @param rows for which predictions are asked, as far as the study tells their columns
 * @param fit empty unless OK
 */
public record CoxResult(
    Outcome outcome,
    Optional<TimeGrid> grid,
    Optional<Counted> counted,
    List<String> terms,
    List<String> concerned,
    List<NewData.Row> rows,
    Optional<Fit> fit) {

  /** Name of the test of all terms. */
  static final String GLOBAL = "(all)";

  public CoxResult {
    terms = List.copyOf(terms);
    concerned = List.copyOf(concerned);
    rows = List.copyOf(rows);
  }

  /** Event times, once the grid and the first sums were reached. */
  public EventTimes times() {
    return Stratum.times(grid.orElseThrow(), counted.orElseThrow().strata());
  }

  /** What the fit says of the rows asked for, those with a level that nobody has left out. */
  public List<PredictedHazard> predictions() {
    return fit.map(
            own ->
                rows.stream()
                    .filter(row -> row.isKnown(own))
                    .map(row -> PredictedHazard.of(own, row))
                    .toList())
        .orElseGet(List::of);
  }

  /** How a model can end. */
  public enum Outcome implements NamedOutcome {
    OK("", false),
    TOO_FEW_PERSONS("fewer persons than the release floor asks for", true),
    SATURATED("more parameters than the release floor allows for this many persons", true),
    RARE_LEVEL("a level, or a combination of levels, has too few persons", true),
    RARE_OUTCOME("too few persons had the event, or did not have it", true),
    SPARSE_TIMES(
        "at some event times the sums would be about fewer persons than a cell may have. Choose a"
            + " coarser resolution or ties: breslow; or sparse: allow, where every site's policy"
            + " does",
        true),
    TOO_MANY_PARAMETERS("at least as many parameters as events", false),
    TOO_MANY_TIMES(
        "the sums at all event times do not fit into one partial. Choose a coarser resolution or"
            + " fewer terms",
        false),
    NO_EVENTS("nobody had the event", false),
    COLLINEAR("terms follow from other terms or from the strata, or have nobody in them", false),
    MONOTONE_LIKELIHOOD(
        "the likelihood grows for ever as a coefficient does, so that no finite estimate exists",
        false),
    OFFSET_TOO_LARGE(
        "an offset lies more than 27 above the mean, or all of those at risk at some event so far"
            + " below it that their risk is lost beside the others'",
        false),
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
   * @param wald statistic of Wald's test of all coefficients
   * @param centres means of the columns over rows, [p]
   * @param hazard cumulative baseline hazard at these means and the mean offset, in each stratum up
   *     to and including each event time, [cells]
   * @param hazardError its variance at known coefficients, and it times the distances of risk sets'
   *     means from these, up to each event time, [cells x (1 + p)]
   * @param meanOffset over rows
   * @param iterations Newton steps
   * @param changes tests of coefficients that change with time, by term and for all; empty if not
   *     asked for, or not defined
   */
  public record Fit(
      Reals estimates,
      Reals covariance,
      Reals model,
      double nullLogLikelihood,
      double logLikelihood,
      double score,
      double wald,
      Reals centres,
      Reals hazard,
      Reals hazardError,
      double meanOffset,
      int iterations,
      Map<String, ProportionalHazards.Test> changes) {
    public Fit {
      changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    }

    /** Predictor of a row whose columns and offset are at their means. */
    public double predictorAtMeans() {
      double predictor = meanOffset;
      for (int j = 0; j < estimates.size(); j++) {
        predictor += estimates.at(j) * centres.at(j);
      }
      return predictor;
    }

    /** Statistic of the likelihood-ratio test. */
    public double likelihoodRatio() {
      return 2 * (logLikelihood - nullLogLikelihood);
    }
  }
}
