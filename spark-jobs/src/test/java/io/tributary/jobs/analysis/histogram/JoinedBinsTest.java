package io.tributary.jobs.analysis.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.study.Study;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bins that are joined until each has enough persons. */
class JoinedBinsTest {
  private static final Reals EDGES = Reals.of(0, 10, 20, 30, 40, 50);

  private static JoinedBins joined(int groups, long... counts) {
    return new JoinedBins(EDGES, Counts.of(counts), groups).joined(5);
  }

  @Test
  void emptyAndSmallOnesJoinTheNext() {
    assertThat(joined(1, 0, 0, 7, 6, 9))
        .isEqualTo(new JoinedBins(Reals.of(0, 30, 40, 50), Counts.of(7, 6, 9), 1));
    assertThat(joined(1, 3, 1, 1, 5, 2))
        .isEqualTo(new JoinedBins(Reals.of(0, 30, 50), Counts.of(5, 7), 1));
    assertThat(joined(1, 0, 0, 4, 0, 0))
        .isEqualTo(new JoinedBins(Reals.of(0, 50), Counts.of(4), 1));
  }

  @Test
  void eachGroupHasEnough() {
    assertThat(joined(2, 9, 0, 0, 5, 1, 0, 5, 9, 9, 9))
        .isEqualTo(new JoinedBins(Reals.of(0, 20, 50), Counts.of(9, 6, 5, 27), 2));
  }

  /** Two persons of one group are withheld by the floor; the bins are those of all. */
  @Test
  void aSmallGroupDoesNotJoinAllBins() {
    assertThat(joined(2, 9, 9, 9, 9, 9, 0, 0, 2, 0, 0).size()).isEqualTo(5);
  }

  /** Two below the first edge and one above the last stand in the outer bins. */
  @Test
  void nobodyIsLeftOut() {
    Study study =
        Sheet.study("{}", "{name: h, type: histogram, column: x, breaks: [0, 1, 2], join: true}");
    HistogramAnalysis analysis = (HistogramAnalysis) Catalog.create(study, 0);
    AnalysisReport report =
        analysis.present(
            new HistogramResult("OK", Reals.of(0, 1, 2), Counts.of(2, 8, 20, 1), Counts.of(0), 0));
    assertThat(report.persons()).isEqualTo(31);
    assertThat(report.tables().get(0).rows())
        .containsExactly(
            List.of(Cell.of(0.0), Cell.of(1.0), Cell.of(10), Cell.of(10.0 / 31)),
            List.of(Cell.of(1.0), Cell.of(2.0), Cell.of(21), Cell.of(21.0 / 31)));
  }
}
