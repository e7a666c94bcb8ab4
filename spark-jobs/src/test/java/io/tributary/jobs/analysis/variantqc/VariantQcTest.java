package io.tributary.jobs.analysis.variantqc;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of pooled counts a reader sees. */
class VariantQcTest {
  private static final int PERSONS = 400;

  @TempDir private Path folder;

  /** Each variant is {het, homAlt, missing} of 400 persons at 3 sites. */
  private static CallMatrix calls() {
    int[][] wanted = {
      {19, 0, 0},
      {20, 0, 0},
      {0, 0, 0},
      {19, 381, 0},
      {150, 30, 0},
      {150, 30, 1},
      {150, 30, 19},
      {150, 30, 20},
      {150, 4, 0},
      {150, 5, 0},
      {150, 30, 0},
      {150, 30, 0}
    };
    CallMatrix all = CallMatrix.random(3, wanted.length, PERSONS);
    int[][] copies = new int[wanted.length][PERSONS];
    for (int v = 0; v < wanted.length; v++) {
      for (int i = 0; i < PERSONS; i++) {
        int[] w = wanted[v];
        copies[v][i] = i < w[0] ? 1 : i < w[0] + w[1] ? 2 : i < w[0] + w[1] + w[2] ? -1 : 0;
      }
    }
    return new CallMatrix(all.families(), all.individuals(), all.variants(), copies);
  }

  @Test
  void handfulsAreWithheldWithTheirCode() throws IOException {
    CallMatrix all = calls();
    try (GenotypedSites sites =
        GenotypedSites.of(folder, all, Assembly.GRCH38, "{}", "[{name: qc, type: variant-qc}]")) {
      for (int site = 0; site < 3; site++) {
        // Site 2 has no variant 10; nobody has variant 11.
        int here = site;
        List<String> ids =
            all.individuals().subList(133 * site, site == 2 ? 400 : 133 * site + 133);
        sites.open(
            new Sheet(List.of("IID"), ids.stream().map(List::of).toList()),
            all.among(ids)
                .only(v -> v != 11 && (v != 10 || here != 2))
                .write(folder, "site" + site, site == 1));
      }
      AnalysisReport report = sites.report(0);
      ResultTable table = report.tables().get(0);
      List<String> codes = new ArrayList<>();
      table.rows().forEach(row -> codes.add(((Cell.Text) row.get(table.column("code"))).value()));
      assertThat(codes)
          .containsExactly(
              "SUPPRESSED_CARRIERS",
              "OK",
              "SUPPRESSED_CARRIERS",
              "SUPPRESSED_CARRIERS",
              "OK",
              "SUPPRESSED_MISSING",
              "SUPPRESSED_MISSING",
              "OK",
              "OK",
              "OK",
              "SUPPRESSED_SITES",
              "NO_DATA");
      // Nothing but the name stands in a row that is withheld, and nobody's row looks like any.
      List<Cell> nobody = table.rows().get(2);
      assertThat(nobody.subList(5, nobody.size()))
          .isEqualTo(table.rows().get(0).subList(5, nobody.size()));
      assertThat(nobody.subList(6, nobody.size())).hasOnlyElementsOfType(Cell.Suppressed.class);
      // 4 homozygous persons are withheld with what tells them, 5 are shown.
      assertThat(table.rows().get(8).subList(13, 20)).hasOnlyElementsOfType(Cell.Suppressed.class);
      assertThat(table.rows().get(9).get(table.column("hom_alt_ct"))).isEqualTo(Cell.of(5));
      assertThat(table.rows().get(7).get(table.column("call_rate"))).isEqualTo(Cell.of(0.95));
      assertThat(report.facts())
          .containsEntry("shown", Cell.of(5))
          .containsEntry("suppressed_missing", Cell.of(2));
      assertThat(report.persons()).isEqualTo(PERSONS);
      written(report);
    }
  }

  /** Rows that are made on demand reach every file. */
  private void written(AnalysisReport report) throws IOException {
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
    List<String> lines = Files.readAllLines(out.resolve("qc/variants.csv"));
    assertThat(lines).hasSize(13);
    assertThat(lines.get(0)).startsWith("chrom,pos,id,ref,alt,code,alt_freq,alt_freq_status,maf");
    assertThat(lines.get(3))
        .startsWith("\"1\",1020,\"rs2\",\"A\",\"G\",\"SUPPRESSED_CARRIERS\",,supp");
    assertThat(out.resolve("qc/variants.parquet")).isNotEmptyFile();
    assertThat(io.tributary.report.ResultFolder.read(out).analyses().get(0).tables())
        .isEqualTo(report.tables());
    assertThat(out.resolve("report.html")).content().contains("Hardy-Weinberg: observed over");
  }

  @Test
  void tooFewPersonsAreNotTold() {
    CallMatrix few = CallMatrix.random(1, 4, 9);
    try (GenotypedSites sites =
        GenotypedSites.of(folder, few, Assembly.GRCH38, "{}", "[{name: qc, type: variant-qc}]")) {
      sites.open(
          new Sheet(List.of("IID"), few.individuals().stream().map(List::of).toList()),
          few.write(folder, "few", false));
      AnalysisReport report = sites.report(0);
      assertThat(report.outcome()).isEqualTo(AnalysisReport.TOO_FEW_PERSONS);
      assertThat(report.persons()).isEqualTo(-1);
      assertThat(report.tables()).isEmpty();
    }
  }
}
