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

/** Frequencies, histogram, tests of independence and correlations of heart-disease against R. */
final class CountsOracles {
  private CountsOracles() {}

  /** Levels of one column, in the pooled lines. */
  static void frequencies(String file, String column, Federation federation) {
    Sheet oracle = Oracle.csv(file).where("site", "pooled").where("column", column);
    CrosstabResult result =
        Pooled.run(CrosstabAnalysis.of(federation.job("count-" + column)), federation.tables())
            .result();
    List<String> levels = result.fields().get(0).levels();
    for (List<String> row : oracle.rows()) {
      long count = Long.parseLong(row.get(3));
      if (row.get(2).equals("NA")) {
        Differences.exact(file, "missing", result.missing(), count);
      } else {
        long cell = result.cells().at(levels.indexOf(row.get(2)));
        Differences.exact(file, "count", cell, count);
      }
    }
    assertThat(levels).hasSize(oracle.rows().size() - 1);
  }

  /** The pooled lines. */
  static void histogram(String file, Federation federation) {
    Sheet oracle = Oracle.csv(file).where("site", "pooled");
    HistogramResult result =
        Pooled.run(HistogramAnalysis.of(federation.job("histogram-age")), federation.tables())
            .result();
    assertThat(result.counts().at(0)).isZero();
    for (int bin = 0; bin < oracle.rows().size(); bin++) {
      long count = Long.parseLong(oracle.rows().get(bin).get(3));
      Differences.exact(file, "count", result.counts().at(1 + bin), count);
    }
  }

  /** One test that stands beside a crosstab. */
  static void chiSquare(String file, String test, Federation federation, String analysis, int row) {
    JsonNode expected = Oracle.json(file).get(test);
    ResultTable tests = GlmReferenceTest.table(federation.report(analysis), "tests");
    for (String[] pair :
        new String[][] {{"statistic", "statistic"}, {"df", "parameter"}, {"p_value", "p_value"}}) {
      Differences.check(
          file,
          test + " " + pair[0],
          GlmReferenceTest.real(tests, row, pair[0]),
          expected.get(pair[1]).asDouble(),
          1e-10);
    }
  }

  /** Fisher's exact test beside a crosstab. */
  static void fisher(String file, Federation federation) {
    JsonNode expected = Oracle.json(file).get("fisher_fbs_by_y");
    ResultTable tests = GlmReferenceTest.table(federation.report("fbs-y"), "tests");
    Differences.check(
        file,
        "fisher_fbs_by_y p_value",
        GlmReferenceTest.real(tests, 2, "p_value"),
        expected.get("p_value").asDouble(),
        1e-10);
    // R solves for odds ratio and limits to about 1e-4 only.
    Differences.check(
        file,
        "fisher_fbs_by_y odds_ratio",
        GlmReferenceTest.real(tests, 2, "odds_ratio"),
        expected.get("estimate").asDouble(),
        1e-3);
    Differences.check(
        file,
        "fisher_fbs_by_y conf_low",
        GlmReferenceTest.real(tests, 2, "conf_low"),
        expected.get("conf_int").get(0).asDouble(),
        1e-3);
    Differences.check(
        file,
        "fisher_fbs_by_y conf_high",
        GlmReferenceTest.real(tests, 2, "conf_high"),
        expected.get("conf_int").get(1).asDouble(),
        1e-3);
  }

  /** Covariances and Pearson's correlations of complete rows. */
  static void correlations(String file, Federation federation) {
    JsonNode expected = Oracle.json(file);
    AnalysisReport report = federation.report("pearson");
    Differences.exact(file, "n", report.persons(), expected.get("n").asLong());
    ResultTable pairs = GlmReferenceTest.table(report, "correlations");
    int row = 0;
    int columns = expected.get("columns").size();
    for (int j = 0; j < columns; j++) {
      for (int k = j + 1; k < columns; k++) {
        Differences.check(
            file,
            "covariance",
            GlmReferenceTest.real(pairs, row, "covariance"),
            expected.get("covariance").get(j).get(k).asDouble(),
            1e-11);
        Differences.check(
            file,
            "pearson",
            GlmReferenceTest.real(pairs, row, "correlation"),
            expected.get("pearson").get(j).get(k).asDouble(),
            1e-11);
        row++;
      }
    }
    assertThat(pairs.rows()).hasSize(row);
  }

  /** The test of one correlation. */
  static void correlationTest(String file, Federation federation) {
    JsonNode expected = Oracle.json(file).get("pearson_age_thalach");
    ResultTable pairs = GlmReferenceTest.table(federation.report("pearson-two"), "correlations");
    Differences.check(
        file,
        "pearson_age_thalach statistic",
        GlmReferenceTest.real(pairs, 0, "statistic"),
        expected.get("statistic").asDouble(),
        1e-11);
    Differences.check(
        file,
        "pearson_age_thalach p_value",
        GlmReferenceTest.real(pairs, 0, "p_value"),
        expected.get("p_value").asDouble(),
        1e-10);
    Differences.check(
        file,
        "pearson_age_thalach conf_low",
        GlmReferenceTest.real(pairs, 0, "conf_low"),
        expected.get("conf_int").get(0).asDouble(),
        1e-11);
  }
}
