package io.tributary.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.report.ResultComparison.ColumnDifference;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultComparisonTest {
  @TempDir Path folder;

  @Test
  void aResultIsIdenticalToItself() {
    Path a = write("a", SampleStudy.full());
    Path b = write("b", SampleStudy.full());
    ResultComparison comparison = ResultComparison.between(a, b);
    assertThat(comparison.identical()).isTrue();
    assertThat(comparison.within(0)).isTrue();
    assertThat(comparison.text()).contains("Bit-identical: ");
  }

  @Test
  void differencesAreMeasuredByColumn() {
    ResultComparison comparison =
        compare(
            table(row("a", Cell.of(1.0), Cell.of(10L)), row("b", Cell.of(-0.0), Cell.of(20L))),
            table(
                row("a", Cell.of(Math.nextUp(1.0)), Cell.of(10L)),
                row("b", Cell.of(0.0), Cell.of(25L))));
    ColumnDifference x = column(comparison, "x");
    assertThat(x.different()).isEqualTo(2);
    assertThat(x.absolute()).isEqualTo(Math.ulp(1.0));
    assertThat(x.relative()).isCloseTo(Math.ulp(1.0), within(1e-30));
    assertThat(x.at()).isEqualTo("a");
    ColumnDifference n = column(comparison, "n");
    assertThat(n.absolute()).isEqualTo(5);
    assertThat(n.relative()).isEqualTo(0.2);
    assertThat(n.at()).isEqualTo("b");
    assertThat(comparison.identical()).isFalse();
    assertThat(comparison.within(0.2)).isTrue();
    assertThat(comparison.within(0.1)).isFalse();
    assertThat(comparison.text())
        .contains("1 of 3 columns are bit-identical; largest difference 5.00e+00 absolute");
  }

  @Test
  void statusesAndTextsAreNeverWithinATolerance() {
    ResultComparison statuses =
        compare(
            table(row("a", Cell.of(1.0), new Cell.Suppressed("count < 5"))),
            table(row("a", Cell.of(1.0), Cell.of(3L))));
    assertThat(column(statuses, "n").statusesDifferent()).isEqualTo(1);
    assertThat(statuses.within(1e9)).isFalse();
    assertThat(statuses.text()).contains("1 status");
    ResultComparison texts =
        compare(
            table(row("a", Cell.of(1.0), Cell.of(3L))), table(row("z", Cell.of(1.0), Cell.of(3L))));
    assertThat(column(texts, "level").textsDifferent()).isEqualTo(1);
    assertThat(texts.within(1e9)).isFalse();
  }

  @Test
  void wholesBeyondTwoToThe53AreComparedExactly() {
    ResultComparison comparison =
        compare(
            table(row("a", Cell.of(1.0), Cell.of(Long.MAX_VALUE))),
            table(row("a", Cell.of(1.0), Cell.of(Long.MAX_VALUE - 1))));
    assertThat(column(comparison, "n").different()).isEqualTo(1);
    assertThat(column(comparison, "n").absolute()).isEqualTo(1);
  }

  @Test
  void oppositeExtremesStayFinite() {
    ResultComparison comparison =
        compare(
            table(row("a", Cell.of(1e308), Cell.of(1L))),
            table(row("a", Cell.of(-1e308), Cell.of(1L))));
    assertThat(column(comparison, "x").relative()).isEqualTo(2);
    assertThat(column(comparison, "x").absolute()).isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void whatOneSideLacksIsNamed() {
    AnalysisReport a = analysis("both", "OK", table(row("a", Cell.of(1.0), Cell.of(1L))));
    AnalysisReport b =
        new AnalysisReport(
            "both",
            "summary",
            "SEPARATION",
            21,
            1,
            Map.of("aic", Cell.of(1.5)),
            List.of(new ResultTable("t", "", List.of(Column.text("level")), List.of())),
            List.of(),
            List.of());
    ResultComparison comparison =
        ResultComparison.between(
            ReportWriterTest.study(a, analysis("extra", "OK")), ReportWriterTest.study(b));
    assertThat(comparison.mismatches())
        .containsExactly(
            "The outcome of both: OK in A, SEPARATION in B.",
            "The persons of both: 20 in A, 21 in B.",
            "Only B has the fact 'both: aic'.",
            "The rows of both/t: 1 in A, 0 in B.",
            "Only A has the column 'both/t: x'.",
            "Only A has the column 'both/t: n'.",
            "Only A has the analysis 'extra'.");
    assertThat(comparison.within(1)).isFalse();
  }

  @Test
  void missingForeignAndDamagedFoldersAreNamed() throws IOException {
    Path good = write("good", SampleStudy.full());
    assertCode(ErrorCode.RESULTS_MISSING, folder.resolve("nowhere"), good);
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("release.json"), "{\"version\": 1}");
    assertCode(ErrorCode.RESULTS_INVALID, good, foreign);
    Files.writeString(foreign.resolve("release.json"), "not json");
    assertCode(ErrorCode.RESULTS_INVALID, good, foreign);
    Path damaged = write("damaged", SampleStudy.full());
    Path table = damaged.resolve("death/coefficients.json");
    String text = Files.readString(table);
    Files.writeString(table, text.substring(0, text.length() / 2));
    assertCode(ErrorCode.RESULTS_INVALID, damaged, good);
    Files.writeString(table, text.replace("0.03142", "\"0.03142\""));
    assertCode(ErrorCode.RESULTS_INVALID, damaged, good);
    Files.writeString(table, text.replace("0.03142", "1e999"));
    assertCode(ErrorCode.RESULTS_INVALID, damaged, good);
    Files.delete(table);
    assertCode(ErrorCode.RESULTS_INVALID, damaged, good);
  }

  @Test
  void aReleaseCannotNameFilesElsewhere() throws IOException {
    Path out = write("out", SampleStudy.full());
    Path release = out.resolve("release.json");
    Files.writeString(
        release, Files.readString(release).replace("\"coefficients\"", "\"../../secret\""));
    assertCode(ErrorCode.RESULTS_INVALID, out, out);
  }

  private static void assertCode(ErrorCode code, Path a, Path b) {
    assertThatThrownBy(() -> ResultComparison.between(a, b))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private Path write(String name, StudyReport report) {
    new ReportWriter(List.of()).write(report, folder.resolve(name));
    return folder.resolve(name);
  }

  private static ResultComparison compare(ResultTable a, ResultTable b) {
    return ResultComparison.between(
        ReportWriterTest.study(analysis("a", "OK", a)),
        ReportWriterTest.study(analysis("a", "OK", b)));
  }

  private static AnalysisReport analysis(String name, String outcome, ResultTable... tables) {
    return new AnalysisReport(
        name, "summary", outcome, 20, 1, Map.of(), List.of(tables), List.of(), List.of());
  }

  private static ResultTable table(Row... rows) {
    return new ResultTable(
        "t",
        "",
        List.of(Column.text("level"), Column.real("x"), Column.whole("n")),
        Arrays.stream(rows).map(Row::cells).toList());
  }

  private record Row(List<Cell> cells) {}

  private static Row row(String level, Cell x, Cell n) {
    return new Row(List.of(Cell.of(level), x, n));
  }

  private static ColumnDifference column(ResultComparison comparison, String name) {
    return comparison.columns().stream()
        .filter(column -> column.column().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
