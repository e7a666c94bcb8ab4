package io.tributary.jobs.analysis.ttest;

import io.tributary.jobs.analysis.GroupMeans;
import io.tributary.jobs.analysis.GroupMoments;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.Sample;
import io.tributary.jobs.hypothesis.StandardisedMean;
import io.tributary.jobs.hypothesis.StudentTest;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tables of t tests, with the release floor applied. */
final class TTestTables {
  private static final Cell NO_VARIATION = new Cell.NotComputed("no variation");

  private final TTestAnalysis analysis;
  private final GroupMoments.Result result;
  private final List<String> names;

  TTestTables(TTestAnalysis analysis, GroupMoments.Result result) {
    this.analysis = analysis;
    this.result = result;
    this.names = analysis.names();
  }

  AnalysisReport report() {
    GroupMeans groups =
        new GroupMeans(analysis.job(), analysis.grouping(), analysis.moments(), result, names);
    String estimate =
        analysis.grouping().isGrouped()
            ? "Estimates are means of '"
                + String.join("' less '", analysis.grouping().fields().get(0).levels())
                + "'."
            : analysis.isPaired()
                ? "Estimates are means of differences within persons."
                : "Estimates are means.";
    return groups.report(
        "t-test",
        List.of(tests(), effects(), groups.table(analysis.confidence())),
        List.of(
            new Plot.Forest(
                "tests",
                analysis.grouping().isGrouped() ? "Differences of means" : "Means",
                "column",
                "estimate",
                "conf_low",
                "conf_high",
                Plot.Scale.LINEAR)),
        estimate);
  }

  private ResultTable tests() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("test")));
    Stream.of("estimate", "std_error", "conf_low", "conf_high", "statistic", "df")
        .map(Column::real)
        .forEach(columns::add);
    TestTable table = new TestTable(analysis.adjustment(), columns);
    for (int column = 0; column < names.size(); column++) {
      List<Cell> row = new ArrayList<>(List.of(Cell.of(names.get(column)), Cell.of(name())));
      Optional<Cell> withheld = analysis.moments().withheld(result.first(), column);
      if (withheld.isPresent()) {
        table.add(row, withheld.get());
        continue;
      }
      StudentTest test = test(result.samples().get(column));
      row.add(Cell.of(test.estimate()));
      if (!test.isDefined()) {
        table.add(row, NO_VARIATION);
        continue;
      }
      double[] limits = test.limits(analysis.confidence());
      row.add(Cell.of(test.error()));
      row.add(Cell.of(limits[0]));
      row.add(Cell.of(limits[1]));
      row.add(Cell.of(test.statistic()));
      row.add(Cell.of(test.df()));
      table.add(name(), row, test.logP());
    }
    return table.table("tests", "t tests");
  }

  private String name() {
    if (analysis.grouping().isGrouped()) {
      return analysis.pooled() ? "Student" : "Welch";
    }
    return analysis.isPaired() ? "paired" : "one sample";
  }

  private StudentTest test(List<Sample> samples) {
    double hypothesis = analysis.hypothesis();
    if (samples.size() == 1) {
      return StudentTest.one(samples.get(0), hypothesis);
    }
    return analysis.pooled()
        ? StudentTest.pooled(samples.get(0), samples.get(1), hypothesis)
        : StudentTest.welch(samples.get(0), samples.get(1), hypothesis);
  }

  private ResultTable effects() {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column"), Column.text("effect")));
    Stream.of("estimate", "conf_low", "conf_high").map(Column::real).forEach(columns::add);
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      Cell name = Cell.of(names.get(column));
      Optional<Cell> withheld = analysis.moments().withheld(result.first(), column);
      List<Sample> samples = result.samples().get(column);
      if (withheld.isPresent() || !varies(samples)) {
        Cell cell = withheld.orElse(NO_VARIATION);
        rows.add(List.of(name, Cell.of("Cohen's d"), cell, cell, cell));
        rows.add(List.of(name, Cell.of("Hedges' g"), cell, cell, cell));
      } else {
        StandardisedMean effect =
            samples.size() == 1
                ? StandardisedMean.one(samples.get(0), analysis.hypothesis(), analysis.confidence())
                : StandardisedMean.two(samples.get(0), samples.get(1), analysis.confidence());
        rows.add(row(name, "Cohen's d", effect, 1));
        rows.add(row(name, "Hedges' g", effect, effect.correction()));
      }
    }
    return new ResultTable("effects", "Means in standard deviations", columns, rows);
  }

  private static boolean varies(List<Sample> samples) {
    return samples.stream().anyMatch(sample -> sample.squares().signum() > 0);
  }

  private static List<Cell> row(
      Cell name, String effect, StandardisedMean value, double correction) {
    return List.of(
        name,
        Cell.of(effect),
        Cell.of(value.estimate() * correction),
        Cell.of(value.low() * correction),
        Cell.of(value.high() * correction));
  }
}
