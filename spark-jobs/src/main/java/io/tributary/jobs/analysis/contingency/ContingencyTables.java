package io.tributary.jobs.analysis.contingency;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.ContingencyTable;
import io.tributary.jobs.hypothesis.StratifiedTables;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tables of contingency tests, with the release floor applied. */
final class ContingencyTables {
  static final String COUNTS = "counts";

  private static final Cell UNDEFINED = new Cell.NotComputed("a level that nobody has");

  private final ContingencyTestAnalysis analysis;
  private final ContingencyResult result;
  private final Floor floor;
  private final List<ProtectedCounts> persons = new ArrayList<>();

  ContingencyTables(ContingencyTestAnalysis analysis, ContingencyResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
    for (int column = 0; column < analysis.fields().size(); column++) {
      int levels = analysis.fields().get(column).levels().size();
      int[] sizes =
          analysis.strata().isGrouped()
              ? new int[] {result.strata(), result.groups(), levels}
              : new int[] {result.groups(), levels};
      persons.add(ProtectedCounts.of(sizes, result.cells().get(column).toArray(), floor.minCell()));
    }
  }

  /** Whether a column's statistics are shown: a withheld cell would follow from them. */
  private boolean shown(int column) {
    return !persons.get(column).anyHidden()
        && floor.showsStatistic(result.cells().get(column).sum());
  }

  AnalysisReport report() {
    long most = -1;
    List<String> notes = new ArrayList<>();
    Map<String, Cell> dropped = new LinkedHashMap<>();
    for (int column = 0; column < analysis.fields().size(); column++) {
      String name = analysis.fields().get(column).column();
      if (shown(column)) {
        most = Math.max(most, result.cells().get(column).sum());
      } else {
        notes.add("Tests of " + name + " are withheld, since a withheld cell would follow.");
      }
      dropped.put(PlacedCount.dropped(name), floor.missing(result.dropped().at(column)));
    }
    if (!analysis.paired()) {
      notes.add(
          "Odds, risks and their ratios are those of a column's second level, in the second group"
              + " against the first.");
    }
    notes.add(floor.sentence());
    if (most < 0) {
      notes.add(0, "TOO_FEW_PERSONS: every table holds a cell below the release floor.");
    }
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", most < 0 ? floor.withheldCount() : Cell.of(most));
    facts.putAll(dropped);
    return new AnalysisReport(
        analysis.job().name(),
        "contingency-test",
        most < 0 ? AnalysisReport.TOO_FEW_PERSONS : AnalysisReport.OK,
        most,
        0,
        facts,
        List.of(tests(), new ContingencyEffects(analysis, result, this::shown).table(), counts()),
        List.of(),
        notes);
  }

  private ResultTable counts() {
    Grouping all = analysis.all();
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("level")));
    columns.addAll(all.columns());
    columns.add(Column.whole("n"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < analysis.fields().size(); column++) {
      Field field = analysis.fields().get(column);
      for (int group = 0; group < all.groups(); group++) {
        for (int level = 0; level < field.levels().size(); level++) {
          List<Cell> row = new ArrayList<>();
          row.add(Cell.of(field.column()));
          row.add(Cell.of(field.levels().get(level)));
          row.addAll(all.cells(group));
          row.add(
              hidden(column, group, level)
                  ? floor.withheldCount()
                  : Cell.of(result.cells().get(column).at(group * field.levels().size() + level)));
          rows.add(row);
        }
      }
    }
    return new ResultTable(COUNTS, "Persons by level and group", columns, rows);
  }

  private boolean hidden(int column, int group, int level) {
    return analysis.strata().isGrouped()
        ? persons.get(column).hidden(7, group / result.groups(), group % result.groups(), level)
        : persons.get(column).hidden(3, group, level);
  }

  // ---- tests -----------------------------------------------------------------------------------

  private ResultTable tests() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("test")));
    Stream.of("statistic", "df").map(Column::real).forEach(columns::add);
    TestTable table = new TestTable(analysis.adjustment(), columns);
    for (int column = 0; column < analysis.fields().size(); column++) {
      if (analysis.paired()) {
        symmetry(column, table);
      } else {
        independence(column, table);
      }
    }
    return table.table("tests", "Tests");
  }

  private void symmetry(int column, TestTable table) {
    ContingencyTable counts = ContingencyTable.of(result.table(column));
    if (counts.isFourfold()) {
      add(column, "McNemar", counts.symmetry(0), table);
      add(column, "McNemar, corrected", counts.symmetry(1), table);
    } else {
      add(column, "Bowker", counts.symmetry(0), table);
    }
  }

  private void independence(int column, TestTable table) {
    ContingencyTable counts = ContingencyTable.of(result.table(column));
    add(column, "chi-square", counts.chiSquare(0), table);
    if (counts.isFourfold()) {
      add(column, "chi-square, Yates", counts.chiSquare(0.5), table);
    }
    if (counts.rows() == 2) {
      add(column, "trend", counts.trend(analysis.scores().toArray()), table);
    }
    if (analysis.strata().isGrouped()) {
      StratifiedTables strata = StratifiedTables.of(result.tables(column));
      add(column, "Mantel-Haenszel", strata.mantelHaenszel(0), table);
      add(column, "Mantel-Haenszel, corrected", strata.mantelHaenszel(0.5), table);
      add(column, "Breslow-Day", strata.homogeneity(), table);
    }
  }

  private void add(int column, String name, ContingencyTable.Test test, TestTable table) {
    List<Cell> row =
        new ArrayList<>(List.of(Cell.of(analysis.fields().get(column).column()), Cell.of(name)));
    if (!shown(column)) {
      table.add(row, floor.withheldStatistic());
    } else if (!test.isDefined()) {
      table.add(row, UNDEFINED);
    } else {
      row.add(Cell.of(test.statistic()));
      row.add(Cell.of(test.df()));
      table.add(name, row, test.logP());
    }
  }
}
