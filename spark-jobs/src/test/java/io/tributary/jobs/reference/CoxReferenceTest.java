package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.cox.CoxAnalysis;
import io.tributary.jobs.analysis.cox.CoxResult;
import io.tributary.jobs.analysis.cox.PredictedHazard;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of hazards of lung and colon against R's survival. */
class CoxReferenceTest {
  private static final double ESTIMATE = 1e-8;
  private static final double PROBABILITY = 1e-6;

  @AfterAll
  static void printDifferences() {
    System.out.println(Differences.table());
  }

  private static Federation federation(String study) {
    return switch (study) {
      case "lung-3" -> Federation.lung(3);
      case "lung-7" -> Federation.lung(7);
      case "recurrences" -> Federation.recurrences(4);
      case "lung-sites" -> Federation.lungSites();
      case "both" -> Federation.bothEvents();
      default -> Federation.colon(4);
    };
  }

  private static String folder(String study) {
    return study.startsWith("lung") ? "survival-lung/" : "survival-colon/";
  }

  @ParameterizedTest
  @CsvSource({
    "lung-3, cox-breslow, cox_breslow",
    "lung-3, cox-efron, cox_efron",
    "lung-7, cox-efron, cox_efron",
    "lung-3, cox-breslow-5-covariates, cox_breslow_5_covariates",
    "lung-3, cox-efron-5-covariates, cox_efron_5_covariates",
    "lung-3, cox-breslow-strata-site, cox_breslow_strata_site",
    "lung-7, cox-efron-strata-site, cox_efron_strata_site",
    "colon, cox-death-breslow, cox_death_breslow",
    "colon, cox-death-efron, cox_death_efron",
    "colon, cox-death-strata-site-breslow, cox_death_strata_site_breslow",
    "colon, cox-death-strata-site-efron, cox_death_strata_site_efron",
    "recurrences, cox-death-breslow, cox_recurrence_breslow",
    "recurrences, cox-death-efron, cox_recurrence_efron",
    "lung-sites, by-site-efron, cox_efron_strata_site",
    "lung-sites, by-site-breslow, cox_breslow_strata_site",
    "both, both, cox_both_events_strata_etype_cluster_id_efron"
  })
  void modelsEqualR(String study, String analysis, String oracle) {
    String file = folder(study) + oracle + ".json";
    AnalysisReport report = federation(study).report(analysis);
    assertThat(report.outcome()).isEqualTo("OK");
    compare(file, report, Oracle.json(file));
  }

  /** Baselines of the sites' own are strata by site: the same model, from other sums. */
  @Test
  void baselinesBySiteEqualStrataBySite() {
    equalsR(Federation.lungSites().report("by-site-weights"), "site_weights");
  }

  private static Sheet models() {
    return resource("cox.csv");
  }

  private static Sheet resource(String file) {
    return Sheet.read(
        Path.of(System.getProperty("basedir", "."), "src/test/resources/reference", file));
  }

  /** The tests of cox.zph: by term, and of all. */
  @Test
  void testsOfProportionalHazardsEqualR() {
    Sheet expected = resource("proportionality.csv");
    for (String model : expected.rows().stream().map(row -> row.get(0)).distinct().toList()) {
      ResultTable table =
          GlmReferenceTest.table(
              Federation.lung(3).report(model.replace('_', '-')), "proportionality");
      List<List<String>> rows = expected.where("model", model).rows();
      assertThat(table.rows()).hasSize(rows.size());
      for (int i = 0; i < rows.size(); i++) {
        List<String> row = rows.get(i);
        proportionality(
            model + " " + row.get(1), table, i, row.get(2), row.get(3), row.get(4), row.get(5));
      }
    }
    JsonNode oracle = Oracle.json("survival-lung/cox_efron_zph_km.json");
    ResultTable table =
        GlmReferenceTest.table(Federation.lung(3).report("cox-efron"), "proportionality");
    for (int i = 0; i < oracle.get("terms").size(); i++) {
      proportionality(
          "survival-lung/cox_efron_zph_km.json",
          table,
          i,
          oracle.get("terms").get(i).asText().replace("GLOBAL", "(all)"),
          oracle.get("chisq").get(i).asText(),
          oracle.get("df").get(i).asText(),
          oracle.get("p_value").get(i).asText());
    }
  }

  private static void proportionality(
      String file, ResultTable table, int i, String term, String chiSquare, String df, String p) {
    assertThat(table.rows().get(i).get(0)).isEqualTo(new Cell.Text(term));
    assertThat(GlmReferenceTest.whole(table, i, "df")).isEqualTo(Long.parseLong(df));
    double statistic = GlmReferenceTest.real(table, i, "statistic");
    Differences.check(file, "statistic", statistic, Double.parseDouble(chiSquare), ESTIMATE);
    double probability = GlmReferenceTest.real(table, i, "p_value");
    Differences.check(file, "p_value", probability, Double.parseDouble(p), PROBABILITY);
  }

