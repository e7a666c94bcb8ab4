package io.tributary.jobs.analysis.persons;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is shown of persons in groups. */
class PersonsTest {
  private static List<Cell> shown(long all, long... groups) {
    PersonsAnalysis analysis =
        PersonsAnalysis.of(
            new Job(
                Sheet.study("{g: {levels: [a, b, c]}}", "{name: p, type: distinct-persons, by: g}"),
                0));
    return analysis
        .report(new PersonsResult(Counts.of(groups), all, 0))
        .tables()
        .get(0)
        .rows()
        .stream()
        .map(row -> row.get(1))
        .toList();
  }

  @Test
  void groupsNeedNotAddUp() {
    assertThat(shown(40, 30, 20, 15))
        .containsExactly(Cell.of(30L), Cell.of(20L), Cell.of(15L), Cell.of(40L));
  }

  @Test
  void aHandfulTakesAnotherGroupAndTheTotalWithIt() {
    List<Cell> cells = shown(53, 30, 20, 3);
    assertThat(cells.subList(0, 2)).filteredOn(cell -> cell instanceof Cell.Whole).hasSize(1);
    assertThat(cells.subList(2, 4)).allMatch(cell -> cell instanceof Cell.Suppressed);
  }
}
