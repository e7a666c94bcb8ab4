package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models against R's glm and lm on the pooled rows, at the tolerances of the oracles' README. */
class GlmReferenceTest {
  private static final double ESTIMATE = 1e-8;
  private static final double PROBABILITY = 1e-6;

  static Sheet reference(String file) {
    return Sheet.read(
        Path.of(System.getProperty("basedir", "."), "src/test/resources/reference", file));
  }

  static Stream<String> models(String file) {
    return reference(file).rows().stream().map(row -> row.get(0)).distinct();
  }

  static Stream<String> lungModels() {
    return models("lung.csv");
  }

  static Stream<String> negativeBinomialModels() {
    return models("negbin.csv");
  }

  static Stream<String> robustModels() {
    return models("sandwich.csv");
  }

  /** Families, links, weights, interactions, no intercept, offsets: resources/reference/lung.R. */
  @ParameterizedTest
  @MethodSource("lungModels")
  void lungEqualsR(String model) {
    equalsR("lung.csv", model, Federation.lung(3));
  }

  /** Theta, its error and the likelihood beside the coefficients: resources/reference/negbin.R. */
  @ParameterizedTest
  @MethodSource("negativeBinomialModels")
  void negativeBinomialEqualsR(String model) {
    equalsR(
        "negbin.csv", model, model.endsWith("nodes") ? Federation.colon(7) : Federation.lung(3));
  }

  /** R's sandwich: vcovHC, and vcovCL by wards that each lie inside a site. */
  @ParameterizedTest
  @MethodSource("robustModels")
  void robustErrorsEqualR(String model) {
    equalsR("sandwich.csv", model, Federation.lungSites());
  }

  private static void equalsR(String file, String model, Federation federation) {
    AnalysisReport report = federation.report(model.replace('_', '-'));
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable table = table(report, "coefficients");
    ResultTable fit = table(report, "fit");
    int row = 0;
    for (List<String> expected : reference(file).where("model", model).rows()) {
      String term = expected.get(1);
      if (expected.get(2).isEmpty()) {
        assertThat(fit.rows().get(0).get(fit.column(term))).isInstanceOf(Cell.NotComputed.class);
        continue;
      }
      double estimate = Double.parseDouble(expected.get(2));
      if (term.equals("n")) {
        assertThat(whole(fit, 0, "n")).isEqualTo((long) estimate);
      } else if (expected.get(3).isEmpty()) {
        Differences.check("lung/" + model, term, real(fit, 0, term), estimate, ESTIMATE);
      } else {
        assertThat(table.rows().get(row).get(0)).isEqualTo(new Cell.Text(term));
        String[] columns = {"estimate", "std_error", "statistic", "p_value"};
        for (int i = 0; i < columns.length; i++) {
          Differences.check(
              "lung/" + model,
              columns[i],
              real(table, row, columns[i]),
              Double.parseDouble(expected.get(2 + i)),
              i < 3 ? ESTIMATE : PROBABILITY);
        }
        row++;
      }
    }
    assertThat(table.rows()).hasSize(row);
  }

  /**
   * The clotting times of McCullagh and Nelder 1989, section 8.4.2, as R's help page of glm fits
   * them: gamma with the inverse link on log(u), printed to four digits. Each of its nine rows
   * stands here ten times over, which leaves the estimates and multiplies deviances by ten.
   */
  @ParameterizedTest
  @CsvSource({
    "lot1, -0.01655, 0.01534, 0.01673, 3.513",
    "lot2, -0.02391, 0.02360, 0.01267, 3.119",
  })
  void clottingTimesHaveTheBooksCoefficients(
      String lot, double intercept, double slope, double deviance, double nullDeviance) {
    AnalysisReport report = Federation.clotting().report(lot);
    ResultTable table = table(report, "coefficients");
    ResultTable fit = table(report, "fit");
    printed(real(table, 0, "estimate"), intercept);
    printed(real(table, 1, "estimate"), slope);
    printed(real(fit, 0, "deviance") / 10, deviance);
    printed(real(fit, 0, "null_deviance") / 10, nullDeviance);
  }

  /** The outcome's unit is in the coefficients as it must be, and nowhere else. */
  @ParameterizedTest
  @CsvSource({
    "gamma, -huge, 1e-9",
    "gamma, -tiny, 1e9",
    "inverse-gaussian, -huge, 1e-18",
    "inverse-gaussian, -tiny, 1e18",
  })
  void hugeAndTinyOutcomesScaleTheCoefficients(String family, String scale, double factor) {
    ResultTable plain = table(Federation.clotting().report(family), "coefficients");
    ResultTable scaled = table(Federation.clotting().report(family + scale), "coefficients");
    for (int term = 0; term < 2; term++) {
      for (String column : List.of("estimate", "std_error", "statistic")) {
        double expected = real(plain, term, column) * (column.equals("statistic") ? 1 : factor);
        Differences.check(family + scale, column, real(scaled, term, column), expected, ESTIMATE);
      }
    }
  }