  static Stream<String> moreModels() {
    return models().rows().stream().map(row -> row.get(0)).distinct();
  }

  /**
   * Late entries, weights, offsets, factors to discover: R's answers, by resources/reference/cox.R.
   */
  @ParameterizedTest
  @MethodSource("moreModels")
  void moreModelsEqualR(String model) {
    equalsR(Federation.lung(3).report(model.replace('_', '-')), model);
  }

  private static void equalsR(AnalysisReport report, String model) {
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable table = GlmReferenceTest.table(report, "coefficients");
    ResultTable fit = GlmReferenceTest.table(report, "fit");
    ResultTable tests = GlmReferenceTest.table(report, "tests");
    List<Cell> names = tests.rows().stream().map(row -> row.get(0)).toList();
    int row = 0;
    for (List<String> expected : models().where("model", model).rows()) {
      String term = expected.get(1);
      double estimate = Double.parseDouble(expected.get(2));
      String file = "cox.csv " + report.name();
      if (term.startsWith("n")) {
        assertThat(GlmReferenceTest.whole(fit, 0, term)).isEqualTo((long) estimate);
      } else if (names.contains(Cell.of(term))) {
        double actual = GlmReferenceTest.real(tests, names.indexOf(Cell.of(term)), "statistic");
        Differences.check(file, term, actual, estimate, ESTIMATE);
      } else if (expected.get(3).isEmpty()) {
        Differences.check(file, term, GlmReferenceTest.real(fit, 0, term), estimate, ESTIMATE);
      } else {
        assertThat(table.rows().get(row).get(0)).isEqualTo(new Cell.Text(term));
        String[] columns = {"estimate", "std_error", "p_value"};
        for (int i = 0; i < columns.length; i++) {
          double value = GlmReferenceTest.real(table, row, columns[i]);
          double number = Double.parseDouble(expected.get(2 + i));
          Differences.check(file, columns[i], value, number, i < 2 ? ESTIMATE : PROBABILITY);
        }
        row++;
      }
    }
    assertThat(table.rows()).hasSize(row);
  }

  static void compare(String file, AnalysisReport report, JsonNode expected) {
    ResultTable table = GlmReferenceTest.table(report, "coefficients");
    ResultTable ratios = GlmReferenceTest.table(report, "hazard_ratios");
    JsonNode rows = expected.get("coefficients");
    assertThat(table.rows()).hasSize(rows.size());
    for (int j = 0; j < rows.size(); j++) {
      JsonNode row = rows.get(j);
      assertThat(table.rows().get(j).get(0)).isEqualTo(new Cell.Text(row.get("term").asText()));
      check(file, "estimate", table, j, row.get("estimate"), ESTIMATE);
      boolean robust = row.has("robust_std_error");
      if (robust) {
        check(file, "model_std_error", table, j, row.get("std_error"), ESTIMATE);
      }
      JsonNode error = row.get(robust ? "robust_std_error" : "std_error");
      check(file, "std_error", table, j, error, ESTIMATE);
      check(file, "statistic", table, j, row.get("z"), ESTIMATE);
      check(file, "p_value", table, j, row.get("p_value"), PROBABILITY);
      check(file, "hazard_ratio", ratios, j, row.get("hazard_ratio"), ESTIMATE);
    }
    ResultTable fit = GlmReferenceTest.table(report, "fit");
    assertThat(GlmReferenceTest.whole(fit, 0, "n")).isEqualTo(expected.get("n").asLong());
    assertThat(GlmReferenceTest.whole(fit, 0, "n_event"))
        .isEqualTo(expected.get("n_events").asLong());
    GlmReferenceTest.requireMissing(
        fit, 0, "dropped", expected.get("n_dropped_incomplete").asLong());
    check(file, "log_likelihood_null", fit, 0, expected.get("loglik_null"), ESTIMATE);
    check(file, "log_likelihood", fit, 0, expected.get("loglik"), ESTIMATE);
    check(file, "aic", fit, 0, expected.get("aic"), ESTIMATE);
    check(file, "bic", fit, 0, expected.get("bic"), ESTIMATE);
    ResultTable tests = GlmReferenceTest.table(report, "tests");
    String[] names = {"lr_test", "wald_test", "score_test"};
    for (int i = 0; i < names.length; i++) {
      JsonNode test = expected.get(names[i]);
      assertThat(GlmReferenceTest.whole(tests, i, "df")).isEqualTo(test.get("df").asLong());
      check(file, "statistic", tests, i, test.get("test"), ESTIMATE);
      check(file, "p_value", tests, i, test.get("pvalue"), PROBABILITY);
    }
    ResultTable covariance = GlmReferenceTest.table(report, "covariance");
    for (int j = 0; j < rows.size(); j++) {
      for (int k = 0; k < rows.size(); k++) {
        double element = expected.get("vcov").get(j).get(k).asDouble();
        double scale =
            Math.sqrt(
                expected.get("vcov").get(j).get(j).asDouble()
                    * expected.get("vcov").get(k).get(k).asDouble());
        double actual = GlmReferenceTest.real(covariance, j * rows.size() + k, "covariance");
        // Off the diagonal relative to the standard errors: such an element may cancel to nothing.
        Differences.check(file, "covariance", 1 + (actual - element) / scale, 1, ESTIMATE);
      }
    }
  }

