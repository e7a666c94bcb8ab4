package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.reference.Differences.Quantity;
import io.tributary.jobs.reference.Differences.Worst;
import io.tributary.jobs.survival.Curve.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of the shared oracles that concerns statistics, at its tolerance. The largest
 * differences stand in engine/docs/ORACLES.md, which has to say what comes out here; with
 * -Dtributary.docs=write it is written anew.
 */
class OracleTableTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("basedir", ".")).resolve("../engine/docs/ORACLES.md");

  private static final String TESTS = "heart-disease/tests.json";
  private static final String HEART = "heart-disease/";
  private static final String LUNG = "survival-lung/";
  private static final String COLON = "survival-colon/";
  private static final String GWAS = "gwas-regenie/";

  private static final String GENOME = "no regression on whole genomes, and no offsets from one";

  /** Files that nothing here computes, and why. */
  private static final Map<String, String> ABSENT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(HEART + "glmer_site_random_intercept.json", "no mixed models"),
              Map.entry(HEART + "kmeans3.json", "no clustering"),
              Map.entry(HEART + "kmeans3_assignment.csv", "no clustering"),
              Map.entry(
                  HEART + "logistic_m1_meta_analysis.csv",
                  "needs each site's own estimates, which are not released"),
              Map.entry(HEART + "pca.json", "no principal components"),
              Map.entry(
                  GWAS + "R.Y1.meta_4_sites.csv.gz",
                  "needs each site's own estimates, which are not released"),
              Map.entry(
                  GWAS + "plink2.Y1.genotypic.glm.linear", "no model of two degrees of freedom"),
              Map.entry(GWAS + "published/glow_repo.fit_lin_out_3chr_Y1.loco", GENOME),
              Map.entry(GWAS + "published/glow_repo.fit_lin_out_3chr_Y2.loco", GENOME),
              Map.entry(GWAS + "published/glow_repo.test_lin_out_3chr_Y1.regenie", GENOME),
              Map.entry(GWAS + "published/glow_repo.test_lin_out_3chr_Y2.regenie", GENOME),
              Map.entry(
                  GWAS + "published/glow_repo.test_lin_out_missing_Y1.regenie",
                  "its genotypes with missing calls are not among the data")));

  /** Numbers in files above that are not compared, and why. */
  private static final List<String> LEFT_OUT =
      List.of(
          "heart-disease logistic models: auc, brier, confusion_at_0.5, hosmer_lemeshow, auc_pROC:"
              + " no analysis judges predictions yet",
          "heart-disease/contingency_cp_y.json: expected counts are no output",
          "heart-disease/correlation.json: spearman: there is no correlation of ranks over pairs",
          "heart-disease/summary.csv: skewness_g1, excess_kurtosis_g2, min, max, median_type1: not"
              + " computed, and extremes are single persons' values",
          "heart-disease frequencies, summary and histogram: pooled lines, not those by site",
          "heart-disease/logistic_m1_newton_path.csv: the last iteration; ours begins elsewhere",
          "heart-disease/logistic_m1_per_site.csv: Switzerland, where ours ends in SEPARATION",
          "heart-disease/logistic_m1_site_partials.json: sums over sites at the estimate",
          "survival models: concordance: not computed",
          "survival-colon/km_death_by_rx_at_years.csv: times that the release floor withholds",
          "published REGENIE files: errors and statistics, which divide by other degrees of freedom");

  /** Below it is rounding of single operations, which another processor may do otherwise. */
  private static final double LEAST = 1e-15;

  @TempDir private Path folder;

  private record Row(String file, Executable comparison) {}

  private static Stream<Row> heart() {
    Federation three = Federation.heart(3);
    Federation seven = Federation.heart(7);
    Federation ten = Federation.heart(10);
    Federation hospitals = Federation.hospitals();
    List<Row> rows = new ArrayList<>();
    for (String model :
        List.of(
            "logistic_m1",
            "logistic_m2_cp_exang",
            "logistic_m3_site_fixed_effects",
            "linear_thalach",
            "linear_thalach_interaction_site",
            "poisson_num",
            "probit",
            "gamma_log_thalach",
            "gamma_inverse_thalach")) {
      glm(rows, HEART + model + ".json", three);
    }
    for (String model :
        List.of(
            "logistic_m1",
            "logistic_m2_cp_exang",
            "linear_thalach",
            "poisson_num",
            "gamma_inverse_thalach")) {
      glm(rows, HEART + model + ".json", seven);
      glm(rows, HEART + model + ".json", ten);
    }
    // The Swiss hospital has no healthy woman: its own fit does not exist, the pooled one does.
    glm(rows, HEART + "logistic_m1.json", hospitals);
    add(
        rows,
        HEART + "datashield_ds_glm_logistic_m1.json",
        file -> GlmOracles.dataShield(file, hospitals));
    add(rows, HEART + "logistic_m1_per_site.csv", file -> GlmOracles.sites(file, hospitals));
    add(rows, HEART + "logistic_m1_newton_path.csv", file -> GlmOracles.path(file, seven));
    add(rows, HEART + "logistic_m1_site_partials.json", file -> GlmOracles.partials(file, seven));
    add(
        rows,
        HEART + "linear_thalach_site_partials.json",
        file -> GlmOracles.normalEquations(file, seven));
    for (Federation split : List.of(three, seven, ten)) {
      add(rows, HEART + "summary.csv", file -> SummaryOracles.columns(file, split));
      for (String column :
          List.of("sex", "cp", "fbs", "restecg", "exang", "slope", "ca", "thal", "num")) {
        add(
            rows,
            HEART + "frequencies.csv",
            file -> CountsOracles.frequencies(file, column, split));
      }
      add(rows, HEART + "correlation.json", file -> CountsOracles.correlations(file, split));
    }
    add(rows, HEART + "histogram-age.csv", file -> CountsOracles.histogram(file, three));
    add(rows, HEART + "contingency_cp_y.json", CategoriesReferenceTest::counts);
    add(
        rows,
        HEART + "logistic_penalised_glmnet.json",
        file -> ElasticNetReferenceTest.oracle(file, Federation.penalised()));
    return rows.stream();
  }

  private static Stream<Row> tests() {
    Federation three = Federation.heart(3);
    List<Row> rows = new ArrayList<>();
    String sex = "chisq_sex_by_y_no_correction";
    String yates = "chisq_sex_by_y_yates";
    String cp = "chisq_cp_by_y";
    String site = "chisq_site_by_y";
    test(rows, () -> CountsOracles.chiSquare(TESTS, sex, three, "sex-y", 0));
    test(rows, () -> CountsOracles.chiSquare(TESTS, yates, three, "sex-y", 1));
    test(rows, () -> CountsOracles.chiSquare(TESTS, cp, three, "cp-y", 0));
    test(rows, () -> CountsOracles.chiSquare(TESTS, site, three, "site-y", 0));
    test(rows, () -> CategoriesReferenceTest.chiSquare(TESTS, sex, "table-sex", "chi-square"));
    test(
        rows,
        () -> CategoriesReferenceTest.chiSquare(TESTS, yates, "table-sex", "chi-square, Yates"));
    test(rows, () -> CategoriesReferenceTest.chiSquare(TESTS, cp, "table-cp", "chi-square"));
    test(rows, () -> CategoriesReferenceTest.chiSquare(TESTS, site, "table-site", "chi-square"));
    test(rows, () -> CountsOracles.fisher(TESTS, three));
    test(rows, () -> CountsOracles.correlationTest(TESTS, three));
    test(rows, () -> CategoriesReferenceTest.strata(TESTS));
    test(rows, () -> CategoriesReferenceTest.mannAndWhitney(TESTS));
    test(rows, () -> CategoriesReferenceTest.kruskalAndWallis(TESTS));
    test(rows, () -> MeansReferenceTest.twoSamples(TESTS, "t_welch_age_by_y", "t-welch", 0));
    test(rows, () -> MeansReferenceTest.twoSamples(TESTS, "t_welch_thalach_by_y", "t-welch", 1));
    test(rows, () -> MeansReferenceTest.twoSamples(TESTS, "t_student_age_by_y", "t-student", 0));
    test(rows, () -> MeansReferenceTest.varianceAnalysis(TESTS));
    return rows.stream();
  }

  private static Stream<Row> lung() {
    Federation three = Federation.lung(3);
    Federation sites = Federation.lungSites();
    List<Row> rows = new ArrayList<>();
    for (String model :
        List.of(
            "cox_breslow",
            "cox_efron",
            "cox_breslow_5_covariates",
            "cox_efron_5_covariates",
            "cox_breslow_strata_site",
            "cox_efron_strata_site")) {
      cox(rows, LUNG + model + ".json", three, model.replace('_', '-'));
    }
    cox(rows, LUNG + "cox_efron.json", sites, "cox-efron");
    cox(rows, LUNG + "cox_efron_strata_site.json", sites, "by-site-efron");
    cox(rows, LUNG + "cox_breslow_strata_site.json", sites, "by-site-breslow");
    add(
        rows,
        LUNG + "cox_efron_per_site.csv",
        file -> CoxReferenceTest.sites(file, sites, "cox-efron"));
    add(
        rows,
        LUNG + "cox_breslow_score_information.json",
        file -> CoxReferenceTest.scoreAndInformation(file, three));
    add(
        rows,
        LUNG + "cox_efron_zph_km.json",
        file -> CoxReferenceTest.proportionalHazards(file, three));
    hazard(rows, LUNG + "cox_breslow_baseline_hazard.csv", three, "cox-breslow");
    hazard(rows, LUNG + "cox_efron_baseline_hazard.csv", three, "cox-efron");
    curves(rows, LUNG + "km_overall.csv", three, "km", Limits.LOG);
    curves(rows, LUNG + "km_by_sex.csv", three, "km-sex", Limits.LOG);
    curves(rows, LUNG + "km_by_sex_loglog_ci.csv", three, "km-sex-log-log", Limits.LOG_LOG);
    curves(rows, LUNG + "km_by_site.csv", three, "km-site", Limits.LOG);
    groups(rows, LUNG + "km_overall_table.json", sites, "km");
    groups(rows, LUNG + "km_by_sex_table.json", sites, "km-sex");
    groups(rows, LUNG + "km_by_site_table.json", sites, "km-site");
    add(
        rows,
        LUNG + "km_overall_quantiles.json",
        file -> SurvivalReferenceTest.quantiles(file, three));
    add(rows, LUNG + "nelson_aalen.csv", file -> SurvivalReferenceTest.nelsonAndAalen(file, three));
    logRank(rows, LUNG, "sex", three, "logrank-sex");
    logRank(rows, LUNG, "sex_peto_peto_rho1", three, "logrank-sex-rho-1");
    logRank(rows, LUNG, "ph_ecog", three, "logrank-ecog");
    logRank(rows, LUNG, "sex_stratified_by_site", three, "logrank-sex-strata");
    add(
        rows,
        LUNG + "weibull_aft.json",
        file -> ParametricSurvivalReferenceTest.weibull(file, sites));
    return rows.stream();
  }

  private static Stream<Row> colon() {
    Federation deaths = Federation.colonSites();
    Federation recurrences = Federation.recurrences(4);
    List<Row> rows = new ArrayList<>();
    for (String model :
        List.of(
            "cox_death_breslow",
            "cox_death_efron",
            "cox_death_strata_site_breslow",
            "cox_death_strata_site_efron")) {
      cox(rows, COLON + model + ".json", deaths, model.replace('_', '-'));
    }
    cox(rows, COLON + "cox_recurrence_breslow.json", recurrences, "cox-death-breslow");
    cox(rows, COLON + "cox_recurrence_efron.json", recurrences, "cox-death-efron");
    cox(
        rows,
        COLON + "cox_both_events_strata_etype_cluster_id_efron.json",
        Federation.bothEvents(),
        "both");
    add(
        rows,
        COLON + "cox_death_efron_per_site.csv",
        file -> CoxReferenceTest.sites(file, deaths, "cox-death-efron"));
    hazard(rows, COLON + "cox_death_breslow_baseline_hazard.csv", deaths, "cox-death-breslow");
    hazard(rows, COLON + "cox_death_efron_baseline_hazard.csv", deaths, "cox-death-efron");
    curves(rows, COLON + "km_death_by_rx.csv", deaths, "km-rx", Limits.LOG);
    groups(rows, COLON + "km_death_by_rx_table.json", deaths, "km-rx");
    add(
        rows,
        COLON + "km_death_by_rx_at_years.csv",
        file -> SurvivalReferenceTest.atYears(file, deaths));
    logRank(rows, COLON, "death_rx", deaths, "logrank-rx");
    logRank(rows, COLON, "death_rx_peto_peto", deaths, "logrank-rx-peto");
    logRank(rows, COLON, "death_rx_strata_site", deaths, "logrank-rx-strata");
    logRank(rows, COLON, "recurrence_rx", recurrences, "logrank-rx");
    for (String model :
        List.of("logistic_dead_5_years", "poisson_nodes", "poisson_rate_offset_log_time")) {
      glm(rows, COLON + model + ".json", deaths);
      for (int sites : List.of(3, 7, 10)) {
        glm(rows, COLON + model + ".json", Federation.colon(sites));
      }
    }
    return rows.stream();
  }

  private Stream<Row> stress() {
    String file = "numeric-stress/certified.json";
    // Three rows, which are not enough for more sites.
    Row three = new Row(file, () -> NistReferenceTest.moments(file, "numacc1", 3, 1e-12, folder));
    Stream<Row> more =
        Stream.of(3, 7, 10)
            .flatMap(
                sites ->
                    Stream.of(
                        new Row(
                            file,
                            () -> NistReferenceTest.moments(file, "numacc2", sites, 1e-12, folder)),
                        new Row(
                            file,
                            () -> NistReferenceTest.moments(file, "numacc3", sites, 1e-9, folder)),
                        new Row(file, () -> NistReferenceTest.longley(file, sites, folder))));
    return Stream.concat(Stream.of(three), more);
  }

  // ---- kinds of comparisons --------------------------------------------------------------------

  private interface Comparison {
    void of(String file);
  }

  private static void add(List<Row> rows, String file, Comparison comparison) {
    rows.add(new Row(file, () -> comparison.of(file)));
  }

  private static void test(List<Row> rows, Executable comparison) {
    rows.add(new Row(TESTS, comparison));
  }

  private static void glm(List<Row> rows, String file, Federation federation) {
    rows.add(new Row(file, () -> GlmOracles.model(file, federation)));
  }

  private static void cox(List<Row> rows, String file, Federation federation, String analysis) {
    rows.add(new Row(file, () -> CoxReferenceTest.model(file, federation, analysis)));
  }

  private static void hazard(List<Row> rows, String file, Federation federation, String analysis) {
    rows.add(new Row(file, () -> CoxReferenceTest.baselineHazard(file, federation, analysis)));
  }

  private static void curves(
      List<Row> rows, String file, Federation federation, String analysis, Limits limits) {
    rows.add(new Row(file, () -> SurvivalReferenceTest.curves(file, federation, analysis, limits)));
  }

  private static void groups(List<Row> rows, String file, Federation federation, String analysis) {
    rows.add(new Row(file, () -> SurvivalReferenceTest.groups(file, federation, analysis)));
  }

  private static void logRank(
      List<Row> rows, String in, String element, Federation federation, String analysis) {
    String file = in + "logrank.json";
    rows.add(
        new Row(file, () -> SurvivalReferenceTest.logRank(file, element, federation, analysis)));
  }

  // ---- the table -------------------------------------------------------------------------------

  /** One test a comparison, then what is complete and what is written. */
  @TestFactory
  Stream<DynamicTest> filesAreReproduced() {
    Oracle.shared();
    Differences.clear();
    Stream<Row> rows = Stream.of(heart(), tests(), lung(), colon(), stress()).flatMap(part -> part);
    return Stream.of(
            rows.map(row -> DynamicTest.dynamicTest(row.file(), row.comparison())),
            Stream.of(
                DynamicTest.dynamicTest(
                    "gwas-regenie", () -> GenomicsReferenceTest.regenieExample(folder)),
                DynamicTest.dynamicTest("every file", this::requireEveryFile),
                DynamicTest.dynamicTest("the document", this::requireDocument)))
        .flatMap(part -> part);
  }

  /** A file is compared or said to be absent, not both; of gwas-regenie those of linear models. */
  private void requireEveryFile() throws IOException {
    Set<String> files = new TreeSet<>();
    Path oracles = Oracle.shared().resolve("oracles");
    for (String part : List.of(HEART, LUNG, COLON, "numeric-stress/", GWAS)) {
      try (Stream<Path> found = Files.walk(oracles.resolve(part))) {
        found
            .filter(Files::isRegularFile)
            .map(file -> oracles.relativize(file).toString().replace('\\', '/'))
            .filter(file -> !file.matches(".*\\.(R|sh|py)"))
            .filter(file -> !part.equals(GWAS) || file.matches(".*(linear|_lin_|meta_).*"))
            .forEach(files::add);
      }
    }
    Set<String> known = new HashSet<>(ABSENT.keySet());
    for (Quantity quantity : Differences.collected().keySet()) {
      assertThat(ABSENT).doesNotContainKey(quantity.file());
      known.add(quantity.file());
    }
    assertThat(known).containsAll(files);
    assertThat(files).containsAll(ABSENT.keySet());
  }

  private void requireDocument() throws IOException {
    String now = document();
    if (System.getProperty("tributary.docs", "").equals("write")) {
      Files.writeString(DOCUMENT, now);
    }
    assertThat(Files.readAllLines(DOCUMENT, StandardCharsets.UTF_8))
        .as("run this test with -Dtributary.docs=write to write %s anew", DOCUMENT.getFileName())
        .isEqualTo(now.lines().toList());
  }

  private static String document() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Oracles

        Numbers of other programs on the pooled rows, and how far the sums of several sites are from them. The files
        are not part of this repository; their README says which program made which, and what tolerance is honest.
        `OracleTableTest` compares, and writes this page (`-Dtributary.docs=write`); it fails where a value is off by more
        than its tolerance, where a file is neither compared nor named below, and where this page says something else.

        Differences are relative, and rounded up to a power of ten or the tolerance; 0 is equal to the bit. Effects that may be near 0 are
        relative to their standard error. Values are counted once for each split into sites that is tried.
        """);
    String in = "";
    for (Map.Entry<Quantity, Worst> line : Differences.collected().entrySet()) {
      String file = line.getKey().file();
      if (!inFolders(file)) {
        continue;
      }
      String part = file.substring(0, file.indexOf('/'));
      if (!part.equals(in)) {
        text.append("\n## ").append(part).append("\n\n");
        text.append("| file | quantity | values | tolerance | largest difference |\n");
        text.append("|---|---|---:|---:|---:|\n");
        in = part;
      }
      Worst worst = line.getValue();
      text.append("| ").append(file.substring(part.length() + 1));
      text.append(" | ").append(line.getKey().name());
      text.append(" | ").append(worst.values());
      text.append(" | ").append(number(worst.tolerance()));
      text.append(" | ").append(largest(worst)).append(" |\n");
    }
    text.append("\n## Files that nothing here computes\n\n| file | why |\n|---|---|\n");
    ABSENT.forEach(
        (file, why) -> text.append("| ").append(file).append(" | ").append(why).append(" |\n"));
    text.append("\n## Numbers in compared files that are left out\n\n");
    LEFT_OUT.forEach(line -> text.append("- ").append(line).append(".\n"));
    return text.toString();
  }

  private static boolean inFolders(String file) {
    return Stream.of(HEART, LUNG, COLON, "numeric-stress/", GWAS).anyMatch(file::startsWith);
  }

  private static String number(double tolerance) {
    return tolerance == 0 ? "0" : String.format(Locale.ROOT, "%.0e", tolerance);
  }

  /** A power of ten, from {@link #LEAST} on, or the tolerance where that is less. */
  private static String largest(Worst worst) {
    if (worst.difference() == 0) {
      return "0";
    }
    double power = LEAST;
    while (power < worst.difference()) {
      power *= 10;
    }
    return number(Math.min(power, worst.tolerance()));
  }
}
