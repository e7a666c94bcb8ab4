package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ColumnRole;
import io.tributary.study.Study;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.Study.Range;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Covariates inside a study: what its columns are, and what a policy is asked about them. */
class RecordCohortTest {
  private static final String STUDY =
      """
      study: records
      sites: [a, b, c]
      cohort:
        from: omop
        definition: |
          concepts: {bleed: [192671]}
          entry: {drug era: 5, first: true}
        covariates:
          bled: {condition: bleed, window: [-365d, -1d]}
          visits: {visit: any, window: [-365d, -1d], take: events}
          day: {condition: bleed, window: [0d, all], take: days}
          sugar: {measurement: 7, window: [-365d, 0d], take: last, unit: 8840}
        derive: {survived: "coalesce(day, days_in_cohort)"}
        where: visits > 2
      columns:
        sugar: {type: number, range: [0, 1000], unit: mg/dL}
      analyses:
        - {name: model, type: cox, formula: "Surv(survived, bled) ~ sugar"}
      """;

  private static Study parse(String text) {
    return StudyParser.parse(text.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  @Test
  void columnsAreDeclaredByWhatIsTaken() {
    Study study = parse(STUDY);
    assertThat(study.columns().get("bled"))
        .isEqualTo(
            new ColumnSpec(
                Optional.of(ColumnType.INTEGER), "", Optional.of(new Range(0, 1)), List.of()));
    assertThat(study.columns().get("day").type()).contains(ColumnType.INTEGER);
    assertThat(study.columns().get("sugar").unit()).isEqualTo("mg/dL");
    assertThat(study.columns().get("age_group").levels())
        .startsWith("0 - 9", "10 - 19")
        .endsWith("90 - 99", "100 -")
        .hasSize(11);
  }

  /** Concepts by name are what a covariate for each of them is, to the policy too. */
  @Test
  void conceptsByNameAreAColumnEach() {
    String window = ", window: [-365d, -1d], take: events}";
    Study compact =
        parse(
            STUDY
                .replace("{visit: any" + window, "{visit: {a: 9201, b: [9202, 9203]}" + window)
                .replace("visits > 2", "visits_a > visits_b"));
    Study spelled =
        parse(
            STUDY
                .replace(
                    "visits: {visit: any" + window,
                    "visits_a: {visit: 9201"
                        + window
                        + "\n    visits_b: {visit: [9202, 9203]"
                        + window)
                .replace("visits > 2", "visits_a > visits_b"));
    assertThat(compact).isEqualTo(spelled);
    assertThat(compact.columns()).containsKeys("visits_a", "visits_b").doesNotContainKey("visits");
    assertThat(StudyColumns.uses(compact))
        .containsEntry("visit_occurrence", Set.of(ColumnRole.FILTER));
    String twice = STUDY.replace("day: {condition: bleed", "d: {condition: {ay: 1}");
    assertThatThrownBy(() -> parse(twice.replace("visits: {visit", "d_ay: {visit")))
        .hasMessageContaining("two covariates make a column 'd_ay'");
    assertThatThrownBy(() -> parse(STUDY.replace("visit: any", "visit: {}")))
        .isInstanceOf(TributaryException.class);
  }

  /** A name that the analyst chose says nothing to a steward; the table does. */
  @Test
  void aPolicyIsAskedAboutTheTableOfTheEvents() {
    assertThat(StudyColumns.uses(parse(STUDY)))
        .containsOnlyKeys(
            "person_id",
            "days_in_cohort",
            "condition_occurrence",
            "visit_occurrence",
            "measurement")
        .containsEntry("condition_occurrence", Set.of(ColumnRole.MODEL))
        .containsEntry("measurement", Set.of(ColumnRole.MODEL))
        .containsEntry("visit_occurrence", Set.of(ColumnRole.FILTER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bled: {cond | sex: {cond | 'sex' is a column already",
        "bled: {cond | survived: {cond | 'survived' is a column already",
        "bleed, window: [-365d | bleeds, window: [-365d | there is no such name",
        "take: days} | take: day} | cohort.covariates.day.take: expected one of",
      })
  void whatIsWrongIsNamed(String from, String to, String problem) {
    assertThatThrownBy(() -> parse(STUDY.replace(from, to))).hasMessageContaining(problem);
  }

  @Test
  void aTableHasNoEvents() {
    String table = STUDY.replaceAll("(?s)definition: \\|.*?covariates", "covariates");
    assertThatThrownBy(() -> parse(table)).hasMessageContaining("there are no events to look at");
  }
}
