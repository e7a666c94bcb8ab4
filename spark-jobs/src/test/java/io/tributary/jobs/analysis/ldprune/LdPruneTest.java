package io.tributary.jobs.analysis.ldprune;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.genomics.CallMatrix;
import io.tributary.jobs.genomics.GenotypedSites;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Assembly;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which variants stay, by correlations that the test makes from one call after another. */
class LdPruneTest {
  private static final int PERSONS = 300;
  private static final int VARIANTS = 90;

  @TempDir private Path folder;

  /** Neighbours are alike; some calls are missing; a chromosome begins in the middle. */
  private static CallMatrix calls() {
    Random random = new Random(11);
    CallMatrix all = CallMatrix.random(4, VARIANTS, PERSONS);
    for (int v = 3; v < VARIANTS; v++) {
      for (int i = 0; i < PERSONS; i++) {
        if (random.nextDouble() < 0.7) {
          all.copies()[v][i] = Math.max(0, all.copies()[v - 1][i]);
        }
        if (random.nextDouble() < 0.1) {
          all.copies()[v][i] = -1;
        }
      }
    }
    return all;
  }

  private List<String> codes(CallMatrix calls, String options) {
    return codes(calls, 1, options);
  }

  private List<String> codes(CallMatrix calls, int count, String options) {
    try (GenotypedSites sites =
        GenotypedSites.of(
            folder,
            calls,
            Assembly.GRCH38,
            "{}",
            "[{name: pruned, type: ld-prune, window: 12, step: 5, r2: 0.3, " + options + "}]")) {
      int each = PERSONS / count;
      for (int site = 0; site < count; site++) {
        List<String> ids = calls.individuals().subList(each * site, each * site + each);
        sites.open(
            new Sheet(List.of("IID"), ids.stream().map(List::of).toList()),
            calls.among(ids).write(folder, "s" + site, site == 1));
      }
      AnalysisReport report = sites.report(0);
      assertThat(report.persons()).isEqualTo(PERSONS);
      ResultTable table = report.tables().get(0);
      List<String> codes = new ArrayList<>();
      table.rows().forEach(row -> codes.add(((Cell.Text) row.get(table.column("code"))).value()));
      return codes;
    }
  }

  /** Squared correlation of copies, over persons with both calls. */
  private static double r2(int[] a, int[] b) {
    double[] sums = new double[6];
    for (int i = 0; i < a.length; i++) {
      if (a[i] >= 0 && b[i] >= 0) {
        sums[0] += 1;
        sums[1] += a[i];
        sums[2] += b[i];
        sums[3] += a[i] * a[i];
        sums[4] += b[i] * b[i];
        sums[5] += a[i] * b[i];
      }
    }
    double covariance = sums[0] * sums[5] - sums[1] * sums[2];
    return covariance
        * covariance
        / ((sums[0] * sums[3] - sums[1] * sums[1]) * (sums[0] * sums[4] - sums[2] * sums[2]));
  }

  /**
   * No two that stay are correlated within a window; one that goes is, with one of those before.
   */
  private static void consistent(CallMatrix calls, List<String> codes) {
    assertThat(codes).contains("KEPT", "PRUNED");
    List<Integer> candidates = new ArrayList<>();
    for (int v = 0; v < codes.size(); v++) {
      if (codes.get(v).equals("KEPT") || codes.get(v).equals("PRUNED")) {
        candidates.add(v);
      }
    }
    for (int a = 0; a < candidates.size(); a++) {
      boolean linked = false;
      for (int b = 0; b < candidates.size(); b++) {
        int first = candidates.get(a);
        int second = candidates.get(b);
        boolean same =
            calls
                .variants()
                .get(first)
                .chromosome()
                .equals(calls.variants().get(second).chromosome());
        if (a != b && same && Math.abs(a - b) < 12) {
          boolean high = r2(calls.copies()[first], calls.copies()[second]) > 0.3;
          linked |= high;
          // Within 12 - 5 variants a pair is in some window together.
          if (high && Math.abs(a - b) <= 7) {
            assertThat(codes.get(first).equals("KEPT") && codes.get(second).equals("KEPT"))
                .as(first + " and " + second)
                .isFalse();
          }
        }
      }
      assertThat(codes.get(candidates.get(a)).equals("PRUNED") && !linked).isFalse();
    }
  }

  @Test
  void pairsOfCallsAreCorrelated() {
    CallMatrix calls = calls();
    consistent(calls, codes(calls, 3, "missing: drop"));
  }

  @Test
  void callsThatAreFilledInAreAsIfTheyWereThere() {
    CallMatrix calls = calls();
    int[][] filled = new int[VARIANTS][];
    for (int v = 0; v < VARIANTS; v++) {
      double sum = 0;
      double called = 0;
      for (int copies : calls.copies()[v]) {
        sum += Math.max(0, copies);
        called += copies < 0 ? 0 : 1;
      }
      int nearest = (int) Math.rint(sum / called);
      filled[v] = calls.copies()[v].clone();
      for (int i = 0; i < PERSONS; i++) {
        filled[v][i] = filled[v][i] < 0 ? nearest : filled[v][i];
      }
    }
    CallMatrix whole =
        new CallMatrix(calls.families(), calls.individuals(), calls.variants(), filled);
    List<String> expected = codes(whole, "minFrequency: 0.05");
    consistent(whole, expected);
    assertThat(codes(calls, "minFrequency: 0.05")).isEqualTo(expected);
    assertThat(codes(whole, "minFrequency: 0.05, missing: drop")).isEqualTo(expected);
  }

  @Test
  void handfulsAreNoCandidates() {
    CallMatrix calls = calls();
    for (int i = 0; i < PERSONS; i++) {
      calls.copies()[40][i] = i < 19 ? 1 : 0;
      calls.copies()[41][i] = i < 19 ? -1 : i % 3;
    }
    assertThat(codes(calls, "missing: drop").subList(40, 42))
        .containsExactly("SUPPRESSED_CARRIERS", "SUPPRESSED_MISSING");
    List<String> common = codes(calls, "minFrequency: 0.3");
    assertThat(common.get(40)).isEqualTo("SUPPRESSED_CARRIERS");
    assertThat(common.get(41)).isNotEqualTo("SUPPRESSED_MISSING");
    assertThat(common).contains("LOW_FREQUENCY", "KEPT");
  }

  @Test
  void nothingIsToldWhereNothingIsCommonEnough() {
    CallMatrix calls = calls().only(v -> v < 2);
    try (GenotypedSites sites =
        GenotypedSites.of(
            folder, calls, Assembly.GRCH38, "{}", "[{name: pruned, type: ld-prune}]")) {
      sites.open(
          new Sheet(List.of("IID"), calls.individuals().stream().map(List::of).toList()),
          calls.write(folder, "two", false));
      AnalysisReport report = sites.report(0);
      assertThat(report.outcome()).isEqualTo("NO_VARIANT");
      assertThat(report.tables()).isEmpty();
    }
  }
}
