package io.tributary.jobs.analysis.table1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.analysis.table1.Table1State.Counted;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a Table 1 shows of its sums, and what it withholds. */
class Table1Test {
  private static final String COLUMNS =
      "{arm: {levels: [a, b]}, sex: {levels: [m, f, o]}, ill: {type: integer, range: [0, 1]},"
          + " age_group: {levels: [young, middle, old, oldest]}, x: {unit: mmol/L}}";

  private static Study study(String columns, String more) {
    return Sheet.study(COLUMNS, "{name: t, type: table1, columns: " + columns + more + "}");
  }

  private static AnalysisReport report(Study study, Table1Result result) {
    return Table1Analysis.of(new Job(study, 0)).report(result);
  }

  private static Table1Result counts(long[] persons, long... levels) {
    return new Table1Result(
        new Counted(0, Counts.of(persons), Counts.of(), List.of(), List.of(), Counts.of(levels)),
        List.of());
  }

  private static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> column(AnalysisReport report, String name, String column) {
    ResultTable table = table(report, name);
    List<String> texts = new ArrayList<>();
    for (List<Cell> row : table.rows()) {
      Cell cell = row.get(table.column(column));
      texts.add(
          cell instanceof Cell.Whole whole
              ? Long.toString(whole.value())
              : cell instanceof Cell.Text text
                  ? text.value()
                  : cell instanceof Cell.Real real ? Double.toString(real.value()) : "-");
    }
    return texts;
  }

  /** Sex in two cohorts of 100 and 50, [levels x cohorts]; four in b have none. */
  @Test
  void sharesAreOfAllPersonsAndNamesAreOhdsis() {
    AnalysisReport report =
        report(
            study("[sex, ill]", ", by: arm"),
            counts(new long[] {100, 50}, 60, 20, 30, 20, 10, 6, 75, 38, 25, 12));
    assertThat(column(report, "cohorts", "number_subjects")).containsExactly("150", "100", "50");
    assertThat(column(report, "cohorts", "cohort_name"))
        .containsExactly("(all)", "arm = a", "arm = b");
    assertThat(column(report, "covariates", "covariate_name"))
        .containsExactly(
            "sex = m", "sex = m", "sex = f", "sex = f", "sex = o", "sex = o", "ill", "ill");
    // Four have no sex in b: they would follow from the others, and a second cell goes with them.
    assertThat(column(report, "covariates", "sum_value"))
        .containsExactly("60", "20", "30", "20", "10", "-", "25", "12");
    assertThat(column(report, "covariates", "average_value").get(1)).isEqualTo("0.4");
    double sd = Math.sqrt((0.6 * 0.4 + 0.4 * 0.6) / 2);
    assertThat(Double.parseDouble(column(report, "standardized_difference", "std_diff").get(0)))
        .isCloseTo(-0.2 / sd, within(1e-15));
    assertThat(column(report, "standardized_difference", "std_diff").get(2)).isEqualTo("-");
    assertThat(column(report, "standardized_difference", "mean_1").get(2)).isEqualTo("0.1");
    assertThat(column(report, "standardized_difference", "mean_2").get(2)).isEqualTo("-");
  }

  /**
   * Three are ill: who is not would tell it, since the cohort's size is shown; and so is nobody.
   */
  @Test
  void aHandfulIsWithheldAndSoIsNobody() {
    for (long ill : new long[] {0, 3, 4, 97, 100}) {
      AnalysisReport report = report(study("[ill]", ""), counts(new long[] {100}, 100 - ill, ill));
      assertThat(column(report, "covariates", "sum_value")).as("%d", ill).containsExactly("-");
      assertThat(column(report, "cohorts", "number_subjects")).containsExactly("100");
    }
    assertThat(
            column(
                report(study("[ill]", ""), counts(new long[] {100}, 95, 5)),
                "covariates",
                "sum_value"))
        .containsExactly("5");
  }

  @Test
  void aSmallCohortIsWithheldWhole() {
    AnalysisReport report =
        report(study("[sex]", ", by: arm"), counts(new long[] {100, 4}, 60, 4, 30, 0, 10, 0));
    assertThat(column(report, "cohorts", "number_subjects")).containsExactly("104", "-", "-");
    assertThat(column(report, "covariates", "sum_value")).containsOnly("-");
    assertThat(report(study("[ill]", ""), counts(new long[] {4}, 2, 2)).outcome())
        .isEqualTo("TOO_FEW_PERSONS");
  }

  /** From the left until there are enough in each cohort; the rest joins the last. */
  @Test
  void orderedLevelsAreJoined() {
    Table1Result result = counts(new long[] {100, 50}, 3, 20, 50, 2, 7, 25, 40, 3);
    assertThat(column(report(study("[age_group]", ", by: arm"), result), "covariates", "level"))
        .containsExactly("young to middle", "young to middle", "old to oldest", "old to oldest");
    assertThat(column(report(study("[age_group]", ", by: arm"), result), "covariates", "sum_value"))
        .containsExactly("53", "22", "47", "28");
    assertThat(
            column(
                report(study("[age_group]", ", by: arm, join: []"), result), "covariates", "level"))
        .hasSize(8)
        .contains("oldest");
    assertThat(
            column(
                report(study("[age_group]", ""), counts(new long[] {12}, 4, 4, 3, 1)),
                "covariates",
                "sum_value"))
        .containsExactly("12");
  }

  @Test
  void momentsRestOnEnoughPersons() {
    Counted counted =
        new Counted(
            7,
            Counts.of(30, 12),
            Counts.of(27, 9),
            List.of(BigDecimal.valueOf(54), BigDecimal.valueOf(9)),
            List.of(BigDecimal.valueOf(54), BigDecimal.valueOf(9)),
            Counts.of());
    AnalysisReport report =
        report(
            study("[x]", ", by: arm"),
            new Table1Result(counted, List.of(BigDecimal.valueOf(104), BigDecimal.TEN)));
    // Three of a lack a value, and so do three of b.
    assertThat(column(report, "covariates_continuous", "count_value")).containsExactly("-", "-");
    assertThat(column(report, "covariates_continuous", "unit")).containsOnly("mmol/L");
    assertThat(column(report, "covariates_continuous", "average_value"))
        .containsExactly("2.0", "-");
    assertThat(column(report, "covariates_continuous", "standard_deviation"))
        .containsExactly("2.0", "-");
    assertThat(report.facts()).containsEntry(PlacedCount.UNGROUPED, Cell.of(7));
  }

  /** What the gate is told adds up: nothing more has to go where all is told. */
  @Test
  void theGateKnowsTheCounts() {
    Study study =
        Sheet.study(
            COLUMNS,
            "{name: t, type: table1, columns: [sex, ill, age_group], by: arm},"
                + " {name: c, type: crosstab, columns: [arm, ill]}");
    Table1Result result =
        counts(
            new long[] {100, 50},
            60,
            24,
            30,
            20,
            10,
            6,
            75,
            38,
            25,
            12,
            3,
            20,
            50,
            2,
            7,
            25,
            40,
            3);
    AnalysisReport own = report(study, result);
    assertThat(Catalog.create(study, 0).counts(own)).hasSize(2 + 3 + 6 + 2 + 4);
    assertThat(StudyGate.review(study, List.of(own, empty()))).containsExactly(own, empty());
  }

  private static AnalysisReport empty() {
    return new AnalysisReport(
        "c", "crosstab", "OK", -1, 0, java.util.Map.of(), List.of(), List.of(), List.of());
  }
}
