package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tributary.study.ColumnRole;
import io.tributary.study.Study;
import java.util.Set;
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
              - {name: n, type: glm, formula: "y ~ bmi + x", family: binomial, weights: w, cluster: ward}
              - {name: m, type: new-one, somewhere: [dose, other]}
            """);
    assertThat(StudyColumns.analysed(study)).containsExactly("y", "bmi", "x", "w", "ward", "dose");
    assertThat(StudyColumns.touched(study))
        .containsExactlyInAnyOrder(
            "y", "x", "w", "ward", "dose", "weight", "height", "visit_year", "patient");
  }

  @Test
  void everyUseOfAColumnIsKnown() {
    Study study =
        StudyParserTest.parse(
            """
            study: s
            sites: [a, b, c]
            cohort:
              from: t
              person: patient
              derive: {bmi: weight / (height * height), fat: bmi > 30, idle: lonely + 1}
              where: visit_year >= 2020 and fat
            columns:
              dose: {}
            analyses:
              - {name: m, type: glm, formula: "y ~ bmi", family: binomial, weights: w}
              - {name: t, type: crosstab, columns: [sex, y]}
              - {name: d, type: summary, columns: [height], by: sex}
              - {name: n, type: new-one, somewhere: [dose]}
            """);
    assertThat(StudyColumns.uses(study))
        .containsOnly(
            entry("y", Set.of(ColumnRole.MODEL, ColumnRole.GROUP)),
            entry("w", Set.of(ColumnRole.MODEL)),
            entry("sex", Set.of(ColumnRole.GROUP)),
            entry("height", Set.of(ColumnRole.DESCRIBE, ColumnRole.MODEL, ColumnRole.FILTER)),
            entry("weight", Set.of(ColumnRole.MODEL, ColumnRole.FILTER)),
            entry("dose", Set.of(ColumnRole.GROUP, ColumnRole.DESCRIBE, ColumnRole.MODEL)),
            entry("visit_year", Set.of(ColumnRole.FILTER)),
            entry("lonely", Set.of()),
            entry("patient", Set.of(ColumnRole.PERSON)));
  }
}
