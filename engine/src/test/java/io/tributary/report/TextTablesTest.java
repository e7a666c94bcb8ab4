package io.tributary.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTablesTest {
  @Test
  void aTableIsAligned() {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.text("term"), Column.real("estimate"), Column.whole("n")),
            List.of(
                List.of(Cell.of("age"), Cell.of(0.03142), Cell.of(120L)),
                List.of(Cell.of("sex: male"), Cell.of(-1.5), new Cell.Suppressed("count < 5"))));
    assertThat(TextTables.table(table))
        .isEqualTo(
            """
            term       estimate    n
            ------------------------
            age           0.031  120
            sex: male    -1.500   <5
            <5: count < 5
            """);
  }

  /** A count that may only protect another one is marked, and the line below says what it is. */
  @Test
  void anAnswerShowsWithheldCountsByTheirFloor() {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.text("sex"), Column.whole("n")),
            List.of(
                List.of(Cell.of("male"), Cell.of(120L)),
                List.of(
                    Cell.of("female"),
                    new Cell.Suppressed("count below 5, or it would reveal one"))));
    assertThat(TextTables.answer(table))
        .isEqualTo(
            """
            sex       n
            -----------
            male    120
            female  <5*
            <5*: count below 5, or it would reveal one
            """);
  }

  @Test
  void federatedStandsBesidePooled() {
    ResultTable federated = model(0.125, 1.0);
    ResultTable pooled = model(0.125, 1.0000000001);
    assertThat(
            TextTables.beside(
                federated, "federated", pooled, "pooled", List.of("estimate", "std_error")))
        .isEqualTo(
            """
                            federated  pooled  difference
            ---------------------------------------------
            age  estimate       0.125   0.125           0
                 std_error       1.00    1.00     1.0e-10
            """);
  }

  @Test
  void aReportNamesSitesOutcomesAndReasons() {
    String text = TextTables.report(SampleStudy.full());
    assertThat(text)
        .startsWith("nsclc-survival\n==============\n")
        .contains("absent           west")
        .contains("## death (glm, persons: 2822, masked sums: 6)")
        .contains("!! SEPARATION")
        .contains("aic              3324.45")
        .contains("deviance         failed (SEPARATION)");
  }

  @Test
  void aNameCannotMoveTheCursor() {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.text("level")),
            List.of(List.of(Cell.of("\u001b[2Jx\r\ny\u202ez"))));
    assertThat(TextTables.table(table)).contains("\ufffd[2Jx\ufffd y\ufffdz");
  }

  private static ResultTable model(double estimate, double error) {
    return new ResultTable(
        "coefficients",
        "",
        List.of(Column.text("term"), Column.real("estimate"), Column.real("std_error")),
        List.of(List.of(Cell.of("age"), Cell.of(estimate), Cell.of(error))));
  }
}
