package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.codec.FixedPoint;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.privacy.NoisePlan;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Rho;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Analyses of a study with noise, over 900 rows whose answers are computed beside. */
class NoisedAnalysesTest {
  private static final int ROWS = 900;

  @TempDir static Path folder;

  private static final List<double[]> DATA = new ArrayList<>();
  private static SiteTable table;

  /** x from 0 to 10, missing in some rows; sex 0 or 1. */
  private static Sheet sheet() {
    DATA.clear();
    Random random = new Random(5);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double x = Math.rint(1000 * Math.min(10, Math.max(0, 4 + 2 * random.nextGaussian()))) / 1000;
      boolean missing = random.nextInt(20) == 0;
      int sex = random.nextInt(2);
      DATA.add(new double[] {missing ? Double.NaN : x, sex});
      rows.add(List.of(missing ? "NA" : Double.toString(x), sex == 0 ? "f" : "m", "p" + i / 3));
    }
    return new Sheet(List.of("x", "sex", "patient"), rows);
  }

  private static Study study(String analysis, String cohort, String privacy) {
    return StudyParser.parse(
        """
        study: noised
        sites: [s0, s1, s2]
        cohort: {from: table%s}
        columns:
          sex: {levels: [f, m]}
          x: {range: [0, 10]}
        analyses: [%s]
        privacy: %s
        """
            .formatted(cohort, analysis, privacy)
            .getBytes(StandardCharsets.UTF_8),
        "study.yaml");
  }

  private static StudyAnalysis<?, ?> analysis(String analysis) {
    return Catalog.create(study(analysis, "", "{rho: 1/10, sitesPerPerson: 1}"), 0);
  }

  @BeforeAll
  static void open() {
    table =
        sheet()
            .open(study("{name: a, type: summary, columns: [x, sex]}", "", "{rho: 1}"), folder, 2);
  }

  @AfterAll
  static void close() {
    table.close();
  }

  private static <S, R> AnalysisReport withoutNoise(StudyAnalysis<S, R> analysis) {
    return Pooled.report(analysis, List.of(table));
  }

  private static double real(ResultTable rows, int row, String column) {
    return ((Cell.Real) rows.rows().get(row).get(rows.column(column))).value();
  }

  private static double[] x(int sex) {
    return DATA.stream()
        .filter(row -> !Double.isNaN(row[0]) && (sex < 0 || row[1] == sex))
        .mapToDouble(row -> row[0])
        .sorted()
        .toArray();
  }

  /** Before noise, what is summed gives the pooled answers, to the grid. */
  @Test
  void whatIsNoisedIsThePooledSum() {
    AnalysisReport cross = withoutNoise(analysis("{name: a, type: crosstab, columns: [sex]}"));
    long men = DATA.stream().filter(row -> row[1] == 1).count();
    assertThat(real(cross.tables().get(0), 1, "n")).isEqualTo((double) men);
    assertThat(real(cross.tables().get(0), 2, "n")).isEqualTo(ROWS);

    AnalysisReport bins = withoutNoise(analysis("{name: a, type: histogram, column: x, bins: 5}"));
    for (int bin = 0; bin < 5; bin++) {
      double low = 2 * bin;
      long inside =
          java.util.Arrays.stream(x(-1))
              .filter(x -> x >= low && (x < low + 2 || (low == 8 && x == 10)))
              .count();
      assertThat(real(bins.tables().get(0), bin + 1, "n")).isEqualTo((double) inside);
    }

    AnalysisReport summary =
        withoutNoise(analysis("{name: a, type: summary, columns: [x, sex], by: sex}"));
    for (int series = 0; series < 3; series++) {
      double[] x = x(series == 2 ? -1 : series);
      double mean = java.util.Arrays.stream(x).average().orElseThrow();
      double squares = java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
      ResultTable moments = summary.tables().get(0);
      assertThat(real(moments, series, "n")).isEqualTo(x.length);
      assertThat(real(moments, series, "mean")).isEqualTo(mean, within(1e-2));
      assertThat(real(moments, series, "sd"))
          .isEqualTo(Math.sqrt(squares / (x.length - 1)), within(2e-2));
      ResultTable quantiles = summary.tables().get(1);
      for (int q = 0; q < 3; q++) {
        double exact = x[(int) (x.length * 0.25 * (q + 1))];
        double found = real(quantiles, 3 * series + q, "estimate");
        assertThat(found).isEqualTo(exact, within(0.35));
        assertThat(real(quantiles, 3 * series + q, "lower")).isLessThan(found);
        assertThat(real(quantiles, 3 * series + q, "upper")).isGreaterThan(found);
      }
    }
  }

  /** 300 noised runs: the stated intervals of a mean hold the pooled mean at least as often. */
  @Test
  void intervalsIncludeTheNoise() {
    intervals(
        analysis("{name: a, type: summary, columns: [x], quantiles: [0.5], confidence: 0.9}"));
  }

  private static <S, R> void intervals(StudyAnalysis<S, R> analysis) {
    S start = analysis.start();
    Layout layout = analysis.layout(start);
    NoisePlan plan = NoisePlan.of(layout).orElseThrow();
    Partial rows = analysis.contribute(start, table);
    Partial none = Partial.of(layout, new long[layout.words(0)]);
    long[] clean = FixedPoint.sumInTheClear(layout, List.of(rows, none, none)).words(0);
    SplittableRandom random = new SplittableRandom(9);
    double mean = java.util.Arrays.stream(x(-1)).average().orElseThrow();
    double[] off = new double[300];
    double stated = 0;
    int inside = 0;
    for (int run = 0; run < off.length; run++) {
      long[] words = clean.clone();
      for (int site = 0; site < 3; site++) {
        plan.addTo(layout, words, random::nextLong);
      }
      Aggregate sum = Aggregate.of(layout, 3, words);
      io.tributary.analysis.Step<S, R> step = analysis.update(start, sum);
      R result = ((io.tributary.analysis.Step.Done<S, R>) step).result();
      ResultTable moments = analysis.report(result).tables().get(0);
      off[run] = real(moments, 0, "mean") - mean;
      stated = real(moments, 0, "std_error");
      inside +=
          real(moments, 0, "conf_low") <= mean && mean <= real(moments, 0, "conf_high") ? 1 : 0;
    }
    double spread = 0;
    for (double each : off) {
      spread += each * each / off.length;
    }
    double sampling = 2.0 * 2.0 / x(-1).length;
    // The stated variance is that of the noise and that of the sample.
    assertThat(Math.sqrt(spread + sampling)).isEqualTo(stated, within(0.12 * stated));
    assertThat(spread).isGreaterThan(sampling / 20);
    assertThat(inside / 300.0).isGreaterThan(0.9);
  }

  @Test
  void rowsOfAPersonAreAddedBeforeTheyAreClipped() {
    String analysis = "{name: a, type: crosstab, columns: [sex]}";
    Study several =
        study(analysis, ", person: patient, rowsPerPerson: 3", "{rho: 1/10, sitesPerPerson: 1}");
    Study alone = study(analysis, "", "{rho: 1/10, sitesPerPerson: 1}");
    try (SiteTable persons = sheet().open(several, folder, 2)) {
      AnalysisReport clipped = Pooled.report(Catalog.create(several, 0), List.of(persons));
      AnalysisReport rows = Pooled.report(Catalog.create(alone, 0), List.of(table));
      // Three rows (a, b) with a + b = 3 become a vector of length 1.
      double expected = 0;
      for (int person = 0; person < ROWS / 3; person++) {
        double men = 0;
        for (int row = 3 * person; row < 3 * person + 3; row++) {
          men += DATA.get(row)[1];
        }
        expected += men / Math.hypot(men, 3 - men);
      }
      assertThat(real(clipped.tables().get(0), 1, "n")).isEqualTo(expected, within(0.2));
      assertThat(real(rows.tables().get(0), 1, "n")).isGreaterThan(1.5 * expected);
      // For the site alone: each person is clipped, and no row that is a person.
      Partial.Clipped all = clipped(several, persons);
      assertThat(all.persons()).isEqualTo(ROWS / 3);
      assertThat(all.bySlot()).containsExactly((long) ROWS / 3);
      assertThat(all.toString()).doesNotContain(String.valueOf(ROWS / 3));
      Partial.Clipped none = clipped(alone, table);
      assertThat(none.persons()).isEqualTo(ROWS);
      assertThat(none.bySlot()).containsExactly(0L);
    }
  }

  private static Partial.Clipped clipped(Study study, SiteTable table) {
    Program<SiteTable, AnalysisReport> program = Catalog.create(study, 0).program();
    return program.contribute(program.start(), table).clipped().orElseThrow();
  }

  @Test
  void costsAddUpToTheStudysAndNoiseGrowsWithSitesPerPerson() {
    String three =
        "{name: a, type: crosstab, columns: [sex]}, {name: b, type: histogram, column: x},"
            + " {name: c, type: summary, columns: [x, sex]}";
    Study study = study(three, "", "{rho: 1/10, split: {a: 1, b: 2, c: 7}}");
    Rho cost = Rho.ZERO;
    for (int job = 0; job < 3; job++) {
      for (NoisePlan plan : Catalog.create(study, job).noise()) {
        cost = cost.plus(plan.cost());
      }
    }
    assertThat(cost).isEqualTo(Rho.of(1, 10));
    assertThat(Catalog.create(study, 1).noise().get(0).cost()).isEqualTo(Rho.of(1, 50));
    NoisePlan two = Catalog.create(study, 0).noise().get(0);
    Study one = study(three, "", "{rho: 1/10, sitesPerPerson: 1, split: {a: 1, b: 2, c: 7}}");
    NoisePlan single = Catalog.create(one, 0).noise().get(0);
    assertThat(two.standardDeviation("cells", 3))
        .isEqualTo(2 * single.standardDeviation("cells", 3), within(1e-9));
  }

  @Test
  void whatHasNoFormWithNoiseIsRefusedWithTheReason() {
    refused("{name: a, type: kaplan-meier, time: x, event: sex}", "few deaths");
    refused("{name: a, type: cox, formula: \"Surv(x, sex) ~ x\"}", "about a handful");
    refused("{name: a, type: logrank, time: x, event: sex, by: sex}", "every risk set");
    refused("{name: a, type: correlation, columns: [x, sex]}", "no form with noise");
    refused("{name: a, type: summary, columns: [y]}", "no declared range");
    refused("{name: a, type: histogram, column: y}", "no declared range");
    refused("{name: a, type: crosstab, columns: [y]}", "y");
  }

  private static void refused(String analysis, String reason) {
    assertThatThrownBy(() -> analysis(analysis)).hasMessageContaining(reason);
  }
}
