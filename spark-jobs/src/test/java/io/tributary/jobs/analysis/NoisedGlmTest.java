package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.codec.FixedPoint;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.privacy.NoisePlan;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Rho;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models with noise, against the exact models on the same 2,000 rows. */
class NoisedGlmTest {
  private static final String LINEAR = "formula: \"y ~ age + sex\"";
  private static final String LOGISTIC = "formula: \"dead ~ age * sex\", family: binomial";
  private static final String POISSON = "formula: \"visits ~ age + sex\", family: poisson";

  @TempDir static Path folder;

  private static SiteTable table;

  private static Sheet sheet() {
    Random random = new Random(11);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int age = 20 + random.nextInt(60);
      int sex = random.nextInt(2);
      double y = 10 + 0.2 * age - 3 * sex + 4 * random.nextGaussian();
      double eta = -2 + 0.04 * age + 0.5 * sex;
      int dead = random.nextDouble() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
      int visits = 0;
      double mean = Math.exp(-0.5 + 0.02 * age + 0.3 * sex);
      for (double p = random.nextDouble(); p > Math.exp(-mean) && visits < 15; visits++) {
        p *= random.nextDouble();
      }
      rows.add(
          List.of(
              Double.toString(Math.max(0, Math.min(40, y))),
              Integer.toString(dead),
              Integer.toString(visits),
              Integer.toString(age),
              sex == 0 ? "f" : "m"));
    }
    return new Sheet(List.of("y", "dead", "visits", "age", "sex"), rows);
  }

  private static Study study(String model, String privacy) {
    return StudyParser.parse(
        """
        study: noised
        sites: [s0, s1, s2]
        cohort: {from: table}
        columns:
          y: {range: [0, 40]}
          dead: {type: integer, range: [0, 1]}
          visits: {type: integer, range: [0, 15]}
          age: {range: [0, 100]}
          sex: {levels: [f, m]}
          wild: {}
        analyses:
          - {name: a, type: glm, %s}
        %s
        """
            .formatted(model, privacy)
            .getBytes(StandardCharsets.UTF_8),
        "study.yaml");
  }

  private static StudyAnalysis<?, ?> noised(String model, String rho) {
    String privacy = "privacy: {rho: " + rho + ", sitesPerPerson: 1}";
    return Catalog.create(study(model, privacy), 0);
  }

  @BeforeAll
  static void open() {
    Study all =
        StudyParser.parse(
            """
            study: noised
            sites: [s0, s1, s2]
            cohort: {from: table}
            columns:
              sex: {levels: [f, m]}
              visits: {type: integer, range: [0, 15]}
              dead: {type: integer, range: [0, 1]}
            analyses: [{name: a, type: summary, columns: [y, dead, visits, age, sex]}]
            """
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    table = sheet().open(all, folder, 1);
  }

  @AfterAll
  static void close() {
    table.close();
  }

  private static double real(ResultTable rows, int row, String column) {
    return ((Cell.Real) rows.rows().get(row).get(rows.column(column))).value();
  }

  private static ResultTable exact(String model) {
    return Pooled.report(Catalog.create(study(model, ""), 0), List.of(table)).tables().stream()
        .filter(each -> each.name().equals("coefficients"))
        .findFirst()
        .orElseThrow();
  }

  /** One run with noise of three sites, from a seed. */
  private static <S, R> AnalysisReport run(StudyAnalysis<S, R> analysis, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    S state = analysis.start();
    while (true) {
      Layout layout = analysis.layout(state);
      Partial rows = analysis.contribute(state, table);
      Partial none = Partial.of(layout, new long[layout.words(0)]);
      long[] words = FixedPoint.sumInTheClear(layout, List.of(rows, none, none)).words(0).clone();
      NoisePlan plan = NoisePlan.of(layout).orElseThrow();
      for (int site = 0; site < 3; site++) {
        plan.addTo(layout, words, random::nextLong);
      }
      Step<S, R> step = analysis.update(state, Aggregate.of(layout, 3, words));
      if (step instanceof Step.Done<S, R> done) {
        return analysis.report(done.result());
      }
      byte[] bytes = analysis.encode(((Step.Next<S, R>) step).state());
      state = analysis.decode(bytes);
      assertThat(analysis.encode(state)).isEqualTo(bytes);
    }
  }

  /** At the greatest cost that can be stated the fit is the pooled one. */
  @ParameterizedTest
  @ValueSource(strings = {LINEAR, LOGISTIC, POISSON})
  void withHardlyAnyNoiseTheFitIsThePooledOne(String model) {
    ResultTable exact = exact(model);
    AnalysisReport report = run(noised(model, "1000"), 1);
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable fit = report.tables().get(0);
    for (int row = 0; row < exact.rows().size(); row++) {
      double error = real(exact, row, "std_error");
      assertThat(real(fit, row, "estimate"))
          .isEqualTo(
              real(exact, row, "estimate"),
              within(0.02 * error + 5 * real(fit, row, "noise_std_error")));
      assertThat(real(fit, row, "std_error")).isEqualTo(error, within(0.1 * error));
      assertThat(real(fit, row, "noise_std_error")).isLessThan(0.4 * error);
    }
  }

  /** The spread of fits over runs is what noise_std_error says. */
  @ParameterizedTest
  @ValueSource(strings = {LINEAR, LOGISTIC})
  void theStatedErrorIsThatOfTheNoise(String model) {
    StudyAnalysis<?, ?> analysis =
        noised(
            model.equals(LOGISTIC)
                ? "formula: \"dead ~ age + sex\", family: binomial, iterations: 4"
                : model,
            "2");
    String reference =
        model.equals(LOGISTIC) ? "formula: \"dead ~ age + sex\", family: binomial" : model;
    ResultTable exact = exact(reference);
    int runs = 12;
    double scaled = 0;
    for (int i = 0; i < runs; i++) {
      ResultTable fit = run(analysis, 100 + i).tables().get(0);
      for (int row = 1; row < 3; row++) {
        double off = real(fit, row, "estimate") - real(exact, row, "estimate");
        scaled += Math.pow(off / real(fit, row, "noise_std_error"), 2);
      }
    }
    // 24 squares, partly correlated: chi-square over its degrees of freedom.
    assertThat(scaled / (2 * runs)).isBetween(0.35, 2.2);
  }

  @Test
  void everySumCostsWhatTheStudyGives() {
    for (String model : List.of(LINEAR, LOGISTIC, POISSON + ", iterations: 9")) {
      List<NoisePlan> plans = noised(model, "1/3").noise();
      assertThat(plans.stream().map(NoisePlan::cost).reduce(Rho.ZERO, Rho::plus))
          .isEqualTo(Rho.of(1, 3));
    }
    assertThat(noised(LINEAR, "1").noise()).hasSize(1);
    assertThat(noised(LOGISTIC, "1").noise()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "formula: \"y ~ wild\"",
        "formula: \"wild ~ age\"",
        "formula: \"y ~ log(age)\"",
        "formula: \"visits ~ age + offset(y)\", family: poisson",
        "formula: \"visits ~ age\", family: quasipoisson",
        "formula: \"visits ~ age\", family: poisson, link: sqrt",
        "formula: \"visits ~ age\", family: gamma",
        "formula: \"y ~ age\", weights: y"
      })
  void whatNothingBoundsIsRefused(String model) {
    assertThatThrownBy(() -> noised(model, "1")).isInstanceOf(TributaryException.class);
  }

  /** No row of these ranges is longer than the clip, so nothing is clipped without being said. */
  @Test
  void noiseIsOnWhatAPersonCanAddAtMost() {
    NoisePlan plan = noised(LOGISTIC, "1").noise().get(0);
    // Intercept, age, sex, age:sex.
    assertThat(plan.slots().get(0).clip().norm()).isEqualTo(2, within(1e-9));
    assertThat(plan.slots().get(1).clip().norm()).isEqualTo(1, within(1e-9));
  }
}
