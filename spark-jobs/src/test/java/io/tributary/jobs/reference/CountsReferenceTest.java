package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.crosstab.CrosstabAnalysis;
import io.tributary.jobs.analysis.crosstab.CrosstabResult;
import io.tributary.jobs.analysis.histogram.HistogramAnalysis;
import io.tributary.jobs.analysis.histogram.HistogramResult;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frequencies, histogram, tests of independence and correlations of heart-disease against R. */
class CountsReferenceTest {
  @ParameterizedTest
  @ValueSource(strings = {"sex", "cp", "fbs", "restecg", "exang", "slope", "ca", "thal", "num"})
  void frequenciesEqualR(String column) {
    Sheet oracle =
        Oracle.csv("heart-disease/frequencies.csv").where("site", "pooled").where("column", column);
    Federation federation = Federation.heart(3);
    CrosstabResult result =
        Pooled.run(CrosstabAnalysis.of(federation.job("count-" + column)), federation.tables())
            .result();
    List<String> levels = result.fields().get(0).levels();
    for (List<String> row : oracle.rows()) {
      long count = Long.parseLong(row.get(3));
      if (row.get(2).equals("NA")) {
        assertThat(result.missing()).isEqualTo(count);
      } else {
        assertThat(result.cells().at(levels.indexOf(row.get(2)))).isEqualTo(count);
      }
    }
    assertThat(levels).hasSize(oracle.rows().size() - 1);
  }

  @Test
  void histogramEqualsR() {
    Sheet oracle = Oracle.csv("heart-disease/histogram-age.csv").where("site", "pooled");
    Federation federation = Federation.heart(3);
    HistogramResult result =
        Pooled.run(HistogramAnalysis.of(federation.job("histogram-age")), federation.tables())
            .result();
    assertThat(result.counts().at(0)).isZero();
    for (int bin = 0; bin < oracle.rows().size(); bin++) {
      assertThat(result.counts().at(1 + bin))
          .isEqualTo(Long.parseLong(oracle.rows().get(bin).get(3)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sex-y, 0, chisq_sex_by_y_no_correction",
    "sex-y, 1, chisq_sex_by_y_yates",
    "cp-y, 0, chisq_cp_by_y",
    "site-y, 0, chisq_site_by_y"
  })
  void chiSquareEqualsR(String analysis, int row, String test) {
    JsonNode expected = Oracle.json("heart-disease/tests.json").get(test);
    ResultTable tests = GlmReferenceTest.table(Federation.heart(3).report(analysis), "tests");
    for (String[] pair :
        new String[][] {{"statistic", "statistic"}, {"df", "parameter"}, {"p_value", "p_value"}}) {
      Differences.check(
          "heart-disease " + test,
          pair[0],
          GlmReferenceTest.real(tests, row, pair[0]),
          expected.get(pair[1]).asDouble(),
          1e-10);
    }
  }

  @Test
  void fisherEqualsR() {
    JsonNode expected = Oracle.json("heart-disease/tests.json").get("fisher_fbs_by_y");
    ResultTable tests = GlmReferenceTest.table(Federation.heart(3).report("fbs-y"), "tests");
    String name = "heart-disease fisher_fbs_by_y";
    Differences.check(
        name,
        "p_value",
        GlmReferenceTest.real(tests, 2, "p_value"),
        expected.get("p_value").asDouble(),
        1e-10);
    // R solves for odds ratio and limits to about 1e-4 only.
    Differences.check(
        name,
        "odds_ratio",
        GlmReferenceTest.real(tests, 2, "odds_ratio"),
        expected.get("estimate").asDouble(),
        1e-3);
    Differences.check(
        name,
        "conf_low",
        GlmReferenceTest.real(tests, 2, "conf_low"),
        expected.get("conf_int").get(0).asDouble(),
        1e-3);
    Differences.check(
        name,
        "conf_high",
        GlmReferenceTest.real(tests, 2, "conf_high"),
        expected.get("conf_int").get(1).asDouble(),
        1e-3);
  }

  @Test
  void covarianceAndCorrelationEqualR() {
    JsonNode expected = Oracle.json("heart-disease/correlation.json");
    AnalysisReport report = Federation.heart(3).report("pearson");
    assertThat(report.persons()).isEqualTo(expected.get("n").asLong());
    ResultTable pairs = GlmReferenceTest.table(report, "correlations");
    int row = 0;
    int columns = expected.get("columns").size();
    for (int j = 0; j < columns; j++) {
      for (int k = j + 1; k < columns; k++) {
        Differences.check(
            "heart-disease correlation",
            "covariance",
            GlmReferenceTest.real(pairs, row, "covariance"),
            expected.get("covariance").get(j).get(k).asDouble(),
            1e-11);
        Differences.check(
            "heart-disease correlation",
            "pearson",
            GlmReferenceTest.real(pairs, row, "correlation"),
            expected.get("pearson").get(j).get(k).asDouble(),
            1e-11);
        row++;
      }
    }
    assertThat(pairs.rows()).hasSize(row);
  }

  @Test
  void correlationTestEqualsR() {
    JsonNode expected = Oracle.json("heart-disease/tests.json").get("pearson_age_thalach");
    ResultTable pairs =
        GlmReferenceTest.table(Federation.heart(3).report("pearson-two"), "correlations");
    String name = "heart-disease pearson_age_thalach";
    Differences.check(
        name,
        "statistic",
        GlmReferenceTest.real(pairs, 0, "statistic"),
        expected.get("statistic").asDouble(),
        1e-11);
    Differences.check(
        name,
        "p_value",
        GlmReferenceTest.real(pairs, 0, "p_value"),
        expected.get("p_value").asDouble(),
        1e-10);
    Differences.check(
        name,
        "conf_low",
        GlmReferenceTest.real(pairs, 0, "conf_low"),
        expected.get("conf_int").get(0).asDouble(),
        1e-11);
  }
}
