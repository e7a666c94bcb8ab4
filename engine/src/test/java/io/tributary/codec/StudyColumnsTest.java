package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.Study;
import org.junit.jupiter.api.Test;

class StudyColumnsTest {
  @Test
  void formulasNameTheirColumns() {
    assertThat(
            StudyColumns.inFormula(
                "Surv(time, status) ~ age*sex + factor(`odd name`) + I(bmi^2) + offset(log(n.years))"
                    + " + relevel(stage, ref = \"II\") + 1e3 - 1"))
        .containsExactly("time", "status", "age", "sex", "odd name", "bmi", "n.years", "stage");
  }

  @Test
  void aStudyTouchesWhatItAnalysesFiltersDerivesAndCounts() {
    Study study =
        StudyParserTest.parse(
            """
            study: s
            sites: [a, b, c]
            cohort:
              from: t
              person: patient
              derive: {bmi: weight / height}
              where: visit_year >= 2020
            columns:
              dose: {}
              unused: {}
            analyses:
              - {name: n, type: glm, formula: "y ~ bmi + x", family: binomial, weights: w}
              - {name: m, type: new-one, somewhere: [dose, other]}
            """);
    assertThat(StudyColumns.analysed(study)).containsExactly("y", "bmi", "x", "w", "dose");
    assertThat(StudyColumns.touched(study))
        .containsExactlyInAnyOrder(
            "y", "x", "w", "dose", "weight", "height", "visit_year", "patient");
  }
}
