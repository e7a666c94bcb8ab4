package io.tributary.jobs.analysis.correlation;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a correlation, with the release floor applied. */
final class CorrelationTables {

  private final CorrelationAnalysis analysis;
  private final CorrelationResult result;
  private final Floor floor;
  private final boolean shown;

  CorrelationTables(CorrelationAnalysis analysis, CorrelationResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
    this.shown = result.means().size() > 0;
  }

  AnalysisReport report() {
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", shown ? Cell.of(result.n()) : floor.withheldCount());
    facts.put("dropped", shown ? floor.missing(result.dropped()) : floor.withheldCount());
    List<String> notes = new ArrayList<>();
    if (!shown) {
      notes.add("TOO_FEW_PERSONS: fewer complete rows than the release floor asks for.");
    }
    notes.add(floor.sentence());
    notes.add("Rows with a missing value in any of the columns are left out.");
    return new AnalysisReport(
        analysis.job().name(),
        "correlation",
        shown ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        shown ? result.n() : -1,
        0,
        facts,
        List.of(pairs(), moments()),
        List.of(),
        notes);
  }

  private ResultTable moments() {
    List<Column> columns = List.of(Column.text("column"), Column.real("mean"), Column.real("sd"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int j = 0; j < analysis.fields().size(); j++) {
      rows.add(
          List.of(
              Cell.of(analysis.fields().get(j).column()),
              shown ? Cell.of(result.means().at(j)) : floor.withheldStatistic(),
              shown ? Cell.of(StrictMath.sqrt(covariance(j, j))) : floor.withheldStatistic()));
    }
    return new ResultTable("moments", "Means over complete rows", columns, rows);
  }

  private double covariance(int j, int k) {
    return result.covariance().at(j * analysis.fields().size() + k);
  }

  private ResultTable pairs() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("column"));
    columns.add(Column.text("with_column"));
    for (String name :
        List.of(
            "covariance",
            "correlation",
            "statistic",
            "p_value",
            "neg_log_10_p_value",
            "conf_low",
            "conf_high")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int j = 0; j < analysis.fields().size(); j++) {
      for (int k = j + 1; k < analysis.fields().size(); k++) {
        List<Cell> row = new ArrayList<>();
        row.add(Cell.of(analysis.fields().get(j).column()));
        row.add(Cell.of(analysis.fields().get(k).column()));
        if (shown) {
          pair(j, k, row);
        } else {
          for (int i = 2; i < columns.size(); i++) {
            row.add(floor.withheldStatistic());
          }
        }
        rows.add(row);
      }
    }
    return new ResultTable("correlations", "Covariance and Pearson correlation", columns, rows);
  }

  /** t test and Fisher's z limits, as R's cor.test. */
  private void pair(int j, int k, List<Cell> row) {
    row.add(Cell.of(covariance(j, k)));
    double spread = StrictMath.sqrt(covariance(j, j)) * StrictMath.sqrt(covariance(k, k));
    double r = Math.max(-1, Math.min(1, covariance(j, k) / spread));
    double df = result.n() - 2.0;
    if (!(spread > 0) || Math.abs(r) == 1) {
      row.add(spread > 0 ? Cell.of(r) : new Cell.NotComputed("a column is constant"));
      for (int i = 0; i < 5; i++) {
        row.add(new Cell.NotComputed("no variation left"));
      }
      return;
    }
    double t = StrictMath.sqrt(df) * r / StrictMath.sqrt((1 - r) * (1 + r));
    double logP = Tails.logStudentTwoSided(t, df);
    double z = 0.5 * (StrictMath.log1p(r) - StrictMath.log1p(-r));
    double reach = Tails.normalQuantile(analysis.confidence()) / StrictMath.sqrt(df - 1);
    row.add(Cell.of(r));
    row.add(Cell.of(t));
    row.add(PValue.of(logP));
    row.add(PValue.negativeLog10(logP));
    row.add(Cell.of(StrictMath.tanh(z - reach)));
    row.add(Cell.of(StrictMath.tanh(z + reach)));
  }
}
