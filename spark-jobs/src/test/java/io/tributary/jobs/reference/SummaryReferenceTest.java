package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Moments and quantiles against R's describe on the pooled rows of heart-disease. */
class SummaryReferenceTest {
  private static final List<String> COLUMNS =
      List.of(
          "age",
          "sex",
          "cp",
          "trestbps",
          "chol",
          "fbs",
          "restecg",
          "thalach",
          "exang",
          "oldpeak",
          "slope",
          "ca",
          "thal",
          "num");
  private static final List<String> QUANTILES =
      List.of("p05", "p10", "q1", "median", "q3", "p90", "p95");

  @AfterAll
  static void printDifferences() {
    System.out.println(Differences.table());
  }

  @Test
  void pooledColumnsEqualR() {
    Sheet oracle = Oracle.csv("heart-disease/summary.csv").where("site", "pooled");
    AnalysisReport report = Federation.heart(7).report("summary");
    assertThat(report.persons()).isEqualTo(920);
    compare(report, oracle);
  }

  private static void compare(AnalysisReport report, Sheet oracle) {
    ResultTable summary = GlmReferenceTest.table(report, "summary");
    ResultTable quantiles = GlmReferenceTest.table(report, "quantiles");
    int exact = 0;
    for (int column = 0; column < COLUMNS.size(); column++) {
      String name = COLUMNS.get(column);
      List<String> expected = oracle.where("column", name).rows().get(0);
      assertThat(GlmReferenceTest.whole(summary, column, "n"))
          .isEqualTo(Long.parseLong(expected.get(oracle.header().indexOf("n"))));
      GlmReferenceTest.requireMissing(
          summary,
          column,
          "missing",
          Long.parseLong(expected.get(oracle.header().indexOf("n_missing"))));
      for (String statistic : List.of("mean", "sd", "variance", "sum")) {
        Differences.check(
            "heart-disease summary",
            statistic,
            GlmReferenceTest.real(summary, column, statistic),
            number(oracle, expected, statistic),
            1e-12);
      }
      for (int q = 0; q < QUANTILES.size(); q++) {
        int row = column * QUANTILES.size() + q;
        double value = number(oracle, expected, QUANTILES.get(q));
        double lower = GlmReferenceTest.real(quantiles, row, "lower");
        double upper = GlmReferenceTest.real(quantiles, row, "upper");
        assertThat(value).as(name + " " + QUANTILES.get(q)).isBetween(less(lower), more(upper));
        if (quantiles.rows().get(row).get(quantiles.column("exact")).equals(new Cell.Flag(true))) {
          exact++;
          Differences.check(
              "heart-disease summary",
              "exact quantile",
              GlmReferenceTest.real(quantiles, row, "estimate"),
              value,
              1e-14);
        }
      }
    }
    assertThat(exact).isGreaterThan(60);
  }

  /** The oracle prints 15 digits. */
  private static double less(double bound) {
    return bound - 1e-14 * Math.abs(bound);
  }

  private static double more(double bound) {
    return bound + 1e-14 * Math.abs(bound);
  }

  private static double number(Sheet oracle, List<String> row, String column) {
    return Double.parseDouble(row.get(oracle.header().indexOf(column)));
  }
}
