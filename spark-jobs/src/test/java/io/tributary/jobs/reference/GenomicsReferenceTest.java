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
import java.nio.file.Files;
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

  /** Collects what is compared with one file below the folder of oracles. */
  private record Against(String file) {
    Tsv rows() {
      return Tsv.read("oracles/" + file);
    }

    void close(String quantity, double actual, String expected, double tolerance) {
      Differences.check(file, quantity, actual, Double.parseDouble(expected), tolerance);
    }

    /** Relative to a scale, since effects may be near 0. */
    void close(String quantity, double actual, String expected, double scale, double tolerance) {
      Differences.check(file, quantity, actual, Double.parseDouble(expected), scale, tolerance);
    }

    void exact(String quantity, double actual, String expected) {
      Differences.check(file, quantity, actual, Double.parseDouble(expected), 0);
    }
  }

  /** Frequencies, genotypes and both p-values of every variant. */
  private static void compare(
      ResultTable table, String frequencyFile, String hardyFile, String p, String column) {
    Against frequency = new Against(frequencyFile);
    Against equilibrium = new Against(hardyFile);
    Tsv frequencies = frequency.rows();
    Tsv hardy = equilibrium.rows();
    assertThat(table.rows()).hasSameSizeAs(frequencies.rows()).hasSameSizeAs(hardy.rows());
    for (int v = 0; v < table.rows().size(); v++) {
      Row row = new Row(table, table.rows().get(v));
      Map<String, String> of = frequencies.row(row.text("id"));
      frequency.close("alt_freq", row.real("alt_freq"), of.get("ALT_FREQS"), PRINTED);
      frequency.exact("alleles", 2 * row.real("n"), of.get("OBS_CT"));
      Map<String, String> test = hardy.row(row.text("id"));
      boolean refFirst = test.get("A1").equals(row.text("ref"));
      double homozygous = row.real(refFirst ? "hom_ref_ct" : "hom_alt_ct");
      equilibrium.exact("genotypes", homozygous, test.get("HOM_A1_CT"));
      equilibrium.exact("genotypes", row.real("het_ct"), test.get("HET_A1_CT"));
      equilibrium.close("o_het", row.real("o_het"), test.get("O(HET_A1)"), PRINTED);
      equilibrium.close("e_het", row.real("e_het"), test.get("E(HET_A1)"), PRINTED);
      if (test.get(p).equals("0")) {
        // plink2 has left the range of doubles.
        assertThat(row.real("neg_log_10_hwe_p_value")).isGreaterThan(307);
      } else {
        equilibrium.close(column, row.real(column), test.get(p), PRINTED);
      }
    }
  }

  /** Associations against R's exact ones and plink2's printed ones. */
  private static void compare(AnalysisReport report, String file, Optional<String> plinkFile) {
    ResultTable table = variants(report);
    Against against = new Against(file);
    Tsv exact = against.rows();
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
      against.exact("n", row.real("n"), r.get("n"));
      double sign = r.getOrDefault("effect", r.get("alt")).equals(row.text("alt")) ? 1 : -1;
      double error = Double.parseDouble(r.get("se"));
      against.close("se", row.real("se"), r.get("se"), 1e-8);
      against.close("beta", sign * row.real("beta"), r.get("beta"), error, 1e-8);
      against.close("p_value", row.real("p_value"), r.get("p"), 1e-6);
    }
    assertThat(tested).isGreaterThan(500);
    plinkFile.ifPresent(plink -> comparePrinted(table, plink));
  }

  /** Linear associations against what plink2 printed. */
  private static void comparePrinted(ResultTable table, String file) {
    Against against = new Against(file);
    Tsv printed = against.rows();
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      if (row.text("code").equals("OK")) {
        Map<String, String> p = printed.row(row.text("id"));
        double sign = p.get("A1").equals(row.text("alt")) ? 1 : -1;
        assertThat(p.get("ERRCODE")).isEqualTo(".");
        against.close("beta", sign * row.real("beta"), p.get("BETA"), PRINTED);
        against.close("se", row.real("se"), p.get("SE"), PRINTED);
        against.close("p_value", row.real("p_value"), p.get("P"), PRINTED);
      }
    }
  }

  /**
   * Linear associations against what REGENIE printed, whose errors divide by the persons instead of
   * the degrees of freedom.
   */
  private static void comparePublished(ResultTable table, String file) {
    Against against = new Against(file);
    Map<String, Map<String, String>> published = against.rows().by("ID");
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      Map<String, String> r = published.get(row.text("id"));
      double sign = r.get("ALLELE1").equals(row.text("alt")) ? 1 : -1;
      double printed = Double.parseDouble(r.get("SE"));
      against.close("beta", sign * row.real("beta"), r.get("BETA"), printed, PRINTED);
    }
    assertThat(table.rows()).hasSize(published.size());
  }

  /** How far plink2's single precision may be off. */
  private static final double SINGLE = 1e-4;

  /**
   * Logistic estimates against R's, where R has them.
   *
   * @param file columns beta, se, p of the likelihood; score_U, score_V, score_p of the score test
   * @param score how far the score test may be off
   */
  private static void compareLogistic(AnalysisReport report, String file, double score) {
    ResultTable table = variants(report);
    Against against = new Against(file);
    Tsv exact = against.rows();
    int compared = 0;
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      Map<String, String> r = exact.by("id").get(row.text("id"));
      if (r == null || !row.text("code").equals("OK") || row.text("test").equals("FIRTH")) {
        continue;
      }
      compared++;
      against.exact("n", row.real("n"), r.get("n"));
      double sign = r.getOrDefault("effect", r.get("alt")).equals(row.text("alt")) ? 1 : -1;
      boolean wald = row.text("test").equals("WALD");
      double v = Double.parseDouble(r.get("score_V"));
      double error = wald ? Double.parseDouble(r.get("se")) : 1 / Math.sqrt(v);
      double beta = sign * Double.parseDouble(r.get(wald ? "beta" : "score_U")) / (wald ? 1 : v);
      double tolerance = wald ? 1e-8 : score;
      String test = wald ? "" : "score test's ";
      Differences.check(file, test + "se", row.real("se"), error, tolerance);
      Differences.check(file, test + "beta", row.real("beta"), beta, error, tolerance);
      close(row.real("odds_ratio"), Math.exp(row.real("beta")), 1e-15);
      String p = r.get(wald ? "p" : "score_p");
      double within = Math.max(1e-6, 100 * (tolerance - 1e-8));
      against.close(test + "p_value", row.real("p_value"), p, within);
    }
    assertThat(compared).isGreaterThan(30);
  }

  /** Estimates by one test against what plink2 printed. */
  private static void compareLogistic(AnalysisReport report, String test, String file, int least) {
    ResultTable table = variants(report);
    Against against = new Against(file);
    Tsv printed = against.rows();
    int compared = 0;
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      Map<String, String> p = printed.by("ID").get(row.text("id"));
      if (p == null || !row.text("code").equals("OK") || !row.text("test").equals(test)) {
        continue;
      }
      compared++;
      assertThat(p.get("ERRCODE")).isEqualTo(".");
      against.exact("n", row.real("n"), p.get("OBS_CT"));
      double sign = p.get("A1").equals(row.text("alt")) ? 1 : -1;
      double error = Double.parseDouble(p.get("SE"));
      String of = test.equals("FIRTH") ? "Firth's " : "";
      // One of plink2's errors of single precision is 4e-3.
      against.close(of + "se", row.real("se"), p.get("SE"), 40 * SINGLE);
      against.close(of + "beta", sign * row.real("beta"), p.get("BETA"), error, 10 * SINGLE);
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
       {name: wald, type: gwas, model: logistic, formula: "B1 ~ V1 + V2 + V3", test: likelihood},
       {name: dominant, type: gwas, formula: "Y1 ~ V1 + V2 + V3", coding: dominant, minCarriers: 0},
       {name: recessive, type: gwas, formula: "Y1 ~ V1 + V2 + V3", coding: recessive, minCarriers: 0}]
      """
          .strip();

  /** TEST, ID, BETA, SE and P of plink2 2.00a3.5, {@code --glm dominant} and {@code recessive}. */
  private static final List<String> CODED =
      List.of(
          "DOM 4 0.0905684 0.0550981 0.100859",
          "DOM 154 0.0379609 0.0545037 0.486452",
          "DOM 304 -0.0339776 0.05526 0.538925",
          "DOM 454 0.0504498 0.0550773 0.360122",
          "DOM 604 0.00831603 0.0663844 0.90036",
          "DOM 754 0.0207671 0.0692715 0.764461",
          "DOM 904 0.0652035 0.0774802 0.400446",
          "REC 4 0.247072 0.145405 0.0899102",
          "REC 154 -0.167125 0.130987 0.202591",
          "REC 304 -0.0445744 0.128452 0.72873",
          "REC 454 -0.0198928 0.133866 0.881928",
          "REC 604 0.198931 0.294264 0.499339",
          "REC 754 -0.0660727 0.264063 0.802524",
          "REC 904 0.371617 0.416011 0.372138");

  private static void compareCoded(String test, ResultTable table) {
    int compared = 0;
    for (String line : CODED) {
      String[] printed = line.split(" ");
      for (List<Cell> cells : table.rows()) {
        Row row = new Row(table, cells);
        if (printed[0].equals(test) && printed[1].equals(row.text("id"))) {
          compared++;
          close(row.real("beta"), Double.parseDouble(printed[2]), PRINTED);
          close(row.real("se"), Double.parseDouble(printed[3]), PRINTED);
          close(row.real("p_value"), Double.parseDouble(printed[4]), PRINTED);
        }
      }
    }
    assertThat(compared).isEqualTo(CODED.size() / 2);
  }

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

  /** The example of REGENIE's authors, at four sites. */
  static void regenieExample(Path folder) throws IOException {
    Path data = Oracle.shared().resolve("data/gwas-regenie");
    CallMatrix all = CallMatrix.bed(data.resolve("example"));
    try (GenotypedSites opened =
        GenotypedSites.of(folder, all, Assembly.GRCH37, "{}", REGENIE)
            .released(OPEN)
            .openBy(regenie(), "SITE", data.resolve("example").toString())) {
      ResultTable table = variants(opened.report(0));
      compare(table, "gwas-regenie/plink2.afreq", "gwas-regenie/plink2.hardy", "P", "hwe_p_value");
      Against counted = new Against("gwas-regenie/R.counts_by_site.csv.gz");
      Tsv exact = counted.rows().where("site", "pooled");
      Against absent = new Against("gwas-regenie/plink2.vmiss");
      Tsv missing = absent.rows();
      for (List<Cell> cells : table.rows()) {
        Row row = new Row(table, cells);
        Map<String, String> r = exact.row(row.text("id"));
        counted.close("hwe_p_value", row.real("hwe_p_value"), r.get("hwe_exact_p"), 1e-10);
        String count = missing.row(row.text("id")).get("MISSING_CT");
        absent.exact("missing_ct", row.real("missing_ct"), count);
      }
      for (int y = 1; y <= 2; y++) {
        compare(
            opened.report(y),
            "gwas-regenie/R.Y" + y + ".linear.csv.gz",
            Optional.of("gwas-regenie/plink2.Y" + y + ".glm.linear"));
        comparePublished(
            variants(opened.report(y)),
            "gwas-regenie/published/glow_repo.test_lin_out_Y" + y + ".regenie");
      }
      comparePrinted(variants(opened.report(3)), "gwas-regenie/plink2.Y1.no_covariates.glm.linear");
      String logistic = "gwas-regenie/R.bin.Y1.logistic.csv.gz";
      compareLogistic(opened.report(4), logistic, 1e-8);
      AnalysisReport wald = opened.report(5);
      compareLogistic(wald, logistic, 0);
      compareLogistic(wald, "WALD", "gwas-regenie/plink2.bin.Y1.no-firth.glm", 900);
      compareCoded("DOM", variants(opened.report(6)));
      compareCoded("REC", variants(opened.report(7)));
      lacking(opened, all, folder);
    }
  }

  /**
   * S2 has the other allele first and lacks every tenth variant. The answer is that of one table
   * without these calls, to the bit.
   */
  private static void lacking(GenotypedSites four, CallMatrix all, Path folder) {
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
       {name: case, type: gwas, model: logistic, formula: "CASE ~ AGE + SEX + PC1 + PC2 + PC3 + PC4 + PC5", minCarriers: 0, pThreshold: 0.05},
       {name: prune, type: ld-prune, window: 200, step: 50, r2: 0.05, missing: drop, minFrequency: 0, minCarriers: 0},
       {name: structure, type: pca, components: 6, prune: none, minFrequency: 0, minCarriers: 0}]
      """
          .strip();

  /** The variants that plink2 leaves. */
  private static void comparePruned(AnalysisReport report) throws IOException {
    List<String> kept = new ArrayList<>();
    ResultTable table = variants(report);
    for (List<Cell> cells : table.rows()) {
      Row row = new Row(table, cells);
      if (row.text("code").equals("KEPT")) {
        kept.add(row.text("id"));
      } else {
        assertThat(row.text("code")).isEqualTo("PRUNED");
      }
    }
    Path plink =
        Oracle.shared().resolve("oracles/pca-hapmap3/plink2.indep_pairwise_200_50_0.05.prune.in");
    assertThat(kept).containsExactlyInAnyOrderElementsOf(Files.readAllLines(plink));
  }

  private static final int COMPONENTS = 6;

  /** R's eigenvalues, and its eigenvectors against scores that are made from the loadings here. */
  private static void compareComponents(AnalysisReport report, CallMatrix all) {
    ResultTable components = variants(report);
    JsonNode exact = Oracle.json("pca-hapmap3/R.pca.json");
    assertThat(components.rows()).hasSize(COMPONENTS);
    for (int j = 0; j < COMPONENTS; j++) {
      Row row = new Row(components, components.rows().get(j));
      assertThat(row.text("code")).isEqualTo("OK");
      close(row.real("eigenvalue"), exact.get("eigenvalues").get(j).asDouble(), 1e-8);
    }
    ResultTable loadings = report.tables().get(2);
    int persons = all.individuals().size();
    double[][] scores = new double[COMPONENTS][persons];
    for (int at = 0; at < loadings.rows().size(); at++) {
      Row row = new Row(loadings, loadings.rows().get(at));
      assertThat(all.variants().get(at / COMPONENTS).id()).isEqualTo(row.text("id"));
      double f = row.real("alt_freq");
      double by = row.real("loading") / Math.sqrt(2 * f * (1 - f));
      int[] copies = all.copies()[at / COMPONENTS];
      for (int i = 0; i < persons; i++) {
        scores[at % COMPONENTS][i] += copies[i] < 0 ? 0 : (copies[i] - 2 * f) * by;
      }
    }
    Tsv vectors = Tsv.read("oracles/pca-hapmap3/R.pca.eigenvectors.csv");
    for (int j = 0; j < COMPONENTS; j++) {
      double along = 0;
      double squares = 0;
      for (int i = 0; i < persons; i++) {
        Map<String, String> of = vectors.by("iid").get(all.individuals().get(i));
        along += scores[j][i] * Double.parseDouble(of.get("PC." + (j + 1)));
        squares += scores[j][i] * scores[j][i];
      }
      assertThat(Math.abs(along) / Math.sqrt(squares)).isGreaterThan(0.999999);
    }
  }

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
          "pca-hapmap3/plink2.afreq.gz",
          "pca-hapmap3/plink2.hardy.gz",
          "P",
          "hwe_p_value");
      AnalysisReport pcs = opened.report(1);
      compare(
          pcs,
          "pca-hapmap3/R.QT.age_sex_5pc.linear.csv.gz",
          Optional.of("pca-hapmap3/plink2.QT.age_sex_5pc.glm.linear.gz"));
      AnalysisReport plain = opened.report(2);
      JsonNode lambda = Oracle.json("pca-hapmap3/R.lambda_gc.json");
      close(real(pcs, "lambda_gc"), lambda.get("lambda_gc_age_sex_5pc").asDouble(), 1e-8);
      close(real(plain, "lambda_gc"), lambda.get("lambda_gc_age_sex").asDouble(), 1e-8);
      compare(opened.report(3), "pca-hapmap3/R.QT.age_sex_site.linear.csv.gz", Optional.empty());
      AnalysisReport binary = opened.report(4);
      compareLogistic(binary, "pca-hapmap3/R.CASE.age_sex_5pc.logistic.every20th.csv.gz", 1e-2);
      compareLogistic(binary, "WALD", "pca-hapmap3/plink2.CASE.age_sex_5pc.glm.logistic.gz", 500);
      comparePruned(opened.report(5));
      compareComponents(opened.report(6), all);
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
      String frequencies = "gwas-1000g-chr21/plink2.afreq.gz";
      compare(table, frequencies, "gwas-1000g-chr21/plink2.hardy.gz", "P", "hwe_p_value");
      compare(
          table, frequencies, "gwas-1000g-chr21/plink2.midp.hardy.gz", "MIDP", "hwe_mid_p_value");
      compare(
          opened.report(1),
          "gwas-1000g-chr21/R.Continuous_Trait_1.linear.csv.gz",
          Optional.empty());
      String exact = "gwas-1000g-chr21/R.Binary_Trait_1.logistic.csv";
      AnalysisReport wald = opened.report(2);
      compareLogistic(wald, exact, 0);
      String printed = "gwas-1000g-chr21/plink2.Binary_Trait_1.firth-fallback.glm";
      compareLogistic(wald, "WALD", printed, 100);
      compareLogistic(wald, "FIRTH", printed, 3);
      separated(variants(wald));
      compareLogistic(
          opened.report(3), "FIRTH", "gwas-1000g-chr21/plink2.Binary_Trait_1.firth.glm", 150);
    }
  }
}
