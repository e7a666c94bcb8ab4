package io.tributary.jobs.analysis.persons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of persons in groups. */
class PersonsTest {
  private static final String BY = "{name: p, type: distinct-persons, by: g}";
  private static final String SEVERAL = "person: id, rowsPerPerson: 3";

  private static PersonsAnalysis analysis(String analyses, String cohort) {
    return PersonsAnalysis.of(
        new Job(Sheet.study("{g: {levels: [a, b, c]}}", analyses, cohort), 0));
  }

  private static List<Cell> shown(AnalysisReport report) {
    return report.tables().get(0).rows().stream().map(row -> row.get(row.size() - 1)).toList();
  }

  private static List<Cell> shown(long... groups) {
    return shown(analysis(BY, "{}").report(new PersonsResult(Counts.of(groups), 0)));
  }

  @Test
  void groupsOfPersonsWithOneRowAddUp() {
    assertThat(shown(30, 20, 15))
        .containsExactly(Cell.of(30L), Cell.of(20L), Cell.of(15L), Cell.of(65L));
  }

  /** Of 100 persons 98 in one group: beside their number it would say that 2 are never there. */
  @Test
  void noTotalStandsBesideGroupsThatOverlap() {
    PersonsAnalysis several = analysis(BY, SEVERAL);
    AnalysisReport report = several.report(new PersonsResult(Counts.of(98, 50, 40), 0));
    assertThat(shown(report)).containsExactly(Cell.of(98L), Cell.of(50L), Cell.of(40L));
    assertThat(report.outcome()).isEqualTo(AnalysisReport.OK);
    assertThat(report.persons()).isEqualTo(-1);
    assertThat(report.facts()).doesNotContainKey("persons");
    assertThat(report.notes()).noneMatch(note -> note.contains("left out"));
    assertThat(several.layout(several.start()).words(0)).as("groups alone").isEqualTo(3);
    assertThat(several.reveals()).containsExactly("Sum 1: different persons in each of 3 groups.");
  }

  @Test
  void allOfThemAreCountedWithoutGroups() {
    AnalysisReport report =
        analysis("{name: p, type: distinct-persons}", SEVERAL)
            .report(new PersonsResult(Counts.of(100), 0));
    assertThat(shown(report)).containsExactly(Cell.of(100L));
    assertThat(report.persons()).isEqualTo(100);
  }

  /** Each would tell the total of the groups, or groups of the total. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: q, type: distinct-persons}, {name: p, type: distinct-persons, by: g}",
        "{name: p, type: distinct-persons, by: g}, {name: q, type: attrition}",
        "{name: q, type: glm, formula: y ~ x, cluster: id}, {name: p, type: distinct-persons, by: g}"
      })
  void aSecondCountOfPersonsIsRefused(String analyses) {
    Study study = Sheet.study("{g: {levels: [a, b]}}", analyses, SEVERAL);
    int job = study.analyses().get(0).name().equals("p") ? 0 : 1;
    assertThatThrownBy(() -> PersonsAnalysis.of(new Job(study, job)))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).contains("analyses.p", "'q' counts persons too");
              assertThat(e.remedy()).contains("Leave one of them out");
            });
    Study ofRows = Sheet.study("{g: {levels: [a, b]}}", analyses);
    assertThat(PersonsAnalysis.of(new Job(ofRows, job)).reveals()).hasSize(1);
  }

  @Test
  void aHandfulTakesAnotherGroupAndTheTotalWithIt() {
    List<Cell> cells = shown(30, 20, 3);
    assertThat(cells.subList(0, 2)).filteredOn(cell -> cell instanceof Cell.Whole).hasSize(1);
    assertThat(cells.subList(2, 4)).allMatch(cell -> cell instanceof Cell.Suppressed);
  }
}