  private static void printed(double actual, double fourDigits) {
    double digit = Math.pow(10, Math.floor(Math.log10(Math.abs(fourDigits))) - 3);
    assertThat(actual).isCloseTo(fourDigits, within(0.5001 * digit));
  }

  static void compare(String study, String family, AnalysisReport report, JsonNode expected) {
    ResultTable table = table(report, "coefficients");
    JsonNode rows = expected.get("coefficients");
    assertThat(table.rows()).hasSize(rows.size());
    boolean linear = family.equals("gaussian");
    for (int j = 0; j < rows.size(); j++) {
      JsonNode row = rows.get(j);
      assertThat(table.rows().get(j).get(0)).isEqualTo(new Cell.Text(row.get("term").asText()));
      check(study, "estimate", table, j, row.get("estimate"), ESTIMATE);
      check(study, "std_error", table, j, row.get("std_error"), ESTIMATE);
      check(study, "statistic", table, j, row.get(linear ? "t" : "statistic"), ESTIMATE);
      if (row.get("p_value").asDouble() == 0) {
        // R's double underflows; ours says so, and gives the logarithm beside.
        assertThat(table.rows().get(j).get(table.column("p_value")))
            .isInstanceOf(Cell.NotComputed.class);
        assertThat(real(table, j, "neg_log_10_p_value")).isGreaterThan(307);
      } else {
        check(study, "p_value", table, j, row.get("p_value"), PROBABILITY);
      }
      String ci = linear ? "ci" : "wald_ci";
      check(study, "conf_low", table, j, row.get(ci + "_lower"), PROBABILITY);
      check(study, "conf_high", table, j, row.get(ci + "_upper"), PROBABILITY);
    }
    ResultTable fit = table(report, "fit");
    Differences.exact(study, "n", whole(fit, 0, "n"), expected.get("n").asLong());
    // R filters the colon rows first; here the rows without an answer count as dropped.
    if (!study.contains("dead_5_years")) {
      requireMissing(fit, 0, "dropped", expected.get("n_dropped_incomplete").asLong());
    }
    long residual = expected.get("df_residual").asLong();
    Differences.exact(study, "df_residual", whole(fit, 0, "df_residual"), residual);
    check(study, "deviance", fit, 0, expected.get(linear ? "rss" : "residual_deviance"), ESTIMATE);
    check(study, "log_likelihood", fit, 0, expected.get("loglik"), ESTIMATE);
    check(study, "aic", fit, 0, expected.get("aic"), ESTIMATE);
    check(study, "bic", fit, 0, expected.get("bic"), ESTIMATE);
    if (linear) {
      check(study, "sigma", fit, 0, expected.get("sigma"), ESTIMATE);
      check(study, "r_squared", fit, 0, expected.get("r_squared"), ESTIMATE);
      check(study, "adj_r_squared", fit, 0, expected.get("adj_r_squared"), ESTIMATE);
      check(study, "f_statistic", fit, 0, expected.get("f_statistic").get(0), ESTIMATE);
      check(study, "f_p_value", fit, 0, expected.get("f_p_value"), PROBABILITY);
    } else {
      check(study, "null_deviance", fit, 0, expected.get("null_deviance"), ESTIMATE);
      check(study, "dispersion", fit, 0, expected.get("dispersion"), ESTIMATE);
    }
    ResultTable covariance = table(report, "covariance");
    for (int j = 0; j < rows.size(); j++) {
      for (int k = 0; k < rows.size(); k++) {
        double element = expected.get("vcov").get(j).get(k).asDouble();
        double scale =
            Math.sqrt(
                expected.get("vcov").get(j).get(j).asDouble()
                    * expected.get("vcov").get(k).get(k).asDouble());
        double actual = real(covariance, j * rows.size() + k, "covariance");
        // Off the diagonal relative to the standard errors: such an element may cancel to nothing.
        Differences.check(study, "covariance", 1 + (actual - element) / scale, 1, ESTIMATE);
      }
    }
  }

  private static void check(
      String study,
      String column,
      ResultTable table,
      int row,
      JsonNode expected,
      double tolerance) {
    Differences.check(study, column, real(table, row, column), expected.asDouble(), tolerance);
  }

  static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static double real(ResultTable table, int row, String column) {
    Cell cell = table.rows().get(row).get(table.column(column));
    assertThat(cell).as(column).isInstanceOf(Cell.Real.class);
    return ((Cell.Real) cell).value();
  }

  /** A count of missing values as R has it, but for a handful, which is withheld. */
  static void requireMissing(ResultTable table, int row, String column, long expected) {
    if (expected > 0 && expected < 5) {
      assertThat(table.rows().get(row).get(table.column(column)))
          .isInstanceOf(Cell.Suppressed.class);
    } else {
      assertThat(whole(table, row, column)).isEqualTo(expected);
    }
  }

  static long whole(ResultTable table, int row, String column) {
    return ((Cell.Whole) table.rows().get(row).get(table.column(column))).value();
  }
}
