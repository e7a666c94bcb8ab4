package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.WaldTables;
import io.tributary.jobs.analysis.cox.CoxResult.Fit;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.ProportionalHazards;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a model of hazards, with the release floor applied. */
final class CoxTables {
  private static final String RATIOS = "hazard_ratios";
  private static final String BASELINE = "baseline";

  private final CoxAnalysis analysis;
  private final CoxResult result;
  private final Floor floor;

  CoxTables(CoxAnalysis analysis, CoxResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    ResultTable fit = fitTable();
    List<ResultTable> tables = new ArrayList<>();
    WaldTables wald = wald();
    tables.add(wald.coefficients());
    tables.add(wald.ratios("hazard_ratio", "Hazard ratios", term -> true));
    tables.add(tests());
    if (analysis.transform().isPresent()) {
      tables.add(changes());
    }
    tables.add(fit);
    tables.add(wald.covariance());
    ResultTable baseline = baseline();
    if (!analysis.bySite()) {
      tables.add(baseline);
    }
    if (!analysis.newData().isEmpty()) {
      tables.addAll(new CoxPredictions(analysis, result, result.outcome()::absent).tables());
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("formula", Cell.of(analysis.formula().model().text()));
    facts.put("ties", Cell.of(analysis.ties()));
    for (String fact : List.of("n", "n_event", "dropped", "log_likelihood", "aic")) {
      facts.put(fact, fit.rows().get(0).get(fit.column(fact)));
    }
    result
        .grid()
        .ifPresent(
            grid ->
                facts.put(
                    AnalysisReport.RESOLUTION,
                    Cell.of(
                        grid.exact()
                            ? "times exact; estimates to a Newton decrement of 1e-13"
                            : "times to " + Double.toString(grid.step()))));
    return new AnalysisReport(
        analysis.job().name(),
        "cox",
        result.outcome().name(),
        persons(),
        0,
        facts,
        tables,
        plots(baseline),
        notes());
  }

  private List<Plot> plots(ResultTable baseline) {
    if (result.fit().isEmpty()) {
      return List.of();
    }
    List<Plot> plots = new ArrayList<>();
    plots.add(
        new Plot.Forest(
            RATIOS,
            "Hazard ratios",
            "term",
            "hazard_ratio",
            "conf_low",
            "conf_high",
            Plot.Scale.RATIO));
    if (!baseline.rows().isEmpty() && analysis.strata().fields().size() < 2) {
      plots.add(
          new Plot.Lines(
              BASELINE,
              "Survival at the means of the columns",
              "time",
              "survival_at_means",
              analysis.strata().plotColumn(),
              Plot.Form.STRAIGHT));
    }
    if (!analysis.newData().isEmpty()) {
      plots.add(CoxPredictions.plot());
    }
    return plots;
  }

  private long persons() {
    long persons = result.counted().map(CoxState.Counted::persons).orElse(0L);
    return floor.showsStatistic(persons) ? persons : -1;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(result.outcome().notes(result.concerned()));
    result.grid().ifPresent(grid -> notes.add(grid.sentence()));
    notes.add(
        "Ties are handled as "
            + (analysis.ties().equals("efron") ? "Efron" : "Breslow")
            + " does. Tests and limits of coefficients are Wald's, with the normal distribution.");
    if (analysis.strata().isGrouped()) {
      notes.add(
          "Each of "
              + analysis.strata().groups()
              + " strata has a baseline hazard of its own; coefficients hold for all of them.");
    }
    if (analysis.weighted()) {
      notes.add(
          "Weights are case weights, as in R's coxph; rows of weight 0 count as dropped."
              + (analysis.robust() ? "" : " Standard errors take weights for counts of persons."));
    }
    if (analysis.robust()) {
      notes.add(
          "Standard errors, limits and Wald's test are robust (Lin and Wei), over "
              + (analysis.job().study().cohort().rowsPerPerson() > 1
                  ? "persons with all their rows"
                  : "rows")
              + "; model_std_error, the likelihood ratio and the score test are the model's.");
    }
    if (analysis.sparse()) {
      notes.add(
          "sparse: allow let the coordinator see sums about single persons; they are not released.");
    }
    if (analysis.bySite()) {
      notes.add(
          "Every site has baseline hazards of its own, which stay there; coefficients hold for all"
              + " sites.");
    } else {
      notes.add(
          "The baseline hazard is exact at the times shown, steps between are left out; n_risk counts"
              + " persons at risk after the time before.");
    }
    notes.add(analysis.robust() ? floor.sentenceOfPersons() : floor.sentence());
    notes.add(
        "A model has at most "
            + Math.round(1000 * floor.maxSaturation()) / 10.0
            + " parameters for every 100 persons.");
    return notes;
  }

  // ---- coefficients ----------------------------------------------------------------------------

  private WaldTables wald() {
    return new WaldTables(
        result.terms(),
        result
            .fit()
            .map(fit -> new WaldTables.Estimates(fit.estimates(), fit.covariance(), fit.model())),
        result.outcome().absent(),
        Double.POSITIVE_INFINITY,
        Tails.normalQuantile(analysis.confidence()),
        analysis.robust());
  }

  private void pad(List<Cell> row, int size) {
    while (row.size() < size) {
      row.add(result.outcome().absent());
    }
  }

  // ---- fit -------------------------------------------------------------------------------------

  private ResultTable tests() {
    List<Column> columns =
        List.of(
            Column.text("test"),
            Column.real("statistic"),
            Column.whole("df"),
            Column.real("p_value"),
            Column.real("neg_log_10_p_value"));
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(test("likelihood ratio", result.fit().map(Fit::likelihoodRatio)));
    rows.add(test("Wald", result.fit().map(Fit::wald)));
    rows.add(test("score", result.fit().map(Fit::score)));
    return new ResultTable("tests", "Tests of all coefficients", columns, rows);
  }

  private List<Cell> test(String name, Optional<Double> statistic) {
    List<Cell> row = new ArrayList<>(List.of(Cell.of(name)));
    if (statistic.isPresent() && Double.isNaN(statistic.get())) {
      while (row.size() < 5) {
        row.add(new Cell.NotComputed("the robust covariance has no inverse"));
      }
    } else if (statistic.isPresent()) {
      int df = result.terms().size();
      double logP = Tails.logChiSquareUpper(statistic.get(), df);
      row.add(Cell.of(statistic.get()));
      row.add(Cell.of((long) df));
      row.add(PValue.of(logP));
      row.add(PValue.negativeLog10(logP));
    } else {
      pad(row, 5);
    }
    return row;
  }

  /** Tests whether coefficients change along a function of time. */
  private ResultTable changes() {
    List<Column> columns =
        List.of(
            Column.text("term"),
            Column.real("statistic"),
            Column.whole("df"),
            Column.real("p_value"),
            Column.real("neg_log_10_p_value"));
    List<List<Cell>> rows = new ArrayList<>();
    for (String term : changingTerms()) {
      List<Cell> row = new ArrayList<>(List.of(Cell.of(term)));
      Optional<ProportionalHazards.Test> test =
          result.fit().map(fit -> fit.changes().get(term)).filter(found -> found.df() > 0);
      if (result.fit().isEmpty()) {
        pad(row, columns.size());
      } else if (test.isEmpty()) {
        while (row.size() < columns.size()) {
          row.add(new Cell.NotComputed("the function of time is constant or has no value"));
        }
      } else {
        double logP = Tails.logChiSquareUpper(test.get().chiSquare(), test.get().df());
        row.add(Cell.of(test.get().chiSquare()));
        row.add(Cell.of((long) test.get().df()));
        row.add(PValue.of(logP));
        row.add(PValue.negativeLog10(logP));
      }
      rows.add(row);
    }
    return new ResultTable("proportionality", "Tests of proportional hazards", columns, rows);
  }

  private List<String> changingTerms() {
    List<String> terms = new ArrayList<>();
    result.fit().ifPresent(fit -> terms.addAll(fit.changes().keySet()));
    if (terms.isEmpty()) {
      terms.add(CoxResult.GLOBAL);
    }
    return terms;
  }

  private ResultTable fitTable() {
    Map<Column, Cell> row = new LinkedHashMap<>();
    boolean shown = persons() >= 0;
    long n = result.counted().map(CoxState.Counted::persons).orElse(0L);
    long events = result.counted().map(CoxState.Counted::events).orElse(0L);
    boolean eventsShown = shown && floor.showsCount(events) && floor.showsMissing(n - events);
    row.put(Column.whole("n"), shown ? Cell.of(n) : floor.withheldCount());
    row.put(Column.whole("n_event"), eventsShown ? Cell.of(events) : floor.withheldCount());
    row.put(
        Column.whole("dropped"),
        shown ? floor.missing(result.counted().orElseThrow().dropped()) : floor.withheldCount());
    for (String name : List.of("log_likelihood_null", "log_likelihood", "aic", "bic")) {
      row.put(Column.real(name), result.outcome().absent());
    }
    row.put(Column.whole("iterations"), result.outcome().absent());
    result
        .fit()
        .ifPresent(
            fit -> {
              double p = result.terms().size();
              double deviance = -2 * fit.logLikelihood();
              row.put(Column.real("log_likelihood_null"), Cell.of(fit.nullLogLikelihood()));
              row.put(Column.real("log_likelihood"), Cell.of(fit.logLikelihood()));
              row.put(Column.real("aic"), Cell.of(deviance + 2 * p));
              row.put(
                  Column.real("bic"),
                  eventsShown
                      ? Cell.of(deviance + p * StrictMath.log((double) events))
                      : floor.withheldStatistic());
              row.put(Column.whole("iterations"), Cell.of((long) fit.iterations()));
            });
    return new ResultTable(
        "fit", "Fit", new ArrayList<>(row.keySet()), List.of(new ArrayList<>(row.values())));
  }

  // ---- baseline --------------------------------------------------------------------------------

  private ResultTable baseline() {
    Grouping strata = analysis.strata();
    List<Column> columns = new ArrayList<>(strata.columns());
    columns.add(Column.real("time"));
    columns.add(Column.whole("n_risk"));
    columns.add(Column.whole("n_event"));
    columns.add(Column.real("cumulative_hazard"));
    columns.add(Column.real("cumulative_hazard_at_means"));
    columns.add(Column.real("survival_at_means"));
    List<List<Cell>> rows = new ArrayList<>();
    result.fit().ifPresent(fit -> addSteps(fit, rows));
    return new ResultTable(BASELINE, "Baseline hazard", columns, rows);
  }

  private void addSteps(Fit fit, List<List<Cell>> rows) {
    TimeGrid grid = result.grid().orElseThrow();
    List<Stratum> strata = result.counted().orElseThrow().strata();
    EventTimes times = Stratum.times(grid, strata);
    double atZero = StrictMath.exp(-fit.predictorAtMeans());
    for (int stratum = 0; stratum < strata.size(); stratum++) {
      Stratum own = strata.get(stratum);
      for (int step = 0; step < own.shown().size(); step++) {
        int point = (int) own.shown().at(step);
        int last = times.last(stratum, point);
        double hazard = last < times.first(stratum) ? 0 : fit.hazard().at(last);
        List<Cell> row = new ArrayList<>(analysis.strata().cells(stratum));
        row.add(Cell.of(grid.time(point)));
        row.add(Cell.of(own.risk().at(step)));
        row.add(Cell.of(own.since().at(step)));
        row.add(
            hazard > 0 && atZero < Double.MIN_NORMAL
                ? new Cell.NotComputed("below 1e-307: columns at 0 lie far from their means")
                : Cell.of(hazard * atZero));
        row.add(Cell.of(hazard));
        row.add(Cell.of(StrictMath.exp(-hazard)));
        rows.add(row);
      }
    }
  }
}
