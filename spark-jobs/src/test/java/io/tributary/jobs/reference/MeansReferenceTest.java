package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comparisons of means on heart-disease against R. */
class MeansReferenceTest {
  private static ResultTable table(AnalysisReport report, String name) {
    return GlmReferenceTest.table(report, name);
  }

  private static double real(ResultTable table, int row, String column) {
    return GlmReferenceTest.real(table, row, column);
  }

  private static void check(String quantity, double actual, double expected, double tolerance) {
    Differences.check("heart-disease means", quantity, actual, expected, tolerance);
  }

  private static void check(
      String file, String test, String quantity, double actual, JsonNode expected, double within) {
    Differences.check(file, test + " " + quantity, actual, expected.asDouble(), within);
  }

  /** t.test of two groups by its name in the file. */
  static void twoSamples(String file, String test, String analysis, int row) {
    JsonNode expected = Oracle.json(file).get(test);
    AnalysisReport report = Federation.heartTests().report(analysis);
    ResultTable tests = table(report, "tests");
    check(file, test, "statistic", real(tests, row, "statistic"), expected.get("statistic"), 1e-12);
    check(file, test, "df", real(tests, row, "df"), expected.get("parameter"), 1e-12);
    check(file, test, "p_value", real(tests, row, "p_value"), expected.get("p_value"), 1e-10);
    JsonNode limits = expected.get("conf_int");
    check(file, test, "conf_low", real(tests, row, "conf_low"), limits.get(0), 1e-11);
    check(file, test, "conf_high", real(tests, row, "conf_high"), limits.get(1), 1e-11);
    ResultTable groups = table(report, "groups");
    for (int group = 0; group < 2; group++) {
      double mean = real(groups, 2 * row + group, "mean");
      check(file, test, "mean", mean, expected.get("estimate").get(group), 1e-14);
    }
  }

  /** t.test(age, mu = 53); t.test(trestbps, thalach, paired = TRUE). */
  @ParameterizedTest
  @CsvSource({
    "t-one, 53.51086956521739069, 1.64413354719320948, 919, 0.10049063381706115,"
        + " 52.90106119632673654, 54.12067793410804484",
    "t-paired, -5.5133565621370497, -4.7938492356696516, 860, 1.9273338293107099e-06,"
        + " -7.7706677898756089, -3.2560453343984905"
  })
  void oneSampleEqualsR(
      String analysis, double estimate, double t, double df, double p, double low, double high) {
    ResultTable tests = table(Federation.heartTests().report(analysis), "tests");
    check(analysis + " estimate", real(tests, 0, "estimate"), estimate, 1e-14);
    check(analysis + " t", real(tests, 0, "statistic"), t, 1e-13);
    check(analysis + " df", real(tests, 0, "df"), df, 0);
    check(analysis + " p", real(tests, 0, "p_value"), p, 1e-11);
    check(analysis + " low", real(tests, 0, "conf_low"), low, 1e-12);
    check(analysis + " high", real(tests, 0, "conf_high"), high, 1e-12);
  }

  /** t sqrt(1/n1 + 1/n2), uniroot over pt(t, 918, ncp), and the exact correction. */
  @Test
  void standardisedMeansEqualR() {
    ResultTable effects = table(Federation.heartTests().report("t-student"), "effects");
    double[] expected = {-0.5921716295813192, -0.7247841566620592, -0.4592493318689367};
    String[] columns = {"estimate", "conf_low", "conf_high"};
    for (int i = 0; i < 3; i++) {
      check("d " + columns[i], real(effects, 0, columns[i]), expected[i], 1e-9);
      double corrected = expected[i] * 0.9991827468702992;
      check("g " + columns[i], real(effects, 1, columns[i]), corrected, 1e-9);
    }
  }

  /** p.adjust(..., "BH") of five Welch tests; "holm" of three analyses of variance. */
  @Test
  void adjustedProbabilitiesEqualR() {
    ResultTable tests = table(Federation.heartTests().report("t-five"), "tests");
    double[] expected = {
      8.071304042990946e-18,
      0.0014852765052553603,
      2.438895064873639e-13,
      3.25395558010654e-33,
      2.5385781222518748e-33
    };
    for (int row = 0; row < expected.length; row++) {
      check("BH", real(tests, row, "p_adjusted"), expected[row], 1e-10);
    }
    ResultTable variances = table(Federation.heartTests().report("anova-three"), "tests");
    double[] holm = {9.01994026061802e-46, 0.4552751340763357, 1.419486468806624e-167};
    for (int column = 0; column < holm.length; column++) {
      check("holm", real(variances, 4 * column, "p_adjusted"), holm[column], 1e-10);
    }
    // The Swiss hospital has 0 for every cholesterol.
    assertThat(variances.rows().get(9).get(variances.column("p_value")))
        .isEqualTo(new Cell.NotComputed("no variation in some group"));
  }

  /** anova(lm(age ~ site)), oneway.test, anova(lm(|age - mean| ~ site)), bartlett.test. */
  static void varianceAnalysis(String file) {
    String name = "anova_age_by_site";
    JsonNode expected = Oracle.json(file).get(name);
    AnalysisReport report = Federation.heartTests().report("anova-three");
    ResultTable tests = table(report, "tests");
    check(file, name, "F", real(tests, 0, "statistic"), expected.get("F"), 1e-12);
    check(file, name, "p_value", real(tests, 0, "p_value"), expected.get("p_value"), 1e-10);
    assertThat(real(tests, 0, "df")).isEqualTo(3);
    assertThat(real(tests, 0, "df_residual")).isEqualTo(916);
    check("Welch", real(tests, 1, "statistic"), 91.43197179479088, 1e-12);
    check("Welch df", real(tests, 1, "df_residual"), 402.7985968587135, 1e-12);
    check("Welch p", real(tests, 1, "p_value"), 3.826015991480731e-45, 1e-10);
    check("Levene", real(tests, 2, "statistic"), 4.303364877243292, 1e-12);
    check("Levene p", real(tests, 2, "p_value"), 0.0050261816922786175, 1e-10);
    check("Bartlett", real(tests, 3, "statistic"), 9.680766032187298, 1e-11);
    check("Bartlett p", real(tests, 3, "p_value"), 0.021484070607941375, 1e-10);
    ResultTable variation = table(report, "variation");
    check("between", real(variation, 0, "sum_squares"), 16980.983634735636, 1e-12);
    check("within", real(variation, 1, "sum_squares"), 64648.90766961217, 1e-12);
    ResultTable effects = table(report, "effects");
    check("eta squared", real(effects, 0, "estimate"), 0.20802408729694324, 1e-12);
    check("eta squared low", real(effects, 0, "conf_low"), 0.16234023623835475, 1e-9);
    check("eta squared high", real(effects, 0, "conf_high"), 0.25043073061727467, 1e-9);
    check("omega squared", real(effects, 1, "estimate"), 0.20525281761825626, 1e-12);
  }
}
