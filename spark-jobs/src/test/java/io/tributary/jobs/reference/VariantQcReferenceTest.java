package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import io.tributary.study.Study.ReleaseFloor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pooled counts, frequencies and Hardy-Weinberg tests against plink2 and R. */
class VariantQcReferenceTest {
  /** Zero is shown as well, so that every number can be compared. */
  private static final ReleaseFloor OPEN = new ReleaseFloor(0, 0, 1);

  private static final String ANALYSIS = "[{name: qc, type: variant-qc, minCarriers: 0}]";

  /** Six digits are printed. */
  private static final double PRINTED = 6e-6;

  @TempDir private Path folder;

  private record Row(ResultTable table, List<Cell> cells) {
    double real(String column) {
      Cell cell = cells.get(table.column(column));
      return cell instanceof Cell.Whole whole ? whole.value() : ((Cell.Real) cell).value();
    }

    String text(String column) {
      return ((Cell.Text) cells.get(table.column(column))).value();
    }
  }

  private static ResultTable variants(AnalysisReport report) {
    assertThat(report.outcome()).isEqualTo(AnalysisReport.OK);
    return report.tables().get(0);
  }

  private static void close(double actual, double expected, double tolerance) {
    assertThat(Math.abs(actual - expected))
        .isLessThanOrEqualTo(tolerance * Math.max(Math.abs(expected), 1e-300));
  }

  /** Frequencies, genotypes and both p-values of every variant. */
  private static void compare(
      ResultTable table, Tsv frequencies, Tsv hardy, String p, String column) {
    assertThat(table.rows()).hasSameSizeAs(frequencies.rows()).hasSameSizeAs(hardy.rows());
    for (int v = 0; v < table.rows().size(); v++) {
      Row row = new Row(table, table.rows().get(v));
      Map<String, String> of = frequencies.row(row.text("id"));
      close(row.real("alt_freq"), Double.parseDouble(of.get("ALT_FREQS")), PRINTED);
      assertThat(2 * row.real("n")).isEqualTo(Double.parseDouble(of.get("OBS_CT")));
      Map<String, String> test = hardy.row(row.text("id"));
      boolean refFirst = test.get("A1").equals(row.text("ref"));
      assertThat(row.real(refFirst ? "hom_ref_ct" : "hom_alt_ct"))
          .isEqualTo(Double.parseDouble(test.get("HOM_A1_CT")));
      assertThat(row.real("het_ct")).isEqualTo(Double.parseDouble(test.get("HET_A1_CT")));
      close(row.real("o_het"), Double.parseDouble(test.get("O(HET_A1)")), PRINTED);
      close(row.real("e_het"), Double.parseDouble(test.get("E(HET_A1)")), PRINTED);
      if (test.get(p).equals("0")) {
        // plink2 has left the range of doubles.
        assertThat(row.real("neg_log_10_hwe_p_value")).isGreaterThan(307);
      } else {
        close(row.real(column), Double.parseDouble(test.get(p)), PRINTED);
      }
    }
  }

  @Test
  void regenieExampleAtFourSites() throws IOException {
    Path data = Oracle.shared().resolve("data/gwas-regenie");
    CallMatrix all = CallMatrix.bed(data.resolve("example"));
    Sheet sites = Tsv.read("oracles/gwas-regenie/sites.tsv").sheet();
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.GRCH37, "{}", ANALYSIS)
            .released(OPEN)
            .openBy(sites, "SITE", data.resolve("example").toString())) {
      ResultTable table = variants(opened.report(0));
      compare(
          table,
          Tsv.read("oracles/gwas-regenie/plink2.afreq"),
          Tsv.read("oracles/gwas-regenie/plink2.hardy"),
          "P",
          "hwe_p_value");
      Tsv exact = Tsv.read("oracles/gwas-regenie/R.counts_by_site.csv.gz").where("site", "pooled");
      Tsv missing = Tsv.read("oracles/gwas-regenie/plink2.vmiss");
      for (List<Cell> cells : table.rows()) {
        Row row = new Row(table, cells);
        Map<String, String> r = exact.row(row.text("id"));
        close(row.real("hwe_p_value"), Double.parseDouble(r.get("hwe_exact_p")), 1e-10);
        assertThat(row.real("missing_ct"))
            .isEqualTo(Double.parseDouble(missing.row(row.text("id")).get("MISSING_CT")));
      }
    }
  }

  /** 11 populations; every second file has the alleles of every second variant swapped. */
  @Test
  void hapmapAtItsPopulations() throws IOException {
    Path data = Oracle.shared().resolve("data/pca-hapmap3");
    CallMatrix all = CallMatrix.bed(data.resolve("HM3_thinned_autosomal_overlap"));
    Sheet sites = Tsv.read("data/pca-hapmap3/sites.tsv").sheet();
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.NCBI36, "{}", ANALYSIS).released(OPEN)) {
      List<String> populations =
          sites.rows().stream().map(row -> row.get(2)).distinct().sorted().toList();
      for (String population : populations) {
        Sheet rows = sites.where("POP", population);
        List<String> ids = rows.rows().stream().map(row -> row.get(1)).toList();
        boolean swapped = populations.indexOf(population) % 2 == 0;
        opened.open(rows, all.among(ids).write(folder, population, swapped));
      }
      compare(
          variants(opened.report(0)),
          Tsv.read("oracles/pca-hapmap3/plink2.afreq.gz"),
          Tsv.read("oracles/pca-hapmap3/plink2.hardy.gz"),
          "P",
          "hwe_p_value");
    }
  }

  @Test
  void thousandGenomesWithMidP() throws IOException {
    CallMatrix all =
        CallMatrix.vcf(Oracle.shared().resolve("data/gwas-1000g-chr21/genotypes.vcf.gz"));
    Sheet samples = Tsv.read("data/gwas-1000g-chr21/samples.psam").sheet();
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.GRCH37, "{}", ANALYSIS)
            .released(OPEN)
            .openBy(samples, "SuperPop", all.write(folder, "all", false))) {
      ResultTable table = variants(opened.report(0));
      Tsv frequencies = Tsv.read("oracles/gwas-1000g-chr21/plink2.afreq.gz");
      compare(
          table,
          frequencies,
          Tsv.read("oracles/gwas-1000g-chr21/plink2.hardy.gz"),
          "P",
          "hwe_p_value");
      compare(
          table,
          frequencies,
          Tsv.read("oracles/gwas-1000g-chr21/plink2.midp.hardy.gz"),
          "MIDP",
          "hwe_mid_p_value");
    }
  }
}