  private static void check(
      String study, String column, ResultTable table, int row, JsonNode expected, double within) {
    Differences.check(
        study, column, GlmReferenceTest.real(table, row, column), expected.asDouble(), within);
  }

  /** R prints the hazard at every time anybody leaves; ours steps at events alone. */
  @ParameterizedTest
  @CsvSource({
    "lung-3, cox-breslow, cox_breslow_baseline_hazard.csv",
    "lung-3, cox-efron, cox_efron_baseline_hazard.csv",
    "colon, cox-death-breslow, cox_death_breslow_baseline_hazard.csv",
    "colon, cox-death-efron, cox_death_efron_baseline_hazard.csv"
  })
  void baselineHazardsEqualR(String study, String analysis, String oracle) {
    Federation federation = federation(study);
    CoxResult result =
        Pooled.run(CoxAnalysis.of(federation.job(analysis)), federation.tables()).result();
    TimeGrid grid = result.grid().orElseThrow();
    EventTimes times = result.times();
    CoxResult.Fit fit = result.fit().orElseThrow();
    Sheet expected = Oracle.csv(folder(study) + oracle);
    for (List<String> row : expected.rows()) {
      int last = times.last(0, grid.exit(Double.parseDouble(row.get(0))));
      double hazard = last < 0 ? 0 : fit.hazard().at(last) * Math.exp(-fit.predictorAtMeans());
      Differences.check(
          folder(study) + oracle, "hazard", hazard, Double.parseDouble(row.get(1)), ESTIMATE);
    }
    assertThat(expected.rows().size()).isGreaterThan(100);
  }

  /** survfit.coxph for new data, at times of the whole grid: the release floor is not in it. */
  @ParameterizedTest
  @ValueSource(strings = {"predict-efron", "predict-breslow", "predict-robust", "predict-strata"})
  void predictedCurvesEqualR(String analysis) {
    Federation federation = Federation.lung(3);
    CoxAnalysis cox = CoxAnalysis.of(federation.job(analysis));
    CoxResult result = Pooled.run(cox, federation.tables()).result();
    List<List<String>> rows =
        resource("predictions.csv").where("model", analysis.replace('-', '_')).rows();
    assertThat(rows).isNotEmpty();
    double normal = Tails.normalQuantile(0.95);
    for (List<String> row : rows) {
      PredictedHazard predicted = result.predictions().get(Integer.parseInt(row.get(1)) - 1);
      int stratum = row.get(2).equals("female") ? 1 : 0;
      int point = result.grid().orElseThrow().exit(Double.parseDouble(row.get(3)));
      int cell = result.times().last(stratum, point);
      double error = predicted.hazardError(cell);
      double[] limits = predicted.limits(cell, normal);
      double[] actual = {
        predicted.survival(cell),
        predicted.survival(cell) * error,
        limits[0],
        limits[1],
        predicted.hazard(cell),
        error
      };
      for (int i = 0; i < actual.length; i++) {
        double expected = Double.parseDouble(row.get(4 + i));
        Differences.check("predictions.csv", analysis + " " + i, actual[i], expected, 1e-8);
      }
    }
  }

  /** Of a factor that is discovered, a level may turn out to be nobody's. */
  @Test
  void levelThatNobodyHasHasNoPrediction() {
    AnalysisReport report = Federation.lung(3).report("predict-strata");
    ResultTable predictions = GlmReferenceTest.table(report, "predictions");
    assertThat(predictions.rows().get(0)).hasOnlyElementsOfTypes(Cell.Text.class, Cell.Real.class);
    List<Cell> nobody = predictions.rows().get(1);
    assertThat(nobody.subList(1, nobody.size()))
        .containsOnly(new Cell.NotComputed("a level that nobody has"));
    ResultTable curves = GlmReferenceTest.table(report, "curves");
    ResultTable baseline = GlmReferenceTest.table(report, "baseline");
    assertThat(curves.rows()).hasSameSizeAs(baseline.rows());
  }
}
