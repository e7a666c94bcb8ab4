package io.tributary.jobs.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.codec.FixedPoint;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
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

  /** Both paths of the kernel, missing calls and a variant that the file lacks. */
  @Test
  void weightedSumsAreThoseOfOneCallAfterAnother() {
    CallMatrix few = CallMatrix.random(8, 30, 70);
    CallMatrix many = CallMatrix.random(8, 300, 70);
    for (CallMatrix calls : List.of(few, many)) {
      try (GenotypedSites sites =
          GenotypedSites.of(
              folder, calls, Assembly.GRCH38, "{}", "[{name: a, type: variant-qc}]")) {
        int variants = calls.variants().size();
        String prefix = calls.only(v -> v != 5).write(folder, "w" + variants, true);
        SiteTable table = sites.open(persons(3, 61), prefix);
        int[] positions = java.util.stream.IntStream.range(2, 60).toArray();
        PersonVectors vectors = new PersonVectors(70, 2, 20);
        for (int i : positions) {
          vectors.set(i, new double[] {i - 30.5, Math.sin(i)});
        }
        DosageKernel kernel =
            new DosageKernel(
                CohortMask.of(positions, 70),
                new CopyWeights(vectors, 0, new MissingProducts(vectors, vectors, true, 20)));
        Layout layout =
            Layout.of(3)
                .rows(variants, 1024)
                .count("dosages", 2, "unit", 1L << 40, 1L << 40)
                .count("missing", 2, "unit", 1L << 40, 1L << 40)
                .count("products", 3, "unit", 1L << 40, 1L << 40)
                .build();
        SumRows rows =
            new SumRows(
                FixedPoint.sumInTheClear(
                    layout,
                    List.of(
                        VariantSums.of(table).part(layout, VariantRows.all(variants), kernel))));
        for (int v = 0; v < variants; v++) {
          long[] expected = new long[7];
          for (int i : positions) {
            int copies = v == 5 ? -1 : calls.copies()[v][i];
            long x = Math.round(Math.scalb(i - 30.5, 20));
            long y = Math.round(Math.rint(Math.scalb(Math.sin(i), 20)));
            if (copies >= 0) {
              expected[0] += copies * x;
              expected[1] += copies * y;
            } else {
              expected[2] += x;
              expected[3] += y;
              expected[4] += (long) Math.rint(Math.scalb((double) x * x, -20));
              expected[5] += (long) Math.rint(Math.scalb((double) x * y, -20));
              expected[6] += (long) Math.rint(Math.scalb((double) y * y, -20));
            }
          }
          long[] found = new long[7];
          for (int e = 0; e < 7; e++) {
            int slot = e < 2 ? 0 : e < 4 ? 1 : 2;
            found[e] = rows.word(slot, v, e - (slot == 0 ? 0 : slot == 1 ? 2 : 4));
          }
          assertThat(found).as("variant " + v).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void variantThatFitsNoBlockIsRefused() {
    assertThat(VariantRows.perBlock(7) % 1024).isZero();
    assertThat(VariantRows.perBlock(Layout.MAX_BLOCK_WORDS)).isEqualTo(1);
    assertThatThrownBy(() -> VariantRows.perBlock(Layout.MAX_BLOCK_WORDS + 1))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.LAYOUT_WOULD_WRAP));
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
