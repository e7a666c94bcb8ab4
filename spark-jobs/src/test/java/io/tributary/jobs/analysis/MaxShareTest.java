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
    Path file =
        Files.writeString(
            folder.resolve("t.csv"), "g,cost\n" + "a,10\n".repeat(20) + "b,-1\n".repeat(20));
    Study study =
        StudyParser.parse(
            """
            study: shares
            sites: [a, b, c]
            cohort: {from: t}
            columns: {g: {levels: [a, b]}%s}
            analyses: [{name: s, type: summary, columns: [cost], by: g, quantiles: []}]
            release: %s
            """
                .formatted(columns, release)
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    SiteConfig.Dataset source =
        new SiteConfig.Dataset(
            "t", Csv.of(file.toString()), List.of(""), Map.of(), SiteConfig.DEFAULT_POPULATION);
    try (SiteTable table = SiteTable.open(SharedSpark.session(), source, study)) {
      AnalysisReport report = Pooled.report(Catalog.create(study, 0), List.of(table));
      return report.tables().get(0);
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
}
