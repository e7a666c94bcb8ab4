package io.tributary.jobs.reference;

import static io.tributary.jobs.reference.GlmReferenceTest.real;
import static io.tributary.jobs.reference.GlmReferenceTest.reference;
import static io.tributary.jobs.reference.GlmReferenceTest.table;
import static io.tributary.jobs.reference.GlmReferenceTest.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parametric models of times against R's survreg on the pooled rows. */
class ParametricSurvivalReferenceTest {
  private static final double ESTIMATE = 1e-8;
  private static final double PROBABILITY = 1e-6;

  static Stream<String> models() {
    return GlmReferenceTest.models("survreg.csv");
  }

  /**
   * Distributions, weights, offsets, robust and clustered errors: resources/reference/survreg.R.
   */
  @ParameterizedTest
  @MethodSource("models")
  void equalsR(String model) {
    AnalysisReport report = federation(model).report(model.replace('_', '-'));
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable table = table(report, "coefficients");
    ResultTable fit = table(report, "fit");
    int row = 0;
    for (List<String> expected : reference("survreg.csv").where("model", model).rows()) {
      String term = expected.get(1);
      double estimate = Double.parseDouble(expected.get(2));
      if (term.equals("n")) {
        assertThat(whole(fit, 0, "n")).isEqualTo((long) estimate);
      } else if (expected.get(3).isEmpty()) {
        Differences.check("survreg/" + model, term, real(fit, 0, term), estimate, ESTIMATE);
      } else {
        assertThat(table.rows().get(row).get(0)).isEqualTo(new Cell.Text(term));
        String[] columns = {"estimate", "std_error", "p_value"};
        for (int i = 0; i < columns.length; i++) {
          Differences.check(
              "survreg/" + model,
              columns[i],
              real(table, row, columns[i]),
              Double.parseDouble(expected.get(2 + i)),
              i < 2 ? ESTIMATE : PROBABILITY);
        }
        row++;
      }
    }
    assertThat(table.rows()).hasSize(row);
  }

  private static Federation federation(String model) {
    return model.startsWith("both")
        ? Federation.bothEvents()
        : model.startsWith("colon") ? Federation.colon(7) : Federation.lung(3);
  }

  /** The Weibull model of the shared oracles. */
  static void weibull(String file, Federation federation) {
    JsonNode expected = Oracle.json(file);
    AnalysisReport report = federation.report("weibull-aft");
    ResultTable table = table(report, "coefficients");
    for (int row = 0; row < 4; row++) {
      assertThat(table.rows().get(row).get(0))
          .isEqualTo(new Cell.Text(expected.get("terms").get(row).asText()));
      for (String column : List.of("estimate", "std_error")) {
        double value = expected.get(column).get(row).asDouble();
        Differences.check(file, column, real(table, row, column), value, ESTIMATE);
      }
    }
    ResultTable fit = table(report, "fit");
    double logLikelihood = expected.get("loglik").asDouble();
    Differences.check(
        file, "log_likelihood", real(fit, 0, "log_likelihood"), logLikelihood, ESTIMATE);
    Differences.check(
        file, "scale", real(fit, 0, "scale"), expected.get("scale").asDouble(), ESTIMATE);
  }
}
