package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.List;

/** Moments and quantiles against R's describe on the pooled rows of heart-disease. */
final class SummaryOracles {
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

  private SummaryOracles() {}

  /** The pooled lines of the file. */
  static void columns(String file, Federation federation) {
    Sheet oracle = Oracle.csv(file).where("site", "pooled");
    AnalysisReport report = federation.report("summary");
    assertThat(report.persons()).isEqualTo(920);
    ResultTable summary = GlmReferenceTest.table(report, "summary");
    ResultTable quantiles = GlmReferenceTest.table(report, "quantiles");
    int exact = 0;
    for (int column = 0; column < COLUMNS.size(); column++) {
      String name = COLUMNS.get(column);
      List<String> expected = oracle.where("column", name).rows().get(0);
      long n = Long.parseLong(expected.get(oracle.header().indexOf("n")));
      Differences.exact(file, "n", GlmReferenceTest.whole(summary, column, "n"), n);
      GlmReferenceTest.requireMissing(
          summary,
          column,
          "missing",
          Long.parseLong(expected.get(oracle.header().indexOf("n_missing"))));
      for (String statistic : List.of("mean", "sd", "variance", "sum")) {
        Differences.check(
            file,
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
              file,
              "quantiles of known values",
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
