package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.elasticnet.NetResult.Point;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of an elastic net, with the release floor applied. */
final class NetTables {
  private final ElasticNetAnalysis analysis;
  private final NetResult result;
  private final Floor floor;
  private final boolean judged;

  NetTables(ElasticNetAnalysis analysis, NetResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
    this.judged = analysis.parts() > 1;
  }

  AnalysisReport report() {
    boolean ok = result.outcome().isOk();
    long persons = result.counted().persons().sum();
    boolean shown = floor.showsStatistic(persons);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("formula", Cell.of(analysis.formula().text()));
    facts.put("family", Cell.of(analysis.binomial() ? "binomial" : "gaussian"));
    facts.put("alpha", Cell.of(analysis.alpha()));
    facts.put("n", shown ? Cell.of(persons) : floor.withheldCount());
    facts.put("dropped", shown ? floor.missing(result.counted().dropped()) : floor.withheldCount());
    if (judged) {
      Cell absent = result.outcome().absent();
      facts.put("lambda_min", ok ? Cell.of(result.path().get(result.least()).lambda()) : absent);
      facts.put(
          "lambda_1se", ok ? Cell.of(result.path().get(result.withinOneError()).lambda()) : absent);
    }
    ResultTable path = path();
    ResultTable coefficients = coefficients();
    List<Plot> plots = new ArrayList<>();
    if (ok && result.path().size() > 1) {
      plots.add(
          new Plot.Lines(
              coefficients.name(),
              coefficients.title(),
              "log_lambda",
              "estimate",
              "term",
              Plot.Form.STRAIGHT));
      if (judged) {
        plots.add(
            new Plot.Lines(
                path.name(), "Error by penalty", "log_lambda", "cv_error", "", Plot.Form.STRAIGHT));
      }
    }
    return new AnalysisReport(
        analysis.job().name(),
        "elastic-net",
        result.outcome().name(),
        shown ? persons : -1,
        0,
        facts,
        List.of(path, coefficients),
        plots,
        notes());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(result.outcome().notes(List.of()));
    notes.add(
        "Penalties are glmnet's: lambda (alpha |b| + (1 - alpha) b^2 / 2) beside the deviance over"
            + " twice the persons. Estimates are of the columns as they are.");
    notes.add("Penalised estimates have no standard errors.");
    if (judged) {
      notes.add(
          "cv_error is the mean "
              + (analysis.binomial() ? "deviance" : "squared error")
              + " of persons under the models without their part; lambda_1se is the strongest penalty"
              + " within a standard error of the least.");
    }
    notes.add(floor.sentence());
    return notes;
  }

  private ResultTable path() {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.real("lambda"),
                Column.real("log_lambda"),
                Column.whole("df"),
                Column.real("deviance_ratio")));
    if (judged) {
      columns.add(Column.real("cv_error"));
      columns.add(Column.real("cv_std_error"));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Point point : result.path()) {
      List<Cell> row = new ArrayList<>();
      row.add(Cell.of(point.lambda()));
      row.add(Cell.of(StrictMath.log(point.lambda())));
      row.add(Cell.of((long) point.nonzero()));
      row.add(Cell.of(point.explained()));
      if (judged) {
        row.add(Cell.of(point.error()));
        row.add(Cell.of(point.errorOfError()));
      }
      rows.add(row);
    }
    return new ResultTable("path", "Path of penalties", columns, rows);
  }

  /** Every term at every penalty; without a fit every term once. */
  private ResultTable coefficients() {
    List<Column> columns =
        List.of(
            Column.text("term"),
            Column.real("lambda"),
            Column.real("log_lambda"),
            Column.real("estimate"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int j = 0; j < result.terms().size(); j++) {
      Cell term = Cell.of(result.terms().get(j));
      for (Point point : result.path()) {
        rows.add(
            List.of(
                term,
                Cell.of(point.lambda()),
                Cell.of(StrictMath.log(point.lambda())),
                Cell.of(point.estimates().at(j))));
      }
      if (result.path().isEmpty()) {
        Cell absent = result.outcome().absent();
        rows.add(List.of(term, absent, absent, absent));
      }
    }
    return new ResultTable("coefficients", "Coefficients by penalty", columns, rows);
  }
}
