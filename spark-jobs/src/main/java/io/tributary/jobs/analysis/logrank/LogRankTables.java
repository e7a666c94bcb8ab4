package io.tributary.jobs.analysis.logrank;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.LogRank;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The tables of a log-rank test, with the release floor applied. */
final class LogRankTables {
  static final String GROUPS = "groups";

  private final LogRankAnalysis analysis;
  private final LogRankResult result;
  private final Grouping groups;
  private final Floor floor;
  private final ProtectedCounts persons;
  private final LogRank sums;
  private final long all;

  LogRankTables(LogRankAnalysis analysis, LogRankResult result) {
    this.analysis = analysis;
    this.result = result;
    this.groups = analysis.groups();
    this.floor = analysis.job().floor();
    long[] counts = IntStream.range(0, groups.groups()).mapToLong(result::persons).toArray();
    this.persons = ProtectedCounts.of(new int[] {counts.length}, counts, floor.minCell());
    this.sums = LogRank.of(result.strata(), analysis.weight());
    this.all = LongStream.of(counts).sum();
  }

  /** Whether anything of a group but its size may be shown; nothing tells what is left out. */
  private boolean shown(int group) {
    long events = result.events(group);
    return !persons.hidden(1, group)
        && floor.showsStatistic(result.persons(group))
        && floor.showsCount(events)
        && floor.showsMissing(result.persons(group) - events);
  }

  /** Whether statistics of all groups may be shown: each of them is about every group. */
  private boolean complete() {
    return IntStream.range(0, groups.groups()).allMatch(this::shown);
  }

  AnalysisReport report() {
    boolean total = floor.showsStatistic(all) && !persons.hidden(0, 0);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("test", Cell.of(analysis.test()));
    facts.put("persons", total ? Cell.of(all) : floor.withheldCount());
    facts.put("dropped", total ? floor.missing(result.dropped()) : floor.withheldCount());
    ResultTable tests = tests();
    for (String fact : List.of("statistic", "df", "p_value")) {
      facts.put(fact, tests.rows().get(0).get(tests.column(fact)));
    }
    facts.put(
        AnalysisReport.RESOLUTION,
        Cell.of(
            result.grid().exact() ? "exact" : "times to " + Double.toString(result.grid().step())));
    List<String> notes = new ArrayList<>();
    if (!floor.showsStatistic(all)) {
      notes.add("TOO_FEW_PERSONS: fewer persons than the release floor asks for.");
    } else if (!complete()) {
      notes.add(
          "Tests are withheld: each is about all groups, and in one of them too few persons had the"
              + " event, or did not have it.");
    }
    notes.add(result.grid().sentence());
    notes.add(
        "Observed and expected events "
            + (analysis.weight().equals(LogRank.Weight.LOG_RANK) ? "" : "are weighted; they ")
            + "are summed over "
            + (analysis.strata().isGrouped()
                ? "times and over " + analysis.strata().groups() + " strata."
                : "times."));
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "logrank",
        floor.showsStatistic(all) ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        total ? all : -1,
        0,
        facts,
        List.of(groups(), tests, covariance()),
        List.of(),
        notes);
  }

  private ResultTable groups() {
    List<Column> columns = new ArrayList<>(groups.columns());
    columns.add(Column.whole("n"));
    columns.add(Column.whole("n_event"));
    columns.add(Column.real("observed"));
    columns.add(Column.real("expected"));
    columns.add(Column.real("squared_over_expected"));
    columns.add(Column.real("squared_over_variance"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < groups.groups(); group++) {
      List<Cell> row = new ArrayList<>(groups.cells(group));
      row.add(persons.hidden(1, group) ? floor.withheldCount() : Cell.of(result.persons(group)));
      row.add(shown(group) ? Cell.of(result.events(group)) : floor.withheldCount());
      if (complete()) {
        double off = sums.observed(group) - sums.expected(group);
        row.add(Cell.of(sums.observed(group)));
        row.add(Cell.of(sums.expected(group)));
        row.add(ratio(off * off, sums.expected(group)));
        row.add(ratio(off * off, sums.covariance(group, group)));
      } else {
        for (int i = 0; i < 4; i++) {
          row.add(floor.withheldStatistic());
        }
      }
      rows.add(row);
    }
    return new ResultTable(GROUPS, "Observed and expected events", columns, rows);
  }

  private static Cell ratio(double of, double to) {
    return to > 0
        ? Cell.of(of / to)
        : new Cell.NotComputed("nobody of the group was at risk at an event of positive weight");
  }

  private ResultTable tests() {
    List<Column> columns =
        List.of(
            Column.text("test"),
            Column.real("statistic"),
            Column.real("df"),
            Column.real("p_value"),
            Column.real("neg_log_10_p_value"));
    List<List<Cell>> rows = new ArrayList<>();
    rows.add(test(analysis.test(), sums.test()));
    if (analysis.trend().size() > 0) {
      rows.add(test(analysis.test() + ", trend", sums.trend(analysis.trend().toArray())));
    }
    return new ResultTable("tests", "Tests of equal hazards", columns, rows);
  }

  private List<Cell> test(String name, LogRank.Test test) {
    List<Cell> row = new ArrayList<>(List.of(Cell.of(name)));
    if (!complete()) {
      for (int i = 0; i < 4; i++) {
        row.add(floor.withheldStatistic());
      }
    } else if (test.df() == 0) {
      for (int i = 0; i < 4; i++) {
        row.add(new Cell.NotComputed("no two groups were at risk together at an event"));
      }
    } else {
      double logP = Tails.logChiSquareUpper(test.chiSquare(), test.df());
      row.add(Cell.of(test.chiSquare()));
      row.add(Cell.of((double) test.df()));
      row.add(PValue.of(logP));
      row.add(PValue.negativeLog10(logP));
    }
    return row;
  }

  private ResultTable covariance() {
    List<Column> columns =
        List.of(Column.text("group"), Column.text("with_group"), Column.real("covariance"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int g = 0; g < groups.groups(); g++) {
      for (int h = 0; h < groups.groups(); h++) {
        rows.add(
            List.of(
                Cell.of(String.join(" / ", groups.levels(g))),
                Cell.of(String.join(" / ", groups.levels(h))),
                complete() ? Cell.of(sums.covariance(g, h)) : floor.withheldStatistic()));
      }
    }
    return new ResultTable("covariance", "Covariance of observed less expected", columns, rows);
  }
}
