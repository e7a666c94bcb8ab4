package io.tributary.jobs.analysis.pathways;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.study.Study;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders of treatments, and what of their tree is shown. */
class PathwaysTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  /** Ordered partitions of subsets: 1, 3, 13, 75, ... of 1, 2, 3, 4 elements. */
  @ParameterizedTest
  @CsvSource({"2, 5, 6", "3, 5, 26", "3, 1, 8", "4, 6, 150", "5, 2, 212"})
  void allSequencesOfDisjointCombinations(int treatments, int depth, int size) {
    Pathways pathways = new Pathways(treatments, depth, 10_000);
    assertThat(pathways.size()).isEqualTo(size);
    assertThat(pathways.end(0)).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, NaN, NaN, 0, ''",
    "5, 1, NaN, 0, b-a",
    "5, 5, 9, 0, a+b-c",
    "5, 8, 9, 3, a+b-c",
    "5, 8, 9, 4, a+b+c",
    "-3, 8, 2, 0, a-c-b",
  })
  void aPersonsOrder(double a, double b, double c, int combine, String name) {
    Pathways pathways = new Pathways(3, 3, 10_000);
    assertThat(pathways.name(pathways.of(new double[] {a, b, c}, combine), NAMES)).isEqualTo(name);
  }

  private static AnalysisReport report(Map<String, Long> persons) {
    PathwaysAnalysis analysis =
        PathwaysAnalysis.of(
            new Job(
                Sheet.study(
                    "{}", "{name: p, type: treatment-pathways, treatments: [a, b, c], depth: 2}"),
                0));
    long[] counts = new long[analysis.pathways().size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = persons.getOrDefault(analysis.pathways().name(i, NAMES), 0L);
    }
    return analysis.report(new PathwaysResult(Counts.of(counts)));
  }

  /** Of those who begin with a, three go on to b and nobody to c. */
  @Test
  void theTreeEndsWhereAHandfulWouldBeTold() {
    AnalysisReport report =
        report(Map.of("", 100L, "a", 40L, "a-b", 3L, "b", 20L, "b-a", 30L, "b-c", 12L, "c", 9L));
    List<List<Cell>> rows = report.tables().get(0).rows();
    assertThat(rows)
        .extracting(row -> ((Cell.Text) row.get(0)).value())
        .contains("(all)", "a", "b", "b-a")
        .doesNotContain("a-b", "a-c", "c-a", "a+b");
    List<Cell> all = rows.get(0);
    assertThat(all.get(2)).isEqualTo(Cell.of(214L));
    List<Cell> a = rows.stream().filter(row -> row.get(0).equals(Cell.of("a"))).findFirst().get();
    assertThat(a.get(2)).isEqualTo(Cell.of(43L));
    assertThat(a.get(3)).as("43 less it is the handful").isInstanceOf(Cell.Suppressed.class);
  }

  /** Six treatments, and persons of all kinds: counts of 5 to 400 on each pathway, a few of 1. */
  @ParameterizedTest
  @CsvSource({"x y z u v w, 3", "x y z u v, 5", "x y z u, 4"})
  void manyPathwaysPassTheGate(String treatments, int depth) {
    Study study =
        Sheet.study(
            "{}",
            "{name: p, type: treatment-pathways, treatments: [%s], depth: %d}"
                .formatted(treatments.replace(" ", ", "), depth));
    PathwaysAnalysis analysis = PathwaysAnalysis.of(new Job(study, 0));
    long[] counts = new long[analysis.pathways().size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = i % 7 == 3 ? 1 : 5 + i * 37L % 396;
    }
    AnalysisReport report = analysis.report(new PathwaysResult(Counts.of(counts)));
    assertThat(report.tables().get(0).rows())
        .hasSizeBetween(40, PathwaysTables.MAX_ROWS)
        .anyMatch(row -> row.get(3) instanceof Cell.Suppressed);
    assertThat(StudyGate.review(study, List.of(report))).containsExactly(report);
  }
}
