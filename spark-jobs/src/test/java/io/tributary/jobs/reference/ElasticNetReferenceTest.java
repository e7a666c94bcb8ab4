package io.tributary.jobs.reference;

import static io.tributary.jobs.reference.GlmReferenceTest.real;
import static io.tributary.jobs.reference.GlmReferenceTest.reference;
import static io.tributary.jobs.reference.GlmReferenceTest.table;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Elastic nets against R's glmnet on the pooled rows. */
class ElasticNetReferenceTest {
  private static final double ESTIMATE = 1e-8;

  static Stream<String> models() {
    return GlmReferenceTest.models("elasticnet.csv");
  }

  /** Paths, deviances, cross-validations: resources/reference/elasticnet.R. */
  @ParameterizedTest
  @MethodSource("models")
  void equalsR(String model) {
    AnalysisReport report = Federation.penalised().report(model.replace('_', '-'));
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable coefficients = table(report, "coefficients");
    ResultTable path = table(report, "path");
    int steps = path.rows().size();
    Map<String, Integer> seen = new HashMap<>();
    int compared = 0;
    for (List<String> expected : reference("elasticnet.csv").where("model", model).rows()) {
      String what = expected.get(1);
      double value = Double.parseDouble(expected.get(3));
      if (what.startsWith("lambda_")) {
        Cell fact = report.facts().get(what);
        check(model, what, ((Cell.Real) fact).value(), value, value);
        continue;
      }
      int step = seen.merge(what, 1, Integer::sum) - 1;
      check(model, "lambda", real(path, step, "lambda"), Double.parseDouble(expected.get(2)), 0);
      if (List.of("deviance_ratio", "cv_error", "cv_std_error").contains(what)) {
        check(model, what, real(path, step, what), value, 1);
        continue;
      }
      int term = term(coefficients, steps, what);
      // A coefficient near 0 is compared in the size it has at the weakest penalty.
      double scale = real(coefficients, term * steps + steps - 1, "estimate");
      double estimate = real(coefficients, term * steps + step, "estimate");
      check(model, "estimate", estimate, value, scale);
      compared++;
    }
    assertThat(compared).isEqualTo(coefficients.rows().size());
  }

  private static int term(ResultTable coefficients, int steps, String name) {
    for (int row = 0; row < coefficients.rows().size(); row += steps) {
      if (coefficients.rows().get(row).get(0).equals(Cell.of(name))) {
        return row / steps;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static void check(
      String model, String quantity, double actual, double expected, double scale) {
    Differences.check("elasticnet/" + model, quantity, actual, expected, scale, ESTIMATE);
  }

  /** Two rows of each patient: with both in one part, errors are those of persons. */
  @Test
  void rowsOfAPersonAreInOnePart() {
    AnalysisReport report = Federation.bothEvents().report("net-persons");
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable path = table(report, "path");
    assertThat(path.rows()).hasSize(4);
    assertThat(real(path, 3, "cv_error")).isLessThan(real(path, 0, "cv_error"));
  }

  /** Models of the shared oracles, on columns that were centred and scaled before. */
  static void oracle(String file, Federation federation) {
    JsonNode oracle = Oracle.json(file);
    for (String kind : List.of("ridge", "lasso", "elastic_net_0.5")) {
      String name = "oracle-" + kind.replace('_', '-').replace(".", "");
      ResultTable coefficients = table(federation.report(name), "coefficients");
      int steps = oracle.get(kind).size();
      for (int step = 0; step < steps; step++) {
        JsonNode expected = oracle.get(kind).get(step);
        double largest = 0;
        for (JsonNode estimate : expected.get("estimate")) {
          largest = Math.max(largest, Math.abs(estimate.asDouble()));
        }
        for (int term = 0; term < expected.get("terms").size(); term++) {
          int row = term * steps + step;
          double lambda = expected.get("lambda").asDouble();
          assertThat(real(coefficients, row, "lambda")).isEqualTo(lambda);
          double number = expected.get("estimate").get(term).asDouble();
          double actual = real(coefficients, row, "estimate");
          Differences.check(file, kind + " estimate", actual, number, largest, 1e-7);
        }
      }
      assertThat(coefficients.rows()).hasSize(6 * steps);
    }
  }
}
