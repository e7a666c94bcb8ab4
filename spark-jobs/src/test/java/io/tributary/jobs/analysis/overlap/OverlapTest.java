package io.tributary.jobs.analysis.overlap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is in which cohorts, and what of it is shown. */
class OverlapTest {
  /** By nobody, b, a, both. */
  private static AnalysisReport report(long... combinations) {
    return OverlapAnalysis.of(
            new Job(Sheet.study("{}", "{name: o, type: cohort-overlap, cohorts: [a, b]}"), 0))
        .report(new OverlapResult(Counts.of(combinations), 0));
  }

  @Test
  void cohortsPairsAndCombinations() {
    AnalysisReport report = report(100, 20, 30, 50);
    assertThat(report.tables().get(0).rows())
        .containsExactly(
            List.of(Cell.of("a"), Cell.of(80L), Cell.of(40.0)),
            List.of(Cell.of("b"), Cell.of(70L), Cell.of(35.0)));
    assertThat(report.tables().get(1).rows())
        .containsExactly(
            List.of(
                Cell.of("a"),
                Cell.of("b"),
                Cell.of(100L),
                Cell.of(50L),
                Cell.of(30L),
                Cell.of(20L),
                Cell.of(0.5)));
    assertThat(report.tables().get(2).rows())
        .extracting(row -> row.subList(0, 3))
        .containsExactly(
            List.of(Cell.of("(none)"), Cell.of(0L), Cell.of(100L)),
            List.of(Cell.of("a"), Cell.of(1L), Cell.of(30L)),
            List.of(Cell.of("b"), Cell.of(1L), Cell.of(20L)),
            List.of(Cell.of("a & b"), Cell.of(2L), Cell.of(50L)));
  }

  /** Three are only in b: neither that nor what it would follow from is shown. */
  @Test
  void aHandfulIsWithheldWithWhatWouldTellIt() {
    AnalysisReport report = report(100, 3, 30, 50);
    List<Cell> pair = report.tables().get(1).rows().get(0);
    assertThat(pair.get(5)).isInstanceOf(Cell.Suppressed.class);
    long shown =
        report.tables().get(2).rows().stream()
            .filter(row -> row.get(2) instanceof Cell.Whole)
            .count();
    assertThat(shown).isLessThanOrEqualTo(2);
    boolean a = report.tables().get(0).rows().get(0).get(1) instanceof Cell.Whole;
    boolean either = pair.get(2) instanceof Cell.Whole;
    assertThat(a && either).as("either less a is who is only in b").isFalse();
  }
}
