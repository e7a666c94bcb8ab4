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

  private static void check(
      String file, String test, String quantity, double actual, JsonNode expected, double within) {
    Differences.check(file, test + " " + quantity, actual, expected.asDouble(), within);
  }

  /** A test of independence by its name in the file. */
  static void chiSquare(String file, String name, String analysis, String test) {
    JsonNode expected = Oracle.json(file).get(name);
    ResultTable tests = table(analysis, "tests");
    check(
        file, name, "statistic", real(tests, test, "statistic"), expected.get("statistic"), 1e-12);
    check(file, name, "df", real(tests, test, "df"), expected.get("parameter"), 0);
    check(file, name, "p_value", real(tests, test, "p_value"), expected.get("p_value"), 1e-10);
  }

  /** Counts, and those that independence would have. */
  static void counts(String file) {
    JsonNode oracle = Oracle.json(file);
    Federation federation = Federation.heartTests();
    ContingencyTestAnalysis analysis = ContingencyTestAnalysis.of(federation.job("table-cp"));
    long[][] counts = Pooled.run(analysis, federation.tables()).result().table(0);
    for (int level = 0; level < 4; level++) {
      for (int group = 0; group < 2; group++) {
        long expected = oracle.get("counts").get(level).get(group).asLong();
        Differences.exact(file, "count", counts[level][group], expected);
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
  static void strata(String file) {
    String name = "cmh_sex_y_by_site";
    JsonNode expected = Oracle.json(file).get(name);
    Federation federation = Federation.heartTests();
    ContingencyTestAnalysis analysis = ContingencyTestAnalysis.of(federation.job("table-strata"));
    ContingencyResult result = Pooled.run(analysis, federation.tables()).result();
    StratifiedTables strata = StratifiedTables.of(result.tables(0));
    ContingencyTable.Test test = strata.mantelHaenszel(0.5);
    check(file, name, "statistic", test.statistic(), expected.get("statistic"), 1e-12);
    check(file, name, "p_value", Math.exp(test.logP()), expected.get("p_value"), 1e-10);
    check("cmh uncorrected", strata.mantelHaenszel(0).statistic(), 44.44268522468594, 1e-12);
    ContingencyTable.Effect odds = strata.logOddsRatio();
    double reach = Tails.normalQuantile(0.95) * odds.error();
    double low = Math.exp(odds.estimate() - reach);
    double high = Math.exp(odds.estimate() + reach);
    double ratio = Math.exp(odds.estimate());
    check(file, name, "estimate", ratio, expected.get("estimate"), 1e-12);
    check(file, name, "conf_low", low, expected.get("conf_int").get(0), 1e-12);
    check(file, name, "conf_high", high, expected.get("conf_int").get(1), 1e-12);
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

  /** wilcox.test of the pulse by disease. */
  static void mannAndWhitney(String file) {
    String name = "wilcoxon_thalach_by_y_no_exact";
    JsonNode expected = Oracle.json(file).get(name);
    ResultTable tests = table("ranks-y", "tests");
    double w = GlmReferenceTest.real(tests, 0, "statistic");
    check(file, name, "statistic", w, expected.get("statistic"), 0);
    double p = GlmReferenceTest.real(tests, 0, "p_value");
    check(file, name, "p_value", p, expected.get("p_value"), 1e-10);
  }

  @Test
  void ranksOfTwoGroupsEqualR() {
    ResultTable tests = table("ranks-y", "tests");
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

  /** kruskal.test of age by hospital. */
  static void kruskalAndWallis(String file) {
    String name = "kruskal_age_by_site";
    JsonNode expected = Oracle.json(file).get(name);
    ResultTable tests = table("ranks-site", "tests");
    double h = GlmReferenceTest.real(tests, 0, "statistic");
    check(file, name, "statistic", h, expected.get("statistic"), 1e-12);
    double p = GlmReferenceTest.real(tests, 0, "p_value");
    check(file, name, "p_value", p, expected.get("p_value"), 1e-10);
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
