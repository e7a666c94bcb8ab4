package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of a person, or of another cluster, under robust standard errors. */
class ClusteredRowsTest {
  private static final String COX =
      "type: cox, formula: \"Surv(month, dead) ~ x + z\", ties: breslow, variance: robust";
  private static final String LOGISTIC =
      "type: glm, formula: \"dead ~ x + z\", family: binomial, variance: HC0";

  private static final int ROWS = 3;

  @TempDir static Path folder;

  private static Study study(String analysis, String cohort, String more) {
    String yaml =
        """
        study: clusters
        sites: [a, b, c]
        cohort: {from: table%s}
        columns: {month: {type: integer, range: [0, 12]}}
        analyses:
          - {name: a, %s%s}
        """
            .formatted(cohort, analysis, more);
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private static double[] errors(Study study, Sheet sheet, int files) {
    try (SiteTable table = sheet.open(study, folder, files)) {
      AnalysisReport report = Pooled.report(Catalog.create(study, 0), List.of(table));
      assertThat(report.outcome()).isEqualTo("OK");
      ResultTable coefficients = report.tables().get(0);
      int column = coefficients.column("std_error");
      return coefficients.rows().stream()
          .mapToDouble(row -> ((Cell.Real) row.get(column)).value())
          .toArray();
    }
  }

  /** A cluster stands in one block, so one that would not fit ends the analysis with a remedy. */
  @Test
  void clusterBeyondABlockIsRefused() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      rows.add(RowFactory.create(1.5, i < 100_000 ? "small" : "large"));
    }
    RowBlocks.RowReader reader =
        new RowBlocks.RowReader() {
          @Override
          public int width() {
            return 2;
          }

          @Override
          public boolean read(Row row, double[] into, int at) {
            into[at] = row.getDouble(0);
            return true;
          }
        };
    int most = 2 * 200_000;
    Iterator<double[]> fits =
        new RowBlocks.ClusterBlocks(rows.iterator(), reader, "size", 1, 1, most);
    assertThat(fits.next()).hasSize(1 + 2 * 100_000);
    assertThat(fits.next()).hasSize(1 + 2 * 200_000);
    assertThat(fits.hasNext()).isFalse();
    Iterator<double[]> large =
        new RowBlocks.ClusterBlocks(rows.iterator(), reader, "size", 1, 1, most - 2);
    large.next();
    assertThatThrownBy(large::next)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID);
              assertThat(e.problem())
                  .isEqualTo("Column 'size': more than 199999 rows have the same value.");
            });
  }

  /**
   * Three equal rows of a person are one row of weight three. They fill several blocks, of which
   * none may cut a person in two.
   */
  @ParameterizedTest
  @ValueSource(strings = {COX, LOGISTIC})
  void rowsOfAPersonAreOneWhereverTheyStand(String analysis) {
    Random random = new Random(11);
    List<List<String>> persons = new ArrayList<>();
    for (int person = 0; person < 6000; person++) {
      double x = random.nextGaussian();
      persons.add(
          List.of(
              Integer.toString(person),
              Double.toString(x),
              Double.toString(random.nextGaussian()),
              Integer.toString(1 + random.nextInt(12)),
              random.nextDouble() < 1 / (1 + Math.exp(-x)) ? "1" : "0",
              Integer.toString(ROWS)));
    }
    List<String> header = List.of("person", "x", "z", "month", "dead", "w");
    double[] weighted = errors(study(analysis, "", ", weights: w"), new Sheet(header, persons), 1);
    List<List<String>> rows = new ArrayList<>();
    for (int copy = 0; copy < ROWS; copy++) {
      rows.addAll(persons);
    }
    Collections.shuffle(rows, random);
    Study clustered = study(analysis, ", person: person, rowsPerPerson: " + ROWS, "");
    double[] together = errors(clustered, new Sheet(header, rows), 2);
    if (analysis.equals(LOGISTIC)) {
      Study byColumn = study(analysis, "", ", cluster: person");
      assertThat(errors(byColumn, new Sheet(header, rows), 2)).containsExactly(together);
    }
    double[] apart = errors(study(analysis, "", ""), new Sheet(header, rows), 1);
    for (int j = 0; j < weighted.length; j++) {
      assertThat(together[j]).isEqualTo(weighted[j], within(1e-13));
      assertThat(apart[j]).isEqualTo(weighted[j] / Math.sqrt(ROWS), within(1e-13));
    }
  }
}
