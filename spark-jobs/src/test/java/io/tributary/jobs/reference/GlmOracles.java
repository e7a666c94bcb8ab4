package io.tributary.jobs.reference;

import static io.tributary.jobs.reference.GlmReferenceTest.real;
import static io.tributary.jobs.reference.GlmReferenceTest.table;
import static io.tributary.jobs.reference.GlmReferenceTest.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.List;
import java.util.stream.IntStream;

/** Models of {@code glm} against files of the shared oracles. */
final class GlmOracles {
  private static final double ESTIMATE = 1e-8;
  private static final double PROBABILITY = 1e-6;

  /** Nine digits behind the point are printed. */
  private static final double DIGITS = 1e-6;

  private GlmOracles() {}

  /** The analysis of the file's name. */
  static void model(String file, Federation federation) {
    JsonNode expected = Oracle.json(file);
    String name = file.substring(file.indexOf('/') + 1, file.lastIndexOf('.')).replace('_', '-');
    AnalysisReport report = federation.report(name);
    assertThat(report.outcome()).isEqualTo("OK");
    GlmReferenceTest.compare(file, expected.path("family").asText("gaussian"), report, expected);
  }

  /** Another federated program's estimates of the same model, as printed. */
  static void dataShield(String file, Federation federation) {
    JsonNode expected = Oracle.json(file);
    AnalysisReport report = federation.report("logistic-m1");
    ResultTable table = table(report, "coefficients");
    for (int j = 0; j < expected.get("terms").size(); j++) {
      assertThat(table.rows().get(j).get(0))
          .isEqualTo(new Cell.Text(expected.get("terms").get(j).asText()));
      for (String column : List.of("estimate", "std_error")) {
        double number = expected.get(column).get(j).asDouble();
        Differences.check(file, column, real(table, j, column), number, DIGITS);
      }
    }
    ResultTable fit = table(report, "fit");
    Differences.exact(file, "n", whole(fit, 0, "n"), expected.get("n_valid").asLong());
    double deviance = expected.get("deviance").asDouble();
    Differences.check(file, "deviance", real(fit, 0, "deviance"), deviance, ESTIMATE);
  }

  /** Each hospital alone. In the Swiss one the model is separated, which R does not say. */
  static void sites(String file, Federation federation) {
    Sheet expected = Oracle.csv(file);
    List<String> sites = expected.rows().stream().map(row -> row.get(0)).distinct().toList();
    for (int site = 0; site < sites.size(); site++) {
      AnalysisReport report = federation.report("logistic-m1", site);
      if (sites.get(site).equals("switzerland")) {
        assertThat(report.outcome()).isEqualTo("SEPARATION");
        continue;
      }
      assertThat(report.outcome()).isEqualTo("OK");
      ResultTable table = table(report, "coefficients");
      List<List<String>> rows = expected.where("site", sites.get(site)).rows();
      assertThat(table.rows()).hasSize(rows.size());
      for (int j = 0; j < rows.size(); j++) {
        assertThat(table.rows().get(j).get(0)).isEqualTo(new Cell.Text(rows.get(j).get(3)));
        String[] columns = {"estimate", "std_error", "p_value"};
        for (int i = 0; i < columns.length; i++) {
          double number = Double.parseDouble(rows.get(j).get(4 + i));
          double within = i < 2 ? ESTIMATE : PROBABILITY;
          Differences.check(file, columns[i], real(table, j, columns[i]), number, within);
        }
      }
    }
  }

  /** R's last step from coefficients of 0 arrives where ours from the outcome's mean does. */
  static void path(String file, Federation federation) {
    Sheet path = Oracle.csv(file);
    String end = path.rows().get(path.rows().size() - 1).get(0);
    List<List<String>> last = path.where("iteration", end).rows();
    AnalysisReport report = federation.report("logistic-m1");
    double[] estimates = column(report, "estimate");
    assertThat(estimates).hasSize(last.size());
    for (int j = 0; j < estimates.length; j++) {
      double beta = Double.parseDouble(last.get(j).get(2));
      Differences.check(file, "beta, last iteration", estimates[j], beta, ESTIMATE);
    }
    double deviance = Double.parseDouble(last.get(0).get(4));
    double actual = real(table(report, "fit"), 0, "deviance");
    Differences.check(file, "deviance, last iteration", actual, deviance, ESTIMATE);
  }

  /**
   * Sums over the sites of score and information at R's estimate: score 0, and our covariance the
   * information's inverse.
   */
  static void partials(String file, Federation federation) {
    JsonNode sites = Oracle.json(file).get("at_mle");
    AnalysisReport report = federation.report("logistic-m1");
    double[] score = sum(sites, "gradient");
    double[] errors = column(report, "std_error");
    for (int j = 0; j < errors.length; j++) {
      Differences.check(file, "sum of gradients", score[j] * errors[j], 0, 1, ESTIMATE);
    }
    inverse(file, "information x covariance", matrix(sites, "information"), report, 1);
    double deviance = 0;
    for (JsonNode site : sites) {
      deviance += site.get("deviance").asDouble();
    }
    double actual = real(table(report, "fit"), 0, "deviance");
    Differences.check(file, "sum of deviances", actual, deviance, ESTIMATE);
  }

  /** Sums over the sites of X'X and X'y: normal equations of our estimates, and covariance. */
  static void normalEquations(String file, Federation federation) {
    JsonNode sites = Oracle.json(file);
    AnalysisReport report = federation.report("linear-thalach");
    double[] right = sum(sites, "xty");
    double[][] left = matrix(sites, "xtx");
    double[] estimates = column(report, "estimate");
    for (int j = 0; j < right.length; j++) {
      double product = 0;
      for (int k = 0; k < right.length; k++) {
        product += left[j][k] * estimates[k];
      }
      Differences.check(file, "X'X estimate = X'y", product, right[j], ESTIMATE);
    }
    double sigma = real(table(report, "fit"), 0, "sigma");
    inverse(file, "X'X covariance / sigma^2", left, report, sigma * sigma);
  }

  private static double[] column(AnalysisReport report, String name) {
    ResultTable table = table(report, "coefficients");
    return IntStream.range(0, table.rows().size()).mapToDouble(j -> real(table, j, name)).toArray();
  }

  private static double[] sum(JsonNode sites, String element) {
    double[] sum = new double[sites.iterator().next().get(element).size()];
    for (JsonNode site : sites) {
      for (int j = 0; j < sum.length; j++) {
        sum[j] += site.get(element).get(j).asDouble();
      }
    }
    return sum;
  }

  private static double[][] matrix(JsonNode sites, String element) {
    int p = sites.iterator().next().get(element).size();
    double[][] sum = new double[p][p];
    for (JsonNode site : sites) {
      for (int j = 0; j < p; j++) {
        for (int k = 0; k < p; k++) {
          sum[j][k] += site.get(element).get(j).get(k).asDouble();
        }
      }
    }
    return sum;
  }

  /** Holds a matrix times our covariance over a factor against the identity, in our errors. */
  static void inverse(
      String file, String quantity, double[][] matrix, AnalysisReport report, double factor) {
    ResultTable covariance = table(report, "covariance");
    double[] errors = column(report, "std_error");
    int p = errors.length;
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < p; k++) {
        double product = 0;
        for (int i = 0; i < p; i++) {
          product += matrix[j][i] * real(covariance, i * p + k, "covariance") / factor;
        }
        double element = product * errors[j] / errors[k];
        Differences.check(file, quantity, element, j == k ? 1 : 0, 1, ESTIMATE);
      }
    }
  }
}
