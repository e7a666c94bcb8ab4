package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.WaldTables;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalResult.Fit;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a parametric model of times, with the release floor applied. */
final class SurvivalTables {
  /** As R names it. */
  static final String LOG_SCALE = "Log(scale)";

  private final ParametricSurvivalAnalysis analysis;
  private final SurvivalResult result;
  private final Floor floor;

  SurvivalTables(ParametricSurvivalAnalysis analysis, SurvivalResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    WaldTables wald =
        new WaldTables(
            result.terms(),
            result
                .fit()
                .map(
                    fit ->
                        new WaldTables.Estimates(fit.estimates(), fit.covariance(), fit.model())),
            result.outcome().absent(),
            Double.POSITIVE_INFINITY,
            Tails.normalQuantile(analysis.confidence()),
            analysis.robust());
    ResultTable ratios =
        wald.ratios(
            "time_ratio",
            "Ratios of times",
            term -> !term.equals("(Intercept)") && !term.equals(LOG_SCALE));
    ResultTable fit = fitTable();
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("formula", Cell.of(analysis.formula().text()));
    facts.put("distribution", Cell.of(analysis.distribution().word()));
    for (String fact : List.of("n", "n_event", "dropped", "scale", "log_likelihood", "aic")) {
      facts.put(fact, fit.rows().get(0).get(fit.column(fact)));
    }
    Plot forest =
        new Plot.Forest(
            ratios.name(),
            ratios.title(),
            "term",
            "time_ratio",
            "conf_low",
            "conf_high",
            Plot.Scale.RATIO);
    return new AnalysisReport(
        analysis.job().name(),
        "parametric-survival",
        result.outcome().name(),
        persons(),
        0,
        facts,
        List.of(wald.coefficients(), ratios, fit, wald.covariance()),
        result.fit().isPresent() && !ratios.rows().isEmpty() ? List.of(forest) : List.of(),
        notes());
  }

  private long persons() {
    long persons = result.counted().persons();
    return floor.showsStatistic(persons) ? persons : -1;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(result.outcome().notes(result.concerned()));
    notes.add(
        "The logarithm of a time is the linear predictor and scale times an error, as in R's survreg;"
            + " a ratio of 2 doubles every quantile of the times.");
    notes.add("Tests and limits are Wald's, with the normal distribution.");
    if (analysis.weighted()) {
      notes.add(
          "Weights are case weights; rows of weight 0 count as dropped."
              + (analysis.robust() ? "" : " Standard errors take weights for counts of persons."));
    }
    if (analysis.robust()) {
      notes.add(
          "Standard errors and limits are robust, over persons with all their rows; model_std_error"
              + " and the likelihood ratio are the model's.");
    }
    notes.add(analysis.robust() ? floor.sentenceOfPersons() : floor.sentence());
    return notes;
  }

  private ResultTable fitTable() {
    Map<Column, Cell> row = new LinkedHashMap<>();
    boolean shown = persons() >= 0;
    long n = result.counted().persons();
    long events = result.counted().events();
    row.put(Column.whole("n"), shown ? Cell.of(n) : floor.withheldCount());
    // Those without the event follow from the others.
    boolean rest = n == events || floor.showsCount(n - events);
    row.put(Column.whole("n_event"), shown && rest ? floor.count(events) : floor.withheldCount());
    row.put(
        Column.whole("dropped"),
        shown ? floor.missing(result.counted().dropped()) : floor.withheldCount());
    for (String name :
        List.of(
            "scale",
            "log_likelihood",
            "log_likelihood_null",
            "likelihood_ratio",
            "df",
            "p_value",
            "aic",
            "bic",
            "iterations")) {
      row.put(
          List.of("df", "iterations").contains(name) ? Column.whole(name) : Column.real(name),
          result.outcome().absent());
    }
    result.fit().ifPresent(fit -> fill(fit, row));
    return new ResultTable(
        "fit", "Fit", new ArrayList<>(row.keySet()), List.of(new ArrayList<>(row.values())));
  }

  private void fill(Fit fit, Map<Column, Cell> row) {
    double twice = 2 * fit.logLikelihood();
    double parameters = result.terms().size();
    long df = analysis.columns();
    double ratio = twice - 2 * fit.nullLogLikelihood();
    row.put(Column.real("scale"), Cell.of(fit.scale()));
    row.put(Column.real("log_likelihood"), Cell.of(fit.logLikelihood()));
    row.put(Column.real("log_likelihood_null"), Cell.of(fit.nullLogLikelihood()));
    row.put(Column.whole("df"), Cell.of(df));
    if (df > 0) {
      row.put(Column.real("likelihood_ratio"), Cell.of(ratio));
      row.put(
          Column.real("p_value"),
          PValue.of(Tails.logChiSquareUpper(Math.max(0, ratio), (double) df)));
    } else {
      Cell none = new Cell.NotComputed("no term beside the intercept");
      row.put(Column.real("likelihood_ratio"), none);
      row.put(Column.real("p_value"), none);
    }
    row.put(Column.real("aic"), Cell.of(2 * parameters - twice));
    row.put(
        Column.real("bic"),
        Cell.of(parameters * StrictMath.log((double) result.counted().persons()) - twice));
    row.put(Column.whole("iterations"), Cell.of((long) fit.iterations()));
  }
}
