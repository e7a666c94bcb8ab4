package io.tributary.jobs.analysis.anova;

import io.tributary.jobs.analysis.GroupMeans;
import io.tributary.jobs.analysis.GroupMoments;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.OneWay;
import io.tributary.jobs.hypothesis.Sample;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tables of an analysis of variance, with the release floor applied. */
final class AnovaTables {
  private static final Cell NO_VARIATION = new Cell.NotComputed("no variation in some group");
  private static final Cell NONE = new Cell.NotComputed("not part of this test");

  private final AnovaAnalysis analysis;
  private final GroupMoments.Result result;
  private final List<String> names;

  AnovaTables(AnovaAnalysis analysis, GroupMoments.Result result) {
    this.analysis = analysis;
    this.result = result;
    this.names = analysis.names();
  }

  AnalysisReport report() {
    GroupMeans groups =
        new GroupMeans(analysis.job(), analysis.grouping(), analysis.moments(), result, names);
    List<Plot> plots = new ArrayList<>();
    if (names.size() == 1) {
      plots.add(
          new Plot.Forest(
              GroupMeans.TABLE,
              "Means of " + names.get(0),
              analysis.grouping().plotColumn(),
              "mean",
              "conf_low",
              "conf_high",
              Plot.Scale.LINEAR));
    }
    return groups.report(
        "anova",
        List.of(tests(), variation(), effects(), groups.table(analysis.confidence())),
        plots,
        "F takes the groups for equally variable; Welch's test does not. Levene's and Bartlett's"
            + " tests ask whether they are.");
  }

  private Optional<Cell> withheld(int column) {
    return analysis.moments().withheld(result.first(), column);
  }

  private ResultTable tests() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("test")));
    Stream.of("statistic", "df", "df_residual").map(Column::real).forEach(columns::add);
    TestTable table = new TestTable(analysis.adjustment(), columns);
    for (int column = 0; column < names.size(); column++) {
      Optional<Cell> withheld = withheld(column);
      List<Sample> samples = result.samples().get(column);
      for (String test : List.of("F", "Welch", "Levene", "Bartlett")) {
        List<Cell> row = new ArrayList<>(List.of(Cell.of(names.get(column)), Cell.of(test)));
        if (withheld.isPresent()) {
          table.add(row, withheld.get());
        } else if (test.equals("Bartlett")) {
          bartlett(samples, row, table);
        } else {
          add(test, test(test, samples, column), row, table);
        }
      }
    }
    return table.table("tests", "Tests of equal means and of equal variances");
  }

  private OneWay.Test test(String test, List<Sample> samples, int column) {
    return switch (test) {
      case "F" -> OneWay.of(samples).test();
      case "Welch" -> OneWay.welch(samples);
      default -> OneWay.levene(samples, result.distances().get(column));
    };
  }

  private static void add(String name, OneWay.Test test, List<Cell> row, TestTable table) {
    if (!test.isDefined()) {
      table.add(row, NO_VARIATION);
      return;
    }
    row.add(Cell.of(test.statistic()));
    row.add(Cell.of(test.df1()));
    row.add(Cell.of(test.df2()));
    table.add(name, row, test.logP());
  }

  private static void bartlett(List<Sample> samples, List<Cell> row, TestTable table) {
    double statistic = OneWay.bartlett(samples);
    if (!Double.isFinite(statistic)) {
      table.add(row, NO_VARIATION);
      return;
    }
    double df = samples.size() - 1.0;
    row.add(Cell.of(statistic));
    row.add(Cell.of(df));
    row.add(NONE);
    table.add("Bartlett", row, Tails.logChiSquareUpper(statistic, df));
  }

  private ResultTable variation() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("source")));
    Stream.of("df", "sum_squares", "mean_square").map(Column::real).forEach(columns::add);
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      Cell name = Cell.of(names.get(column));
      Optional<Cell> withheld = withheld(column);
      if (withheld.isPresent()) {
        Cell cell = withheld.get();
        rows.add(List.of(name, Cell.of("between"), cell, cell, cell));
        rows.add(List.of(name, Cell.of("within"), cell, cell, cell));
      } else {
        OneWay sums = OneWay.of(result.samples().get(column));
        rows.add(source(name, "between", sums.dfBetween(), sums.between()));
        rows.add(source(name, "within", sums.dfWithin(), sums.within()));
      }
    }
    return new ResultTable("variation", "Sums of squares", columns, rows);
  }

  private static List<Cell> source(Cell name, String source, double df, double squares) {
    return List.of(name, Cell.of(source), Cell.of(df), Cell.of(squares), Cell.of(squares / df));
  }

  private ResultTable effects() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("effect")));
    Stream.of("estimate", "conf_low", "conf_high").map(Column::real).forEach(columns::add);
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      Cell name = Cell.of(names.get(column));
      Cell eta = Cell.of("eta squared");
      Cell omega = Cell.of("omega squared");
      Optional<Cell> withheld = withheld(column);
      OneWay sums = withheld.isPresent() ? null : OneWay.of(result.samples().get(column));
      if (sums == null || !sums.test().isDefined()) {
        Cell cell = withheld.orElse(NO_VARIATION);
        rows.add(List.of(name, eta, cell, cell, cell));
        rows.add(List.of(name, omega, cell, cell, cell));
      } else {
        double[] limits = sums.etaSquaredLimits(analysis.confidence());
        Cell none = new Cell.NotComputed("no limits are known; see eta squared");
        rows.add(
            List.of(name, eta, Cell.of(sums.etaSquared()), Cell.of(limits[0]), Cell.of(limits[1])));
        rows.add(List.of(name, omega, Cell.of(sums.omegaSquared()), none, none));
      }
    }
    return new ResultTable("effects", "Share of the variation between groups", columns, rows);
  }
}
