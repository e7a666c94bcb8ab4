package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.contingency.ContingencyResult;
import io.tributary.jobs.analysis.contingency.ContingencyTestAnalysis;
import io.tributary.jobs.hypothesis.ContingencyTable;
import io.tributary.jobs.hypothesis.StratifiedTables;
import io.tributary.jobs.probability.Tails;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of counts and of ranks on heart-disease against R. */
class CategoriesReferenceTest {
  private static ResultTable table(String analysis, String name) {
    return GlmReferenceTest.table(Federation.heartTests().report(analysis), name);
  }

  private static void check(String quantity, double actual, double expected, double tolerance) {
    Differences.check("heart-disease counts", quantity, actual, expected, tolerance);
  }

  private static int row(ResultTable table, String name) {
    for (int row = 0; row < table.rows().size(); row++) {
      if (table.rows().get(row).contains(Cell.of(name))) {
        return row;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static double real(ResultTable table, String name, String column) {
    return GlmReferenceTest.real(table, row(table, name), column);
  }

  @ParameterizedTest
  @CsvSource({
    "table-sex, chi-square, chisq_sex_by_y_no_correction",
    "table-sex, 'chi-square, Yates', chisq_sex_by_y_yates",
    "table-cp, chi-square, chisq_cp_by_y",
    "table-site, chi-square, chisq_site_by_y"
  })
  void chiSquareEqualsR(String analysis, String test, String name) {
    JsonNode expected = Oracle.json("heart-disease/tests.json").get(name);
    ResultTable tests = table(analysis, "tests");
    check(name, real(tests, test, "statistic"), expected.get("statistic").asDouble(), 1e-12);
    check(name + " df", real(tests, test, "df"), expected.get("parameter").asDouble(), 0);
    check(name + " p", real(tests, test, "p_value"), expected.get("p_value").asDouble(), 1e-10);
  }

  @Test
  void countsEqualR() {
    JsonNode expected = Oracle.json("heart-disease/contingency_cp_y.json").get("counts");
    Federation federation = Federation.heartTests();
    ContingencyTestAnalysis analysis = ContingencyTestAnalysis.of(federation.job("table-cp"));
    long[][] counts = Pooled.run(analysis, federation.tables()).result().table(0);
    for (int level = 0; level < 4; level++) {
      for (int group = 0; group < 2; group++) {
        assertThat(counts[level][group]).isEqualTo(expected.get(level).get(group).asLong());
      }
    }
  }

  /** prop.trend.test(table(y, cp)[2, ], colSums(table(y, cp))), and with score = c(1, 2, 5, 9). */
  @ParameterizedTest
  @CsvSource({"trend-cp, 204.71109354132963", "trend-cp-scores, 240.27990811324679"})
  void trendEqualsR(String analysis, double expected) {
    check(analysis, real(table(analysis, "tests"), "trend", "statistic"), expected, 1e-12);
  }

  /** Formulae of the card in R; the limits of V by uniroot over a mixture of pchisq. */
  @Test
  void effectsEqualR() {
    ResultTable sex = table("table-sex", "effects");
    double[][] expected = {
      {4.9510112359550575, 3.4703563502261106, 7.063399197306096},
      {1.3881150526478445, 1.2857941877551344, 1.4985784021559745},
      {0.25213313639166535, 0.19901090204954078, 0.30471021441388074},
      {0.5400742172612325, 0.4733063234754562, 0.6027871471670904}
    };
    String[] columns = {"estimate", "conf_low", "conf_high"};
    String[] effects = {"odds ratio", "risk ratio", "risk difference"};
    for (int i = 0; i < columns.length; i++) {
      for (int effect = 0; effect < effects.length; effect++) {
        double actual = real(sex, effects[effect], columns[i]);
        check(effects[effect], actual, expected[effect][i], 1e-12);
      }
      double actual = real(table("table-cp", "effects"), "Cramer's V", columns[i]);
      check("Cramer's V", actual, expected[3][i], 1e-10);
    }
  }

  /** mantelhaen.test; Breslow and Day's by uniroot over the first cell of each stratum. */
  @Test
  void strataEqualR() {
    JsonNode expected = Oracle.json("heart-disease/tests.json").get("cmh_sex_y_by_site");
    Federation federation = Federation.heartTests();
    ContingencyTestAnalysis analysis = ContingencyTestAnalysis.of(federation.job("table-strata"));
    ContingencyResult result = Pooled.run(analysis, federation.tables()).result();
    StratifiedTables strata = StratifiedTables.of(result.tables(0));
    ContingencyTable.Test test = strata.mantelHaenszel(0.5);
    check("cmh", test.statistic(), expected.get("statistic").asDouble(), 1e-12);
    check("cmh p", Math.exp(test.logP()), expected.get("p_value").asDouble(), 1e-10);
    check("cmh uncorrected", strata.mantelHaenszel(0).statistic(), 44.44268522468594, 1e-12);
    ContingencyTable.Effect odds = strata.logOddsRatio();
    double reach = Tails.normalQuantile(0.95) * odds.error();
    double low = Math.exp(odds.estimate() - reach);
    double high = Math.exp(odds.estimate() + reach);
    check("cmh odds", Math.exp(odds.estimate()), expected.get("estimate").asDouble(), 1e-12);
    check("cmh low", low, expected.get("conf_int").get(0).asDouble(), 1e-12);
    check("cmh high", high, expected.get("conf_int").get(1).asDouble(), 1e-12);
    check("Breslow-Day", strata.homogeneity().statistic(), 3.1034585671686825, 1e-10);
    check("Breslow-Day p", Math.exp(strata.homogeneity().logP()), 0.37594732935086295, 1e-10);
  }

  /** No Swiss woman is healthy: from the tests that cell would follow. */
  @Test
  void strataWithSmallCellsAreWithheld() {
    AnalysisReport report = Federation.heartTests().report("table-strata");
    assertThat(report.outcome()).isEqualTo(AnalysisReport.TOO_FEW_PERSONS);
    for (String name : List.of("tests", "effects")) {
      for (List<Cell> row : GlmReferenceTest.table(report, name).rows()) {
        assertThat(row.subList(2, row.size())).hasOnlyElementsOfType(Cell.Suppressed.class);
      }
    }
  }

  // ---- ranks -----------------------------------------------------------------------------------

  @Test
  void mannAndWhitneyEqualR() {
    JsonNode expected =
        Oracle.json("heart-disease/tests.json").get("wilcoxon_thalach_by_y_no_exact");
    ResultTable tests = table("ranks-y", "tests");
    check(
        "W", GlmReferenceTest.real(tests, 0, "statistic"), expected.get("statistic").asDouble(), 0);
    check(
        "W p",
        GlmReferenceTest.real(tests, 0, "p_value"),
        expected.get("p_value").asDouble(),
        1e-10);
    check("H of two", GlmReferenceTest.real(tests, 1, "statistic"), 137.57840855238493, 1e-12);
    // wilcox.test(oldpeak ~ y, exact = FALSE)
    ResultTable oldpeak = table("ranks-tenths", "tests");
    check("W", GlmReferenceTest.real(oldpeak, 0, "statistic"), 50622.5, 0);
    check("W p", GlmReferenceTest.real(oldpeak, 0, "p_value"), 8.512669088720308e-32, 1e-10);
    assertThat(Federation.heartTests().report("ranks-tenths").facts().get("resolution"))
        .isEqualTo(Cell.of("exact"));
  }

  /** wilcox.test(trestbps, thalach, paired = TRUE, exact = FALSE), and rank(abs(d)) by sign. */
  @Test
  void signedRanksEqualR() {
    ResultTable tests = table("ranks-paired", "tests");
    check("V", GlmReferenceTest.real(tests, 0, "statistic"), 136652.5, 0);
    check("V p", GlmReferenceTest.real(tests, 0, "p_value"), 1.6970356960834234e-07, 1e-10);
    ResultTable effects = table("ranks-paired", "effects");
    check(
        "rank biserial",
        GlmReferenceTest.real(effects, 0, "rank_biserial"),
        -0.2094065305933537,
        1e-14);
    ResultTable signs = table("ranks-paired", "signs");
    long[] persons = {344, 30, 487};
    for (int sign = 0; sign < persons.length; sign++) {
      assertThat(GlmReferenceTest.whole(signs, sign, "n")).isEqualTo(persons[sign]);
    }
    check("mean rank", GlmReferenceTest.real(signs, 0, "mean_rank"), 397.2456395348837, 1e-14);
    check("mean rank", GlmReferenceTest.real(signs, 2, "mean_rank"), 429.24743326488704, 1e-14);
  }

  @Test
  void kruskalAndWallisEqualR() {
    JsonNode expected = Oracle.json("heart-disease/tests.json").get("kruskal_age_by_site");
    ResultTable tests = table("ranks-site", "tests");
    check(
        "H",
        GlmReferenceTest.real(tests, 0, "statistic"),
        expected.get("statistic").asDouble(),
        1e-12);
    check(
        "H p",
        GlmReferenceTest.real(tests, 0, "p_value"),
        expected.get("p_value").asDouble(),
        1e-10);
    // tapply(rank(age), site, mean)
    double[] ranks = {486.9438943894389, 295.58673469387753, 515.760162601626, 628.875};
    for (int group = 0; group < ranks.length; group++) {
      double rank = GlmReferenceTest.real(table("ranks-site", "groups"), group, "mean_rank");
      check("mean rank", rank, ranks[group], 1e-14);
    }
  }

  /** Variances of the rows' and columns' means over all pairs, in R. */
  @Test
  void probabilityEqualsDeLongs() {
    ResultTable effects = table("ranks-y", "effects");
    double[] expected = {
      0.7313984482070208, 0.017090995539493024, 0.6979007124896798, 0.7648961839243619
    };
    String[] columns = {"probability", "std_error", "conf_low", "conf_high"};
    for (int i = 0; i < columns.length; i++) {
      check(columns[i], GlmReferenceTest.real(effects, 0, columns[i]), expected[i], 1e-12);
    }
  }

  /**
   * At steps of ten years W is another, and the report says so; beyond 2048 steps there is none.
   */
  @Test
  void coarseAndUnknownRangesAreStated() {
    AnalysisReport coarse = Federation.heartTests().report("ranks-tens");
    assertThat(coarse.facts().get("resolution")).isEqualTo(Cell.of("values to 10.0"));
    AnalysisReport unknown = Federation.heartTests().report("ranks-hundredths");
    assertThat(unknown.outcome()).isEqualTo("RANGE_UNKNOWN");
    for (List<Cell> row : GlmReferenceTest.table(unknown, "tests").rows()) {
      assertThat(row.subList(2, row.size())).containsOnly(new Cell.Failed("RANGE_UNKNOWN"));
    }
  }
}
