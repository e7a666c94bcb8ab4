package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.cox.CoxAnalysis;
import io.tributary.jobs.analysis.cox.CoxResult;
import io.tributary.jobs.analysis.cox.PredictedHazard;
import io.tributary.jobs.linalg.Cholesky;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.EventTimes;
import io.tributary.jobs.survival.TimeGrid;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of hazards of lung and colon against R's survival. */
class CoxReferenceTest {
  private static final double ESTIMATE = 1e-8;
  private static final double PROBABILITY = 1e-6;

  /** A model's coefficients, fit, tests and covariance. */
  static void model(String file, Federation federation, String analysis) {
    AnalysisReport report = federation.report(analysis);
    assertThat(report.outcome()).isEqualTo("OK");
    compare(file, report, Oracle.json(file));
  }

  /** Each site alone. */
  static void sites(String file, Federation federation, String analysis) {
    Sheet expected = Oracle.csv(file);
    List<String> sites = expected.rows().stream().map(row -> row.get(0)).distinct().toList();
    for (int site = 0; site < sites.size(); site++) {
      AnalysisReport report = federation.report(analysis, site);
      assertThat(report.outcome()).isEqualTo("OK");
      ResultTable table = GlmReferenceTest.table(report, "coefficients");
      List<List<String>> rows = expected.where("site", sites.get(site)).rows();
      assertThat(table.rows()).hasSize(rows.size());
      for (int j = 0; j < rows.size(); j++) {
        assertThat(table.rows().get(j).get(0)).isEqualTo(new Cell.Text(rows.get(j).get(3)));
        for (int i = 0; i < 2; i++) {
          String column = List.of("estimate", "std_error").get(i);
          double number = Double.parseDouble(rows.get(j).get(4 + i));
          double actual = GlmReferenceTest.real(table, j, column);
          Differences.check(file, column, actual, number, ESTIMATE);
        }
      }
    }
  }

  /** Score and information without effects and at the estimate: the score test, the covariance. */
  static void scoreAndInformation(String file, Federation federation) {
    JsonNode expected = Oracle.json(file);
    AnalysisReport report = federation.report("cox-breslow");
    ResultTable fit = GlmReferenceTest.table(report, "fit");
    JsonNode zero = expected.get("at_zero");
    check(file, "log_likelihood_null", fit, 0, zero.get("loglik"), ESTIMATE);
    double[] score = {
      zero.get("gradient").get(0).asDouble(),
      zero.get("gradient").get(1).asDouble(),
      zero.get("gradient").get(2).asDouble()
    };
    double[] upper = new double[6];
    double[][] information = new double[3][3];
    JsonNode end = expected.get("at_estimate");
    ResultTable coefficients = GlmReferenceTest.table(report, "coefficients");
    for (int j = 0; j < 3; j++) {
      check(file, "estimate", coefficients, j, end.get("beta").get(j), ESTIMATE);
      for (int k = 0; k < 3; k++) {
        information[j][k] = end.get("information").get(j).get(k).asDouble();
        upper[Cholesky.packed(3, Math.min(j, k), Math.max(j, k))] =
            zero.get("information").get(j).get(k).asDouble();
      }
    }
    double statistic = 0;
    for (double part : Cholesky.of(3, upper, 0).forward(score)) {
      statistic += part * part;
    }
    ResultTable tests = GlmReferenceTest.table(report, "tests");
    double actual = GlmReferenceTest.real(tests, 2, "statistic");
    Differences.check(file, "score test", actual, statistic, ESTIMATE);
    check(file, "log_likelihood", fit, 0, end.get("loglik"), ESTIMATE);
    GlmOracles.inverse(file, "information x covariance", information, report, 1);
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
  }

  /** cox.zph of the shared oracles. */
  static void proportionalHazards(String file, Federation federation) {
    JsonNode oracle = Oracle.json(file);
    ResultTable table = GlmReferenceTest.table(federation.report("cox-efron"), "proportionality");
    for (int i = 0; i < oracle.get("terms").size(); i++) {
      proportionality(
          file,
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
    Differences.exact(file, "n", GlmReferenceTest.whole(fit, 0, "n"), expected.get("n").asLong());
    long events = expected.get("n_events").asLong();
    Differences.exact(file, "n_event", GlmReferenceTest.whole(fit, 0, "n_event"), events);
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
      double statistic = GlmReferenceTest.real(tests, i, "statistic");
      Differences.check(file, names[i], statistic, test.get("test").asDouble(), ESTIMATE);
      double p = GlmReferenceTest.real(tests, i, "p_value");
      double expectedP = test.get("pvalue").asDouble();
      Differences.check(file, names[i] + " p_value", p, expectedP, PROBABILITY);
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
  static void baselineHazard(String file, Federation federation, String analysis) {
    CoxResult result =
        Pooled.run(CoxAnalysis.of(federation.job(analysis)), federation.tables()).result();
    TimeGrid grid = result.grid().orElseThrow();
    EventTimes times = result.times();
    CoxResult.Fit fit = result.fit().orElseThrow();
    Sheet expected = Oracle.csv(file);
    for (List<String> row : expected.rows()) {
      int last = times.last(0, grid.exit(Double.parseDouble(row.get(0))));
      double hazard = last < 0 ? 0 : fit.hazard().at(last) * Math.exp(-fit.predictorAtMeans());
      Differences.check(file, "hazard", hazard, Double.parseDouble(row.get(1)), ESTIMATE);
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
