package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums and means are shown only where nobody can make up more of them than the study says. */
class MaxShareTest {
  @TempDir private Path folder;

  /** Group a: 20 persons at 10; group b: 20 at 1, whom one at the range's end would dwarf. */
  private ResultTable summary(String columns, String release) throws IOException {
    return report(
            "g,cost\n" + "a,10\n".repeat(20) + "b,-1\n".repeat(20),
            "g: {levels: [a, b]}" + columns,
            "{name: s, type: summary, columns: [cost], by: g, quantiles: []}",
            release)
        .tables()
        .get(0);
  }

  private AnalysisReport report(String rows, String columns, String analysis, String release)
      throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), rows);
    Study study =
        StudyParser.parse(
            """
            study: shares
            sites: [a, b, c]
            cohort: {from: t}
            columns: {%s}
            analyses: [%s]
            release: %s
            """
                .formatted(columns, analysis, release)
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    SiteConfig.Dataset source =
        new SiteConfig.Dataset(
            "t", Csv.of(file.toString()), List.of(""), Map.of(), SiteConfig.DEFAULT_POPULATION);
    try (SiteTable table = SiteTable.open(SharedSpark.session(), source, study)) {
      return Pooled.report(Catalog.create(study, 0), List.of(table));
    }
  }

  private static void shown(ResultTable table, boolean a, boolean b, boolean all) {
    boolean[] expected = {a, b, all};
    for (int row = 0; row < 3; row++) {
      for (String column : List.of("mean", "sum", "sd", "variance")) {
        Cell cell = table.rows().get(row).get(table.column(column));
        assertThat(cell instanceof Cell.Suppressed)
            .as("row %d, %s: %s", row, column, cell)
            .isEqualTo(!expected[row]);
      }
      // Counts are another matter.
      assertThat(table.rows().get(row).get(table.column("n"))).isInstanceOf(Cell.Whole.class);
    }
  }

  @Test
  void theDeclaredRangeBoundsAPersonsPart() throws IOException {
    String range = ", cost: {range: [-40, 40]}";
    shown(summary(range, "{}"), true, true, true);
    // 40 of 200 is a fifth; 40 of 20 is more than all.
    shown(summary(range, "{maxShare: 0.2}"), true, false, false);
    shown(summary(range, "{maxShare: 0.19}"), false, false, false);
    shown(summary(", cost: {range: [-2, 10]}", "{maxShare: 0.5}"), true, true, true);
    // Nothing is certain of a column without a range.
    shown(summary("", "{maxShare: 0.9}"), false, false, false);
    shown(summary("", "{maxShare: 1}"), true, true, true);
  }

  private static boolean[] withheld(ResultTable table, String column) {
    boolean[] withheld = new boolean[table.rows().size()];
    for (int row = 0; row < withheld.length; row++) {
      withheld[row] = table.rows().get(row).get(table.column(column)) instanceof Cell.Suppressed;
    }
    return withheld;
  }

  /** 40 patients a year old or older each, of whom one column is bounded and one is not. */
  @Test
  void ofACorrelationMeansAndWhatFollowsFromThem() throws IOException {
    StringBuilder rows = new StringBuilder("x,y,z\n");
    for (int i = 0; i < 40; i++) {
      rows.append(i % 5 + 8).append(',').append(i % 7 + 8).append(',').append(i % 3).append('\n');
    }
    AnalysisReport report =
        report(
            rows.toString(),
            "x: {range: [0, 20]}, y: {range: [0, 20]}, z: {range: [0, 1000]}",
            "{name: c, type: correlation, columns: [x, y, z]}",
            "{maxShare: 0.1}");
    ResultTable pairs = report.tables().get(0);
    for (String column : List.of("covariance", "correlation", "p_value", "conf_high")) {
      assertThat(withheld(pairs, column)).as(column).containsExactly(false, true, true);
    }
    for (String column : List.of("mean", "sd")) {
      assertThat(withheld(report.tables().get(1), column)).containsExactly(false, false, true);
    }
  }

  /** Days of a group, and so of all groups, of which one person's could be most. */
  @Test
  void ofAnIncidenceTheDaysAtRisk() throws IOException {
    String rows =
        "g,event,end\n"
            + "a,,900\n".repeat(30)
            + "a,100,900\n".repeat(10)
            + "b,,20\n".repeat(30)
            + "b,10,20\n".repeat(10);
    String columns =
        "g: {levels: [a, b]}, event: {type: integer}, end: {type: integer, range: [0, 1000]}";
    String analysis = "{name: i, type: incidence, outcome: event, time: end, by: g}";
    ResultTable shown = report(rows, columns, analysis, "{}").tables().get(0);
    ResultTable bounded = report(rows, columns, analysis, "{maxShare: 0.1}").tables().get(0);
    for (String column : List.of("person_days", "incidence_rate_p100py", "rate_conf_low")) {
      assertThat(withheld(shown, column)).doesNotContain(true);
      assertThat(withheld(bounded, column)).as(column).containsExactly(false, true, true);
    }
    assertThat(withheld(bounded, "incidence_proportion_p100p")).doesNotContain(true);
  }
}
