package io.tributary.jobs.analysis.correlation;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.GroupMoments;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The tables of a correlation, with the release floor applied. */
final class CorrelationTables {

  private final CorrelationAnalysis analysis;
  private final CorrelationResult result;
  private final Floor floor;
  private final Grouping grouping;
  private final ProtectedCounts counts;
  private final ProtectedCounts statistics;

  CorrelationTables(CorrelationAnalysis analysis, CorrelationResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
    this.grouping = analysis.grouping();
    long[] n = result.n().toArray();
    int[] sizes = grouping.isGrouped() ? new int[] {n.length} : new int[0];
    this.counts = ProtectedCounts.of(sizes, n, floor.minCell());
    this.statistics = ProtectedCounts.of(sizes, n, floor.minPersons());
  }

  private boolean shown(int group) {
    boolean hidden = grouping.isGrouped() ? statistics.hidden(1, group) : statistics.hidden(0);
    return !hidden && result.n().at(group) >= 2;
  }

  AnalysisReport report() {
    boolean grouped = grouping.isGrouped();
    boolean any = IntStream.range(0, grouping.groups()).anyMatch(this::shown);
    boolean total = any && !(grouped ? counts.hidden(0, 0) : counts.hidden(0));
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", total ? Cell.of(result.n().sum()) : floor.withheldCount());
    facts.put("dropped", total ? floor.missing(result.dropped()) : floor.withheldCount());
    List<String> notes = new ArrayList<>();
    if (!any) {
      notes.add("TOO_FEW_PERSONS: fewer complete rows than the release floor asks for.");
    }
    notes.add(floor.sentence());
    notes.add("Rows with a missing value in any of the columns are left out.");
    return new AnalysisReport(
        analysis.job().name(),
        "correlation",
        any ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        total ? result.n().sum() : -1,
        0,
        facts,
        List.of(pairs(), moments()),
        List.of(),
        notes);
  }

  /** Columns that name a group and tell its rows; none without groups. */
  private List<Column> named() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    if (grouping.isGrouped()) {
      columns.add(Column.whole("n"));
    }
    return columns;
  }

  private List<Cell> name(int group) {
    List<Cell> cells = new ArrayList<>();
    if (grouping.isGrouped()) {
      cells.addAll(grouping.cells(group));
      boolean hidden = counts.hidden(1, group);
      cells.add(hidden ? floor.withheldCount() : Cell.of(result.n().at(group)));
    }
    return cells;
  }

  private ResultTable moments() {
    List<Column> columns = named();
    columns.addAll(List.of(Column.text("column"), Column.real("mean"), Column.real("sd")));
    List<List<Cell>> rows = new ArrayList<>();
    int width = analysis.fields().size();
    for (int group = 0; group < grouping.groups(); group++) {
      for (int j = 0; j < width; j++) {
        List<Cell> row = name(group);
        row.add(Cell.of(analysis.fields().get(j).column()));
        Optional<Cell> withheld = withheld(group, j);
        row.add(withheld.orElse(Cell.of(result.means().at(group * width + j))));
        row.add(withheld.orElse(Cell.of(StrictMath.sqrt(covariance(group, j, j)))));
        rows.add(row);
      }
    }
    return new ResultTable("moments", "Means over complete rows", columns, rows);
  }

  /** What stands in place of what follows from these columns' sums; empty if it may be shown. */
  private Optional<Cell> withheld(int group, int... columns) {
    if (!shown(group)) {
      return Optional.of(floor.withheldStatistic());
    }
    int width = analysis.fields().size();
    boolean bounded =
        IntStream.of(columns)
            .allMatch(
                column ->
                    floor.boundsShare(
                        GroupMoments.reach(analysis.fields().get(column)),
                        result.absolutes().get(group * width + column)));
    return bounded ? Optional.empty() : Optional.of(floor.withheldMagnitude());
  }

  private double covariance(int group, int j, int k) {
    int width = analysis.fields().size();
    return result.covariance().at((group * width + j) * width + k);
  }

  private ResultTable pairs() {
    List<Column> columns = named();
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
    for (int group = 0; group < grouping.groups(); group++) {
      for (int j = 0; j < analysis.fields().size(); j++) {
        for (int k = j + 1; k < analysis.fields().size(); k++) {
          List<Cell> row = name(group);
          row.add(Cell.of(analysis.fields().get(j).column()));
          row.add(Cell.of(analysis.fields().get(k).column()));
          Optional<Cell> withheld = withheld(group, j, k);
          if (withheld.isEmpty()) {
            pair(group, j, k, row);
          }
          while (row.size() < columns.size()) {
            row.add(withheld.orElseThrow());
          }
          rows.add(row);
        }
      }
    }
    return new ResultTable("correlations", "Covariance and Pearson correlation", columns, rows);
  }

  /** t test and Fisher's z limits, as R's cor.test. */
  private void pair(int group, int j, int k, List<Cell> row) {
    row.add(Cell.of(covariance(group, j, k)));
    double spread =
        StrictMath.sqrt(covariance(group, j, j)) * StrictMath.sqrt(covariance(group, k, k));
    double r = Math.max(-1, Math.min(1, covariance(group, j, k) / spread));
    double df = result.n().at(group) - 2.0;
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
