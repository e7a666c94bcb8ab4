package io.tributary.jobs.reference;

import static io.tributary.jobs.reference.GlmReferenceTest.real;
import static io.tributary.jobs.reference.GlmReferenceTest.reference;
import static io.tributary.jobs.reference.GlmReferenceTest.table;
import static io.tributary.jobs.reference.GlmReferenceTest.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of several levels against R's multinom and polr on the pooled rows. */
class PolytomousReferenceTest {
  private static final double ESTIMATE = 1e-9;
  private static final double PROBABILITY = 1e-7;

  static Stream<String> models() {
    return GlmReferenceTest.models("polytomous.csv");
  }

  /** Both models, interactions, weights: resources/reference/polytomous.R. */
  @ParameterizedTest
  @MethodSource("models")
  void equalsR(String model) {
    AnalysisReport report = federation(model).report(model.replace('_', '-'));
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable table = table(report, "coefficients");
    ResultTable fit = table(report, "fit");
    int row = 0;
    for (List<String> expected : reference("polytomous.csv").where("model", model).rows()) {
      String term = expected.get(1);
      double estimate = Double.parseDouble(expected.get(2));
      if (term.equals("n")) {
        assertThat(whole(fit, 0, "n")).isEqualTo((long) estimate);
      } else if (expected.get(3).isEmpty()) {
        Differences.check("polytomous/" + model, term, real(fit, 0, term), estimate, ESTIMATE);
      } else {
        assertThat(table.rows().get(row).get(0)).isEqualTo(new Cell.Text(term));
        String[] columns = {"estimate", "std_error", "statistic", "p_value"};
        for (int i = 0; i < columns.length; i++) {
          Differences.check(
              "polytomous/" + model,
              columns[i],
              real(table, row, columns[i]),
              Double.parseDouble(expected.get(2 + i)),
              i < 3 ? ESTIMATE : PROBABILITY);
        }
        row++;
      }
    }
    assertThat(table.rows()).hasSize(row);
  }

  private static Federation federation(String model) {
    return model.endsWith("extent") || model.endsWith("weights")
        ? Federation.colon(4)
        : Federation.heartTests();
  }
}
