package io.tributary.jobs.analysis.ranktest;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.GroupMeans;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.RankSums;
import io.tributary.jobs.hypothesis.SignedRanks;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The tables of rank tests, with the release floor applied. */
final class RankTestTables {
  static final String EFFECTS = "effects";
  static final String SIGNS = "signs";

  /** Signs of a difference, in the order of their rows. */
  static final List<String> SIGN_WORDS = List.of("greater", "equal", "less");

  private static final String SIGNED_RANK = "Wilcoxon signed-rank";

  /** Values lie where none is counted, and no range says how far. */
  static final String RANGE_UNKNOWN = "RANGE_UNKNOWN";

  private final RankTestAnalysis analysis;
  private final RankTestResult result;
  private final Grouping grouping;
  private final Floor floor;

  RankTestTables(RankTestAnalysis analysis, RankTestResult result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
  }

  private int columns() {
    return analysis.grids().size();
  }

  private Cell name(int column) {
    return Cell.of(analysis.grids().get(column).column());
  }

  private SignedRanks signed(int column) {
    return SignedRanks.of(result.table(column)[0], analysis.grids().get(column).zero());
  }

  /** Differences of either sign stand for a group, since ranks of few would tell of these. */
  private boolean enough(int column) {
    if (analysis.isPaired()) {
      SignedRanks ranks = signed(column);
      return floor.showsStatistic(ranks.less() + ranks.greater())
          && floor.showsCount(ranks.less())
          && floor.showsCount(ranks.greater());
    }
    return Arrays.stream(result.sizes(column))
        .allMatch(n -> n > 1 && floor.showsStatistic(n) && floor.showsCount(n));
  }

  /**
   * Persons that a column's statistics are about. Of pairs those with a difference, whose ranks
   * tell their number: with the equal ones a withheld number of these would follow.
   */
  private long persons(int column) {
    return analysis.isPaired()
        ? signed(column).less() + signed(column).greater()
        : Arrays.stream(result.sizes(column)).sum();
  }

  /**
   * Whether rows left out are told: beside those with a difference, the equal ones would follow.
   */
  private boolean showsDropped(int column) {
    return !analysis.isPaired() || floor.showsCount(signed(column).equal());
  }

  /** What stands in place of a column's statistics; empty if they may be shown. */
  private Optional<Cell> instead(int column) {
    if (result.outside().at(column) > 0) {
      return Optional.of(new Cell.Failed(RANGE_UNKNOWN));
    }
    if (!enough(column)) {
      return Optional.of(floor.withheldStatistic());
    }
    return !analysis.isPaired() && RankSums.of(result.table(column)).isConstant()
        ? Optional.of(new Cell.NotComputed("no variation"))
        : Optional.empty();
  }

  AnalysisReport report() {
    long persons = -1;
    boolean unknown = true;
    List<String> notes = new ArrayList<>();
    List<String> resolutions = new ArrayList<>();
    Map<String, Cell> dropped = new LinkedHashMap<>();
    for (int column = 0; column < columns(); column++) {
      if (enough(column)) {
        persons = Math.max(persons, persons(column));
      }
      unknown &= result.outside().at(column) > 0;
      ValueGrid grid = analysis.grids().get(column);
      resolutions.add(
          result.between().at(column) == 0 ? "exact" : "values to " + Double.toString(grid.step()));
      dropped.put(
          PlacedCount.dropped(grid.column()),
          showsDropped(column)
              ? floor.missing(result.dropped().at(column))
              : floor.withheldCount());
    }
    if (persons < 0) {
      notes.add(0, "TOO_FEW_PERSONS: a group of every column is smaller than the release floor.");
    }
    if (unknown) {
      notes.add(
          0,
          RANGE_UNKNOWN
              + ": values lie beyond those that are counted. Declare the column's range, and a"
              + " resolution if it is no whole number.");
    }
    notes.add(floor.sentence());
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", persons < 0 ? floor.withheldCount() : Cell.of(persons));
    facts.putAll(dropped);
    facts.put(
        AnalysisReport.RESOLUTION,
        Cell.of(
            resolutions.stream().distinct().count() == 1
                ? resolutions.get(0)
                : String.join(", ", resolutions)));
    String outcome = persons < 0 ? AnalysisReport.TOO_FEW_PERSONS : AnalysisReport.OK;
    List<ResultTable> tables = new ArrayList<>(List.of(tests()));
    List<Plot> plots = new ArrayList<>();
    if (grouping.groups() == 2) {
      tables.add(effects());
      plots.add(
          new Plot.Forest(
              EFFECTS,
              "Probability that the first group's value is greater",
              "column",
              "probability",
              "conf_low",
              "conf_high",
              Plot.Scale.LINEAR));
    }
    if (analysis.isPaired()) {
      tables.add(pairedEffects());
    }
    tables.add(analysis.isPaired() ? signs() : groups());
    return new AnalysisReport(
        analysis.job().name(),
        "rank-test",
        unknown ? RANGE_UNKNOWN : outcome,
        persons,
        0,
        facts,
        tables,
        plots,
        notes);
  }

