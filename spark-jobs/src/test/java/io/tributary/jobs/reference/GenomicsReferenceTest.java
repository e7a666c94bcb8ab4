package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pooled counts, frequencies, Hardy-Weinberg tests and associations against plink2 and R. Opening
 * sites costs seconds, so each data set is opened once.
 */
class GenomicsReferenceTest {
  /** Zero is shown as well, so that every number can be compared. */
  private static final ReleaseFloor OPEN = new ReleaseFloor(0, 0, Double.POSITIVE_INFINITY);

  private static final String QC = "{name: qc, type: variant-qc, minCarriers: 0}";

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

  /** Associations against R's exact ones and plink2's printed ones. */
  private static void compare(AnalysisReport report, Tsv exact, Optional<Tsv> printed) {
    ResultTable table = variants(report);
    assertThat(table.rows()).hasSameSizeAs(exact.rows());
    int tested = 0;
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      Map<String, String> r = exact.row(row.text("id"));
      if (r.get("beta").equals("NA")) {
        assertThat(row.text("code")).isEqualTo("CONST_ALLELE");
        continue;
      }
      tested++;
      assertThat(row.text("code")).isEqualTo("OK");
      assertThat(row.real("n")).isEqualTo(Double.parseDouble(r.get("n")));
      double sign = r.getOrDefault("effect", r.get("alt")).equals(row.text("alt")) ? 1 : -1;
      double error = Double.parseDouble(r.get("se"));
      double beta = sign * Double.parseDouble(r.get("beta"));
      close(row.real("se"), error, 1e-8);
      assertThat(Math.abs(row.real("beta") - beta))
          .isLessThanOrEqualTo(1e-8 * Math.max(Math.abs(beta), error));
      close(row.real("p_value"), Double.parseDouble(r.get("p")), 1e-6);
      printed.ifPresent(
          plink -> {
            Map<String, String> p = plink.row(row.text("id"));
            double plinkSign = p.get("A1").equals(row.text("alt")) ? 1 : -1;
            assertThat(p.get("ERRCODE")).isEqualTo(".");
            close(plinkSign * row.real("beta"), Double.parseDouble(p.get("BETA")), PRINTED);
            close(row.real("se"), Double.parseDouble(p.get("SE")), PRINTED);
            close(row.real("p_value"), Double.parseDouble(p.get("P")), PRINTED);
          });
    }
    assertThat(tested).isGreaterThan(500);
  }

  /** How far plink2's single precision may be off. */
  private static final double SINGLE = 1e-4;

  /**
   * Logistic estimates against R's, where R has them.
   *
   * @param exact columns beta, se, p of the likelihood; score_U, score_V, score_p of the score test
   * @param score how far the score test may be off
   */
  private static void compareLogistic(AnalysisReport report, Tsv exact, double score) {
    ResultTable table = variants(report);
    int compared = 0;
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      Map<String, String> r = exact.by("id").get(row.text("id"));
      if (r == null || !row.text("code").equals("OK") || row.text("test").equals("FIRTH")) {
        continue;
      }
      compared++;
      assertThat(row.real("n")).isEqualTo(Double.parseDouble(r.get("n")));
      double sign = r.getOrDefault("effect", r.get("alt")).equals(row.text("alt")) ? 1 : -1;
      boolean wald = row.text("test").equals("WALD");
      double v = Double.parseDouble(r.get("score_V"));
      double error = wald ? Double.parseDouble(r.get("se")) : 1 / Math.sqrt(v);
      double beta = sign * Double.parseDouble(r.get(wald ? "beta" : "score_U")) / (wald ? 1 : v);
      double tolerance = wald ? 1e-8 : score;
      close(row.real("se"), error, tolerance);
      assertThat(Math.abs(row.real("beta") - beta))
          .isLessThanOrEqualTo(tolerance * Math.max(Math.abs(beta), error));
      close(row.real("odds_ratio"), Math.exp(row.real("beta")), 1e-15);
      double p = Double.parseDouble(r.get(wald ? "p" : "score_p"));
      close(row.real("p_value"), p, Math.max(1e-6, 100 * (tolerance - 1e-8)));
    }
    assertThat(compared).isGreaterThan(30);
  }

  /** Estimates by one test against what plink2 printed. */
  private static void compareLogistic(AnalysisReport report, String test, Tsv printed, int least) {
    ResultTable table = variants(report);
    int compared = 0;
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      Map<String, String> p = printed.by("ID").get(row.text("id"));
      if (p == null || !row.text("code").equals("OK") || !row.text("test").equals(test)) {
        continue;
      }
      compared++;
      assertThat(p.get("ERRCODE")).isEqualTo(".");
      assertThat(row.real("n")).isEqualTo(Double.parseDouble(p.get("OBS_CT")));
      double sign = p.get("A1").equals(row.text("alt")) ? 1 : -1;
      double error = Double.parseDouble(p.get("SE"));
      // One of plink2's errors of single precision is 4e-3.
      close(row.real("se"), error, 40 * SINGLE);
      assertThat(Math.abs(sign * row.real("beta") - Double.parseDouble(p.get("BETA"))))
          .isLessThanOrEqualTo(10 * SINGLE * Math.max(Math.abs(row.real("beta")), error));
    }
    assertThat(compared).isGreaterThanOrEqualTo(least);
  }

  private static Sheet joined(Sheet rows, Tsv other, List<String> columns) {
    Sheet all = rows;
    Map<String, Map<String, String>> byPerson = other.by("IID");
    for (String column : columns) {
      all = all.with(column, row -> byPerson.get(row.get("IID")).get(column));
    }
    return all;
  }

  private static final String REGENIE =
      """
      [{name: qc, type: variant-qc, minCarriers: 0},
       {name: y1, type: gwas, formula: "Y1 ~ V1 + V2 + V3", minCarriers: 0, absent: allow},
       {name: y2, type: gwas, formula: "Y2 ~ V1 + V2 + V3", minCarriers: 0},
       {name: alone, type: gwas, formula: "Y1 ~ 1", minCarriers: 0},
       {name: score, type: gwas, model: logistic, formula: "B1 ~ V1 + V2 + V3", pThreshold: 0},
       {name: wald, type: gwas, model: logistic, formula: "B1 ~ V1 + V2 + V3", test: likelihood}]
      """
          .strip();

  private static Sheet regenie() {
    Sheet sites = Tsv.read("oracles/gwas-regenie/sites.tsv").sheet();
    Sheet with =
        joined(sites, Tsv.read("data/gwas-regenie/covariates.txt"), List.of("V1", "V2", "V3"));
    Map<String, Map<String, String>> binary =
        Tsv.read("data/gwas-regenie/phenotype_bin.txt").by("IID");
    return joined(with, Tsv.read("data/gwas-regenie/phenotype.txt"), List.of("Y1", "Y2"))
        .with("B1", row -> binary.get(row.get("IID")).get("Y1"))
        .with("B2", row -> binary.get(row.get("IID")).get("Y2"));
  }

  @Test
  void regenieExampleAtFourSites() throws IOException {
    Path data = Oracle.shared().resolve("data/gwas-regenie");
    CallMatrix all = CallMatrix.bed(data.resolve("example"));
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.GRCH37, "{}", REGENIE)
            .released(OPEN)
            .openBy(regenie(), "SITE", data.resolve("example").toString())) {
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
      for (int y = 1; y <= 2; y++) {
        compare(
            opened.report(y),
            Tsv.read("oracles/gwas-regenie/R.Y" + y + ".linear.csv.gz"),
            Optional.of(Tsv.read("oracles/gwas-regenie/plink2.Y" + y + ".glm.linear")));
      }
      Tsv alone = Tsv.read("oracles/gwas-regenie/plink2.Y1.no_covariates.glm.linear");
      ResultTable slopes = variants(opened.report(3));
      for (List<Cell> cells : slopes.rows()) {
        Row row = new Row(slopes, cells);
        Map<String, String> p = alone.row(row.text("id"));
        double sign = p.get("A1").equals(row.text("alt")) ? 1 : -1;
        close(sign * row.real("beta"), Double.parseDouble(p.get("BETA")), PRINTED);
        close(row.real("p_value"), Double.parseDouble(p.get("P")), PRINTED);
      }
      Tsv logistic = Tsv.read("oracles/gwas-regenie/R.bin.Y1.logistic.csv.gz");
      compareLogistic(opened.report(4), logistic, 1e-8);
      AnalysisReport wald = opened.report(5);
      compareLogistic(wald, logistic, 0);
      compareLogistic(
          wald, "WALD", Tsv.read("oracles/gwas-regenie/plink2.bin.Y1.no-firth.glm"), 900);
      lacking(opened, all);
    }
  }

  /**
   * S2 has the other allele first and lacks every tenth variant. The answer is that of one table
   * without these calls, to the bit.
   */
  private void lacking(GenotypedSites four, CallMatrix all) {
    Sheet rows = regenie();
    List<String> ids = rows.rows().stream().map(row -> row.get(1)).toList();
    CallMatrix part = all.among(ids);
    for (int v = 0; v < part.copies().length; v += 10) {
      for (int i = 0; i < ids.size(); i++) {
        part.copies()[v][i] = rows.rows().get(i).get(2).equals("S2") ? -1 : part.copies()[v][i];
      }
    }
    GenotypedSites pooled =
        new GenotypedSites(four.study(), folder, four.list(), new ArrayList<>());
    pooled.open(rows, part.write(folder, "pooled", false));
    GenotypedSites split =
        new GenotypedSites(
            four.study(),
            folder,
            four.list(),
            new ArrayList<>(
                List.of(four.tables().get(0), four.tables().get(2), four.tables().get(3))));
    Sheet second = rows.where("SITE", "S2");
    split.open(
        second,
        all.among(second.rows().stream().map(row -> row.get(1)).toList())
            .only(v -> v % 10 != 0)
            .write(folder, "second", true));
    assertThat(split.report(1)).isEqualTo(pooled.report(1));
    four.tables().addAll(pooled.tables());
    four.tables().add(split.tables().get(3));
  }

  private static final String HAPMAP =
      """
      [{name: qc, type: variant-qc, minCarriers: 0},
       {name: pcs, type: gwas, formula: "QT ~ AGE + SEX + PC1 + PC2 + PC3 + PC4 + PC5", minCarriers: 0},
       {name: plain, type: gwas, formula: "QT ~ AGE + SEX", minCarriers: 0},
       {name: sites, type: gwas, formula: "QT ~ AGE + SEX + POP", minCarriers: 0},
       {name: case, type: gwas, model: logistic, formula: "CASE ~ AGE + SEX + PC1 + PC2 + PC3 + PC4 + PC5", minCarriers: 0, pThreshold: 0.05}]
      """
          .strip();

  /** 11 populations; every second file has the alleles of every second variant swapped. */
  @Test
  void hapmapAtItsPopulations() throws IOException {
    Path data = Oracle.shared().resolve("data/pca-hapmap3");
    CallMatrix all = CallMatrix.bed(data.resolve("HM3_thinned_autosomal_overlap"));
    Sheet sites = Tsv.read("data/pca-hapmap3/sites.tsv").sheet();
    Sheet with =
        joined(
            joined(
                sites,
                Tsv.read("data/pca-hapmap3/phenotypes.tsv"),
                List.of("QT", "CASE", "AGE", "SEX")),
            Tsv.read("oracles/pca-hapmap3/plink2.eigenvec"),
            List.of("PC1", "PC2", "PC3", "PC4", "PC5"));
    List<String> populations =
        sites.rows().stream().map(row -> row.get(2)).distinct().sorted().toList();
    String columns = "{POP: {levels: " + populations + "}}";
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.NCBI36, columns, HAPMAP).released(OPEN)) {
      for (String population : populations) {
        Sheet rows = with.where("POP", population);
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
      AnalysisReport pcs = opened.report(1);
      compare(
          pcs,
          Tsv.read("oracles/pca-hapmap3/R.QT.age_sex_5pc.linear.csv.gz"),
          Optional.of(Tsv.read("oracles/pca-hapmap3/plink2.QT.age_sex_5pc.glm.linear.gz")));
      AnalysisReport plain = opened.report(2);
      JsonNode lambda = Oracle.json("pca-hapmap3/R.lambda_gc.json");
      close(real(pcs, "lambda_gc"), lambda.get("lambda_gc_age_sex_5pc").asDouble(), 1e-8);
      close(real(plain, "lambda_gc"), lambda.get("lambda_gc_age_sex").asDouble(), 1e-8);
      compare(
          opened.report(3),
          Tsv.read("oracles/pca-hapmap3/R.QT.age_sex_site.linear.csv.gz"),
          Optional.empty());
      AnalysisReport binary = opened.report(4);
      compareLogistic(
          binary,
          Tsv.read("oracles/pca-hapmap3/R.CASE.age_sex_5pc.logistic.every20th.csv.gz"),
          1e-2);
      compareLogistic(
          binary,
          "WALD",
          Tsv.read("oracles/pca-hapmap3/plink2.CASE.age_sex_5pc.glm.logistic.gz"),
          500);
    }
  }

  /**
   * Variants whose carriers all are cases or all controls, by R: steps (X'WX)^-1 X'(y - mu + h (1/2
   * - mu)) with hat values h, to 1e-10 of a standard error.
   */
  private static void separated(ResultTable table) {
    Map<String, double[]> exact =
        Map.of(
            "rs530875554", new double[] {-1.802963, 1.715825},
            "rs555374909", new double[] {2.715915, 1.680366},
            "rs575656951", new double[] {3.117418, 1.747150});
    int found = 0;
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      double[] r = exact.get(row.text("id"));
      if (r != null) {
        found++;
        assertThat(row.text("test")).isEqualTo("FIRTH");
        close(row.real("beta"), r[0], 5e-7);
        close(row.real("se"), r[1], 5e-7);
      }
    }
    assertThat(found).isEqualTo(exact.size());
  }

  private static double real(AnalysisReport report, String fact) {
    return ((Cell.Real) report.facts().get(fact)).value();
  }

  private static final List<String> CONFOUNDERS =
      List.of(
          "sharedConfounder1_bin1",
          "independentConfounder2_cat_norm1",
          "independentConfounder2_cat_norm2",
          "independentConfounder3_cat_unif1",
          "sharedConfounder4_norm1",
          "independentConfounder4_norm1");

  @Test
  void thousandGenomesWithMidP() throws IOException {
    CallMatrix all =
        CallMatrix.vcf(Oracle.shared().resolve("data/gwas-1000g-chr21/genotypes.vcf.gz"));
    Sheet samples = Tsv.read("data/gwas-1000g-chr21/samples.psam").sheet();
    Tsv covariates = Tsv.read("data/gwas-1000g-chr21/covariates.csv.gz").named("sample_id", "IID");
    Tsv traits =
        Tsv.read("data/gwas-1000g-chr21/continuous-phenotypes.csv.gz").named("sample_id", "IID");
    Tsv binary =
        Tsv.read("data/gwas-1000g-chr21/binary-phenotypes.csv.gz").named("sample_id", "IID");
    String right = " ~ " + String.join(" + ", CONFOUNDERS) + "\"}";
    String logistic =
        "type: gwas, model: logistic, test: likelihood, minCarriers: 5, formula: \"Binary_Trait_1";
    String analyses =
        "["
            + QC
            + ", {name: t, type: gwas, minCarriers: 0, formula: \"Continuous_Trait_1"
            + right
            + ", {name: wald, "
            + logistic
            + right
            + ", {name: firth, firth: always, "
            + logistic
            + right
            + "]";
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.GRCH37, "{}", analyses)
            .released(OPEN)
            .openBy(
                joined(
                    joined(
                        joined(samples, covariates, CONFOUNDERS),
                        traits,
                        List.of("Continuous_Trait_1")),
                    binary,
                    List.of("Binary_Trait_1")),
                "SuperPop",
                all.write(folder, "all", false))) {
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
      compare(
          opened.report(1),
          Tsv.read("oracles/gwas-1000g-chr21/R.Continuous_Trait_1.linear.csv.gz"),
          Optional.empty());
      Tsv exact = Tsv.read("oracles/gwas-1000g-chr21/R.Binary_Trait_1.logistic.csv");
      AnalysisReport wald = opened.report(2);
      compareLogistic(wald, exact, 0);
      Tsv printed = Tsv.read("oracles/gwas-1000g-chr21/plink2.Binary_Trait_1.firth-fallback.glm");
      compareLogistic(wald, "WALD", printed, 100);
      compareLogistic(wald, "FIRTH", printed, 3);
      separated(variants(wald));
      compareLogistic(
          opened.report(3),
          "FIRTH",
          Tsv.read("oracles/gwas-1000g-chr21/plink2.Binary_Trait_1.firth.glm"),
          150);
    }
  }
}
