package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models against R's glm and lm on the pooled rows, at the tolerances of the oracles' README. */
class GlmReferenceTest {
  private static final double ESTIMATE = 1e-8;
  private static final double PROBABILITY = 1e-6;

  @TempDir static Path folder;

  @AfterAll
  static void printDifferences() {
    System.out.println(Differences.table());
  }

  /**
   * @param oracle JSON file
   * @param rows of all sites
   * @param formula R's, over columns that the test derives where R computes
   */
  record Model(String oracle, Supplier<Sheet> rows, String columns, String formula, String family) {
    @Override
    public String toString() {
      return oracle;
    }
  }

  private static Model heart(String name, String columns, String formula, String family) {
    return new Model(
        "heart-disease/" + name + ".json", Oracle::heartDisease, columns, formula, family);
  }

  private static Model colon(String name, String formula, String family) {
    return new Model(
        "survival-colon/" + name + ".json",
        Oracle::colonDeaths,
        "{rx: {levels: [Obs, Lev, Lev+5FU]}}",
        formula,
        family);
  }

  static List<Model> models() {
    String site = "{site: {levels: [cleveland, hungarian, switzerland, va]}}";
    return List.of(
        heart("logistic_m1", "{}", "y ~ age + sex + trestbps + thalach + oldpeak", "binomial"),
        heart(
            "logistic_m2_cp_exang",
            "{}",
            "y ~ age + sex + factor(cp) + trestbps + thalach + exang + oldpeak",
            "binomial"),
        heart(
            "logistic_m3_site_fixed_effects",
            site,
            "y ~ age + sex + factor(cp) + trestbps + thalach + exang + oldpeak + site",
            "binomial"),
        heart("linear_thalach", "{}", "thalach ~ age + sex + exang + oldpeak", "gaussian"),
        heart(
            "linear_thalach_interaction_site",
            site,
            "thalach ~ age * sex + exang + oldpeak + site",
            "gaussian"),
        heart("poisson_num", "{}", "num ~ age + sex + thalach", "poisson"),
        colon(
            "logistic_dead_5_years",
            "dead5 ~ rx + age + sex + obstruct + adhere + nodes",
            "binomial"),
        colon("poisson_nodes", "nodes ~ rx + age + sex + obstruct", "poisson"),
        colon("poisson_rate_offset_log_time", "status ~ rx + age + offset(log(time))", "poisson"));
  }

  /** The first model at every number of sites, the others at one each. */
  static Stream<Arguments> splits() {
    List<Model> models = models();
    int[] sites = {3, 7, 10};
    List<Arguments> splits = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      splits.add(Arguments.of(models.get(i), sites[i % 3]));
    }
    splits.add(Arguments.of(models.get(0), 7));
    splits.add(Arguments.of(models.get(0), 10));
    return splits.stream();
  }

  @ParameterizedTest
  @MethodSource("splits")
  void equalsR(Model model, int sites) {
    JsonNode expected = Oracle.json(model.oracle());
    Study study =
        Sheet.study(
            model.columns(),
            "{name: m, type: glm, formula: \""
                + model.formula()
                + "\", family: "
                + model.family()
                + "}");
    List<SiteTable> tables = Sheet.open(model.rows().get().cut(sites, 17L * sites), study, folder);
    AnalysisReport report = Pooled.report(Catalog.create(study, 0), tables);
    tables.forEach(SiteTable::close);
    assertThat(report.outcome()).isEqualTo("OK");
    compare(model, report, expected);
  }

  private static void compare(Model model, AnalysisReport report, JsonNode expected) {
    ResultTable table = table(report, "coefficients");
    JsonNode rows = expected.get("coefficients");
    assertThat(table.rows()).hasSize(rows.size());
    boolean linear = model.family().equals("gaussian");
    String study = model.oracle().replace(".json", "");
    for (int j = 0; j < rows.size(); j++) {
      JsonNode row = rows.get(j);
      assertThat(table.rows().get(j).get(0)).isEqualTo(new Cell.Text(row.get("term").asText()));
      check(study, "estimate", table, j, row.get("estimate"), ESTIMATE);
      check(study, "std_error", table, j, row.get("std_error"), ESTIMATE);
      check(study, "statistic", table, j, row.get(linear ? "t" : "statistic"), ESTIMATE);
      check(study, "p_value", table, j, row.get("p_value"), PROBABILITY);
      String ci = linear ? "ci" : "wald_ci";
      check(study, "conf_low", table, j, row.get(ci + "_lower"), PROBABILITY);
      check(study, "conf_high", table, j, row.get(ci + "_upper"), PROBABILITY);
    }
    ResultTable fit = table(report, "fit");
    assertThat(whole(fit, 0, "n")).isEqualTo(expected.get("n").asLong());
    // R filters the colon rows first; here the rows without an answer count as dropped.
    if (!model.oracle().contains("dead_5_years")) {
      assertThat(whole(fit, 0, "dropped")).isEqualTo(expected.get("n_dropped_incomplete").asLong());
    }
    assertThat(whole(fit, 0, "df_residual")).isEqualTo(expected.get("df_residual").asLong());
    check(study, "deviance", fit, 0, expected.get(linear ? "rss" : "residual_deviance"), ESTIMATE);
    check(study, "log_likelihood", fit, 0, expected.get("loglik"), ESTIMATE);
    check(study, "aic", fit, 0, expected.get("aic"), ESTIMATE);
    check(study, "bic", fit, 0, expected.get("bic"), ESTIMATE);
    if (linear) {
      check(study, "sigma", fit, 0, expected.get("sigma"), ESTIMATE);
      check(study, "r_squared", fit, 0, expected.get("r_squared"), ESTIMATE);
      check(study, "adj_r_squared", fit, 0, expected.get("adj_r_squared"), ESTIMATE);
      check(study, "f_statistic", fit, 0, expected.get("f_statistic").get(0), ESTIMATE);
      check(study, "f_p_value", fit, 0, expected.get("f_p_value"), PROBABILITY);
    } else {
      check(study, "null_deviance", fit, 0, expected.get("null_deviance"), ESTIMATE);
    }
    ResultTable covariance = table(report, "covariance");
    for (int j = 0; j < rows.size(); j++) {
      for (int k = 0; k < rows.size(); k++) {
        double element = expected.get("vcov").get(j).get(k).asDouble();
        double scale =
            Math.sqrt(
                expected.get("vcov").get(j).get(j).asDouble()
                    * expected.get("vcov").get(k).get(k).asDouble());
        double actual = real(covariance, j * rows.size() + k, "covariance");
        // Off the diagonal relative to the standard errors: such an element may cancel to nothing.
        Differences.check(study, "covariance", 1 + (actual - element) / scale, 1, ESTIMATE);
      }
    }
  }

  private static void check(
      String study,
      String column,
      ResultTable table,
      int row,
      JsonNode expected,
      double tolerance) {
    Differences.check(study, column, real(table, row, column), expected.asDouble(), tolerance);
  }

  static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static double real(ResultTable table, int row, String column) {
    Cell cell = table.rows().get(row).get(table.column(column));
    assertThat(cell).as(column).isInstanceOf(Cell.Real.class);
    return ((Cell.Real) cell).value();
  }

  static long whole(ResultTable table, int row, String column) {
    return ((Cell.Whole) table.rows().get(row).get(table.column(column))).value();
  }
}
