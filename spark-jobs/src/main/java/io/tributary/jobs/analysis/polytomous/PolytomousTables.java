package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.WaldTables;
import io.tributary.jobs.analysis.polytomous.PolytomousResult.Fit;
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

/** The tables of a model of several levels, with the release floor applied. */
final class PolytomousTables {
  private final PolytomousAnalysis analysis;
  private final PolytomousResult result;
  private final Floor floor;

  PolytomousTables(PolytomousAnalysis analysis, PolytomousResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    PolytomousModel model = analysis.model();
    List<String> names = model.names();
    WaldTables wald =
        new WaldTables(
            names,
            result
                .fit()
                .map(
                    fit ->
                        new WaldTables.Estimates(
                            fit.estimates(), fit.covariance(), fit.covariance())),
            result.outcome().absent(),
            Double.POSITIVE_INFINITY,
            Tails.normalQuantile(analysis.confidence()),
            false);
    ResultTable ratios =
        wald.ratios("odds_ratio", "Odds ratios", name -> model.isSlope(names.indexOf(name)));
    ResultTable fit = fitTable();
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("formula", Cell.of(analysis.formula().text()));
    for (String fact : List.of("n", "dropped", "log_likelihood", "aic")) {
      facts.put(fact, fit.rows().get(0).get(fit.column(fact)));
    }
    Plot forest =
        new Plot.Forest(
            ratios.name(),
            ratios.title(),
            "term",
            "odds_ratio",
            "conf_low",
            "conf_high",
            Plot.Scale.RATIO);
    return new AnalysisReport(
        analysis.job().name(),
        analysis.job().spec().type(),
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
    notes.add(analysis.model().meaning());
    notes.add("Tests and limits are Wald's, with the normal distribution.");
    if (analysis.weighted()) {
      notes.add(
          "Weights are case weights; rows of weight 0 count as dropped. Standard errors take weights"
              + " for counts of persons.");
    }
    notes.add(floor.sentence());
    return notes;
  }

  private ResultTable fitTable() {
    Map<Column, Cell> row = new LinkedHashMap<>();
    boolean shown = persons() >= 0;
    row.put(Column.whole("n"), shown ? Cell.of(result.counted().persons()) : floor.withheldCount());
    row.put(
        Column.whole("dropped"),
        shown ? floor.missing(result.counted().dropped()) : floor.withheldCount());
    for (String name :
        List.of(
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
    double parameters = analysis.model().parameters();
    long df = analysis.model().slopes();
    double ratio = twice - 2 * fit.nullLogLikelihood();
    row.put(Column.real("log_likelihood"), Cell.of(fit.logLikelihood()));
    row.put(Column.real("log_likelihood_null"), Cell.of(fit.nullLogLikelihood()));
    row.put(Column.whole("df"), Cell.of(df));
    if (df > 0) {
      row.put(Column.real("likelihood_ratio"), Cell.of(ratio));
      row.put(
          Column.real("p_value"),
          PValue.of(Tails.logChiSquareUpper(Math.max(0, ratio), (double) df)));
    } else {
      Cell none = new Cell.NotComputed("no term beside the constants");
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
