package io.tributary.jobs.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.FixedPoint;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.study.Assembly;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts at each variant, block by block, against counting one call after another. */
class VariantSumsTest {
  private static final CallMatrix CALLS = CallMatrix.random(7, 50, 70);

  @TempDir private Path folder;

  private static Sheet persons(int from, int to) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(List.of("i" + i));
    }
    return new Sheet(List.of("IID"), rows);
  }

  private static GenotypeCounts counted(int[] copies, int from, int to) {
    long[] by = new long[3];
    long missing = 0;
    for (int i = from - 1; i < to - 1; i++) {
      if (copies[i] < 0) {
        missing++;
      } else {
        by[copies[i]]++;
      }
    }
    return new GenotypeCounts(by[1], by[2], missing, to - from, 1);
  }

  /** Rows are some variants only, seven to a block; the file has not all of them. */
  @Test
  void blocksHoldWhatCountingGives() {
    try (GenotypedSites sites =
        GenotypedSites.of(folder, CALLS, Assembly.GRCH38, "{}", "[{name: a, type: variant-qc}]")) {
      String prefix = CALLS.only(v -> v % 10 != 3).write(folder, "part", true);
      SiteTable table = sites.open(persons(20, 66), prefix);
      BitSet kept = new BitSet();
      kept.set(1, 48);
      kept.clear(17);
      VariantRows rows = VariantRows.of(kept);
      Layout layout =
          Layout.of(3)
              .rows(rows.size(), 7)
              .count("genotypes", 1, "person", 1L << 40, 1L << 40)
              .count("calls", 1, "person", 1L << 40, 1L << 40)
              .count("sites", 1, "site", 1, 1)
              .build();
      CountingKernel kernel =
          new CountingKernel(CohortMask.of(table, CohortGenotypes.of(table)), table.rowCount());
      Aggregate sum =
          FixedPoint.sumInTheClear(
              layout, List.of(VariantSums.of(table).part(layout, rows, kernel)));
      assertThat(layout.blocks()).isEqualTo(7);
      CountingKernel.Counts counts = new CountingKernel.Counts(sum);
      for (int row = 0; row < rows.size(); row++) {
        int variant = rows.variant(row);
        assertThat(rows.row(variant)).isEqualTo(row);
        assertThat(counts.at(row))
            .as("variant " + variant)
            .isEqualTo(
                variant % 10 == 3
                    ? new GenotypeCounts(0, 0, 0, 0, 0)
                    : counted(CALLS.copies()[variant], 20, 66));
      }
    }
  }

  @Test
  void gateAsksForCarriersOfEitherAlleleCallsAndSites() {
    VariantGate gate = new VariantGate(20, 30, 3);
    assertThat(gate.code(new GenotypeCounts(0, 0, 0, 0, 0))).contains(VariantGate.Code.NO_DATA);
    assertThat(gate.code(new GenotypeCounts(50, 20, 0, 100, 2)))
        .contains(VariantGate.Code.SUPPRESSED_SITES);
    assertThat(gate.code(new GenotypeCounts(19, 0, 0, 1000, 3)))
        .contains(VariantGate.Code.SUPPRESSED_CARRIERS);
    assertThat(gate.code(new GenotypeCounts(0, 0, 0, 1000, 3)))
        .contains(VariantGate.Code.SUPPRESSED_CARRIERS);
    // The mirror image: 19 carriers of REF.
    assertThat(gate.code(new GenotypeCounts(19, 981, 0, 1000, 3)))
        .contains(VariantGate.Code.SUPPRESSED_CARRIERS);
    assertThat(gate.code(new GenotypeCounts(19, 1, 0, 1000, 3))).isEqualTo(Optional.empty());
    assertThat(gate.code(new GenotypeCounts(20, 980, 0, 1000, 3))).isEqualTo(Optional.empty());
    assertThat(gate.code(new GenotypeCounts(20, 0, 1, 1000, 3)))
        .contains(VariantGate.Code.SUPPRESSED_MISSING);
    assertThat(gate.code(new GenotypeCounts(20, 0, 19, 1000, 3)))
        .contains(VariantGate.Code.SUPPRESSED_MISSING);
    assertThat(gate.code(new GenotypeCounts(20, 0, 20, 1000, 3))).isEqualTo(Optional.empty());
    assertThat(gate.code(new GenotypeCounts(20, 5, 20, 49, 3)))
        .contains(VariantGate.Code.SUPPRESSED_CARRIERS);
  }
}