  private ResultTable tests() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("test")));
    Stream.of("statistic", "z", "df").map(Column::real).forEach(columns::add);
    TestTable table = new TestTable(analysis.adjustment(), columns);
    for (int column = 0; column < columns(); column++) {
      Optional<Cell> instead = instead(column);
      if (analysis.isPaired()) {
        signedRank(column, instead, table);
        continue;
      }
      RankSums ranks = instead.isPresent() ? null : RankSums.of(result.table(column));
      if (grouping.groups() == 2) {
        mannWhitney(column, ranks, instead, table);
      }
      kruskalWallis(column, ranks, instead, table);
    }
    return table.table(
        "tests",
        analysis.isPaired()
            ? "Tests of differences about 0 by ranks"
            : "Tests of equal distributions by ranks");
  }

  private void signedRank(int column, Optional<Cell> instead, TestTable table) {
    List<Cell> row = new ArrayList<>(List.of(name(column), Cell.of(SIGNED_RANK)));
    if (instead.isPresent()) {
      table.add(row, instead.get());
      return;
    }
    row.add(Cell.of(signed(column).statistic()));
    row.add(Cell.of(signed(column).z()));
    row.add(new Cell.NotComputed("not part of this test"));
    table.add(SIGNED_RANK, row, signed(column).logP());
  }

  private void mannWhitney(int column, RankSums ranks, Optional<Cell> instead, TestTable table) {
    List<Cell> row = new ArrayList<>(List.of(name(column), Cell.of("Mann-Whitney")));
    if (ranks == null) {
      table.add(row, instead.orElseThrow());
      return;
    }
    RankSums.MannWhitney test = ranks.mannWhitney();
    row.add(Cell.of(test.statistic()));
    row.add(Cell.of(test.z()));
    row.add(new Cell.NotComputed("not part of this test"));
    table.add("Mann-Whitney", row, test.logP());
  }

  private void kruskalWallis(int column, RankSums ranks, Optional<Cell> instead, TestTable table) {
    List<Cell> row = new ArrayList<>(List.of(name(column), Cell.of("Kruskal-Wallis")));
    if (ranks == null) {
      table.add(row, instead.orElseThrow());
      return;
    }
    double df = grouping.groups() - 1.0;
    row.add(Cell.of(ranks.kruskalWallis()));
    row.add(new Cell.NotComputed("not part of this test"));
    row.add(Cell.of(df));
    table.add("Kruskal-Wallis", row, Tails.logChiSquareUpper(ranks.kruskalWallis(), df));
  }

  private ResultTable effects() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column")));
    Stream.of("probability", "std_error", "conf_low", "conf_high", "rank_biserial")
        .map(Column::real)
        .forEach(columns::add);
    double z = Tails.normalQuantile(analysis.confidence());
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < columns(); column++) {
      List<Cell> row = new ArrayList<>(List.of(name(column)));
      Optional<Cell> instead = instead(column);
      if (instead.isPresent()) {
        row.addAll(Collections.nCopies(5, instead.get()));
      } else {
        RankSums.Superiority effect = RankSums.of(result.table(column)).superiority();
        row.add(Cell.of(effect.estimate()));
        row.add(Cell.of(effect.error()));
        row.add(Cell.of(Math.max(0, effect.estimate() - z * effect.error())));
        row.add(Cell.of(Math.min(1, effect.estimate() + z * effect.error())));
        row.add(Cell.of(2 * effect.estimate() - 1));
      }
      rows.add(row);
    }
    return new ResultTable(EFFECTS, "Which group has greater values", columns, rows);
  }

  private ResultTable pairedEffects() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < columns(); column++) {
      int at = column;
      rows.add(
          List.of(
              name(column),
              enough(column) ? Cell.of(persons(column)) : floor.withheldCount(),
              instead(column).orElseGet(() -> Cell.of(signed(at).rankBiserial()))));
    }
    return new ResultTable(
        EFFECTS,
        "Which of a person's values is greater",
        List.of(Column.text("column"), Column.whole("n"), Column.real("rank_biserial")),
        rows);
  }

  /** Persons by the sign of their difference. */
  private ResultTable signs() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < columns(); column++) {
      SignedRanks ranks = signed(column);
      long[] sizes = {ranks.greater(), ranks.equal(), ranks.less()};
      Optional<Cell> instead = instead(column);
      List<Cell> means =
          instead.isPresent()
              ? Collections.nCopies(sizes.length, instead.get())
              : List.of(
                  Cell.of(ranks.meanRankGreater()),
                  new Cell.NotComputed("a difference of 0 has no rank"),
                  Cell.of(ranks.meanRankLess()));
      ProtectedCounts persons = ProtectedCounts.of(new int[] {3}, sizes, floor.minCell());
      for (int sign = 0; sign < sizes.length; sign++) {
        // No total has the equal ones in it, so beside statistics they are withheld alone.
        boolean hidden = enough(column) ? !floor.showsCount(sizes[sign]) : persons.hidden(1, sign);
        rows.add(
            List.of(
                name(column),
                Cell.of(SIGN_WORDS.get(sign)),
                hidden ? floor.withheldCount() : Cell.of(sizes[sign]),
                means.get(sign)));
      }
    }
    return new ResultTable(
        SIGNS,
        "Persons by the sign of the difference",
        List.of(
            Column.text("column"),
            Column.text("sign"),
            Column.whole("n"),
            Column.real("mean_rank")),
        rows);
  }

  private ResultTable groups() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column")));
    columns.addAll(grouping.columns());
    columns.add(Column.whole("n"));
    columns.add(Column.real("mean_rank"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < columns(); column++) {
      long[] sizes = result.sizes(column);
      ProtectedCounts persons =
          ProtectedCounts.of(new int[] {sizes.length}, sizes, floor.minCell());
      Optional<Cell> instead = instead(column);
      for (int group = 0; group < sizes.length; group++) {
        List<Cell> row = new ArrayList<>(List.of(name(column)));
        row.addAll(grouping.cells(group));
        row.add(persons.hidden(1, group) ? floor.withheldCount() : Cell.of(sizes[group]));
        row.add(
            instead.isPresent()
                ? instead.get()
                : Cell.of(RankSums.of(result.table(column)).meanRank(group)));
        rows.add(row);
      }
    }
    return new ResultTable(GroupMeans.TABLE, "Groups", columns, rows);
  }
}
