package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import io.tributary.study.Study.ReleaseFloor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * NIST's certified values. The data sets are smaller than any release floor, so the floor is taken
 * away here.
 */
class NistReferenceTest {
  private static final ReleaseFloor NO_FLOOR = new ReleaseFloor(1, 1, 1);

  @TempDir private Path folder;

  private static AnalysisReport report(Sheet rows, int sites, String analysis, Path folder) {
    Study study = Sheet.released(Sheet.study("{}", analysis), NO_FLOOR);
    List<SiteTable> tables = Sheet.open(rows.cut(sites, 11), study, folder);
    try {
      return Pooled.report(Catalog.create(study, 0), tables);
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  /**
   * Mean and standard deviation of one data set.
   *
   * @param sites over which its rows are cut, shuffled
   * @param deviation what the decimals of the data lose when they become doubles: half a unit in
   *     the last place of a value, over the standard deviation
   */
  static void moments(String file, String name, int sites, double deviation, Path folder) {
    JsonNode certified = Oracle.json(file).get("univariate").get(name);
    AnalysisReport report =
        report(
            Oracle.data("numeric-stress/" + name + ".csv"),
            sites,
            "{name: s, type: summary, columns: [y], quantiles: [0.5]}",
            folder);
    double mean = certified.get("mean").asDouble();
    checkMoments(file, name, report, mean, certified.get("sd").asDouble(), deviation);
  }

  private static void checkMoments(
      String file, String name, AnalysisReport report, double mean, double sd, double tolerance) {
    ResultTable table = GlmReferenceTest.table(report, "summary");
    double actual = GlmReferenceTest.real(table, 0, "mean");
    Differences.check(file, name + " mean", actual, mean, 1e-12);
    Differences.check(file, name + " sd", GlmReferenceTest.real(table, 0, "sd"), sd, tolerance);
  }

  /** NumAcc4 by its rule: 10000000.2, then 10000000.1 and 10000000.3 in turn; mean as the first. */
  @Test
  void numacc4() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("10000000.2"));
    for (int i = 0; i < 500; i++) {
      rows.add(List.of("10000000.1"));
      rows.add(List.of("10000000.3"));
    }
    AnalysisReport report =
        report(
            new Sheet(List.of("y"), rows),
            7,
            "{name: s, type: summary, columns: [y], quantiles: 0.5}",
            folder);
    checkMoments("NIST", "numacc4", report, 10000000.2, 0.1, 1e-8);
  }

  /** Longley's regression, whose columns nearly depend on one another. */
  static void longley(String file, int sites, Path folder) {
    JsonNode certified = Oracle.json(file).get("longley");
    AnalysisReport report =
        report(
            Oracle.data("numeric-stress/longley.csv"),
            sites,
            "{name: m, type: glm, formula: \"y ~ x1 + x2 + x3 + x4 + x5 + x6\"}",
            folder);
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable table = GlmReferenceTest.table(report, "coefficients");
    for (int j = 0; j < 7; j++) {
      Differences.check(
          file,
          "longley estimate",
          GlmReferenceTest.real(table, j, "estimate"),
          certified.get("estimate").get(j).asDouble(),
          1e-8);
      Differences.check(
          file,
          "longley std_error",
          GlmReferenceTest.real(table, j, "std_error"),
          certified.get("std_error").get(j).asDouble(),
          1e-8);
    }
    ResultTable fit = GlmReferenceTest.table(report, "fit");
    Differences.check(
        file,
        "longley sigma",
        GlmReferenceTest.real(fit, 0, "sigma"),
        certified.get("residual_sd").asDouble(),
        1e-10);
    Differences.check(
        file,
        "longley r_squared",
        GlmReferenceTest.real(fit, 0, "r_squared"),
        certified.get("r_squared").asDouble(),
        1e-10);
    Differences.check(
        file,
        "longley f_statistic",
        GlmReferenceTest.real(fit, 0, "f_statistic"),
        certified.get("f_statistic").asDouble(),
        1e-10);
  }
}
