package io.tributary.jobs.analysis.pca;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ReportWriter;
import io.tributary.report.ResultTable;
import io.tributary.report.StudyReport;
import io.tributary.study.Assembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of components a reader sees; their numbers are compared with R's in the reference tests. */
class PcaTest {
  private static final int PERSONS = 360;
  private static final int VARIANTS = 200;

  @TempDir private Path folder;

  /** Two halves whose frequencies differ. */
  private static CallMatrix halves() {
    CallMatrix all = CallMatrix.random(6, VARIANTS, PERSONS);
    Random random = new Random(3);
    for (int v = 0; v < VARIANTS; v++) {
      double frequency = 0.1 + 0.5 * random.nextDouble();
      double shift = 0.15 * (random.nextBoolean() ? 1 : -0.6);
      for (int i = 0; i < PERSONS; i++) {
        double here = frequency + (i < PERSONS / 2 ? shift : 0);
        all.copies()[v][i] =
            (random.nextDouble() < here ? 1 : 0) + (random.nextDouble() < here ? 1 : 0);
      }
    }
    return all;
  }

  private AnalysisReport report(CallMatrix calls, String options) {
    return report(calls, 1, options);
  }

  private AnalysisReport report(CallMatrix calls, int count, String options) {
    try (GenotypedSites sites =
        GenotypedSites.of(
            folder, calls, Assembly.GRCH38, "{}", "[{name: pcs, type: pca, " + options + "}]")) {
      int each = calls.individuals().size() / count;
      for (int site = 0; site < count; site++) {
        List<String> ids = calls.individuals().subList(each * site, each * site + each);
        sites.open(
            new Sheet(List.of("IID"), ids.stream().map(List::of).toList()),
            calls.among(ids).write(folder, "s" + site, site == 1));
      }
      return sites.report(0);
    }
  }

  private static String code(AnalysisReport report, int component) {
    ResultTable table = report.tables().get(0);
    return ((Cell.Text) table.rows().get(component).get(table.column("code"))).value();
  }

  @Test
  void halvesStandApart() throws IOException {
    AnalysisReport report = report(halves(), 3, "components: 2, r2: 0.3");
    assertThat(report.outcome()).isEqualTo(AnalysisReport.OK);
    ResultTable components = report.tables().get(0);
    double first = ((Cell.Real) components.rows().get(0).get(2)).value();
    double second = ((Cell.Real) components.rows().get(1).get(2)).value();
    assertThat(first).isGreaterThan(2 * second);
    // Two clouds: half of the cells' persons on either side, and nobody in the middle.
    ResultTable density = report.tables().get(1);
    double left = 0;
    double right = 0;
    for (List<Cell> row : density.rows()) {
      double x = ((Cell.Real) row.get(0)).value();
      long n = ((Cell.Whole) row.get(2)).value();
      assertThat(n).isGreaterThanOrEqualTo(5);
      assertThat(Math.abs(x)).isGreaterThan(0.01);
      left += x < 0 ? n : 0;
      right += x > 0 ? n : 0;
    }
    assertThat(Math.min(left, right)).isGreaterThan(30);
    Path out = folder.resolve("out");
    new ReportWriter(List.of(new io.tributary.jobs.report.ParquetTables()))
        .write(
            new StudyReport(
                "genes",
                "0",
                "",
                "",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                List.of(),
                List.of(report),
                List.of(),
                List.of(),
                List.of(),
                Map.of()),
            out);
    List<String> weights = Files.readAllLines(out.resolve("pcs/eigenvec.allele"));
    assertThat(weights.get(0)).isEqualTo("#CHROM\tID\tREF\tALT\tA1\tPC1\tPC2");
    long variants = ((Cell.Whole) report.facts().get("variants")).value();
    assertThat(weights).hasSize((int) (1 + 2 * variants));
    assertThat(out.resolve("report.html")).content().contains("Persons by the first two");
  }

  /** Its loadings would be that person's genome. */
  @Test
  void componentOfOnePersonIsWithheld() {
    CallMatrix calls = halves();
    Random random = new Random(9);
    for (int v = 0; v < VARIANTS; v++) {
      for (int i = 0; i < PERSONS; i++) {
        calls.copies()[v][i] = i == 7 ? 2 : random.nextDouble() < 0.12 ? 1 : 0;
      }
    }
    AnalysisReport report = report(calls, "components: 3, prune: none");
    assertThat(report.outcome()).isEqualTo(AnalysisReport.OK);
    assertThat(code(report, 0)).isEqualTo("SUPPRESSED_FEW_PERSONS");
    assertThat(code(report, 1)).isNotEqualTo("SUPPRESSED_FEW_PERSONS");
    List<Cell> first = report.tables().get(0).rows().get(0);
    assertThat(first.subList(2, 5)).hasOnlyElementsOfType(Cell.Suppressed.class);
    assertThat(report.plots()).isEmpty();
    ResultTable loadings = report.tables().get(1);
    for (List<Cell> row : loadings.rows()) {
      boolean withheld = row.get(loadings.column("loading")) instanceof Cell.Suppressed;
      assertThat(withheld).isEqualTo(row.get(loadings.column("component")).equals(Cell.of(1L)));
    }
    assertThat(report(calls, "components: 3, prune: none, loadings: withhold").tables()).hasSize(1);
  }

  @Test
  void tooLittleForSoMuchIsAnOutcome() {
    CallMatrix calls = halves();
    CallMatrix few = calls.among(calls.individuals().subList(0, 90));
    assertThat(report(few, "components: 10").outcome()).isEqualTo(PcaResult.SATURATED);
    assertThat(report(calls.only(v -> v < 3), "components: 5").outcome())
        .isEqualTo(PcaResult.FEW_VARIANTS);
  }
}
