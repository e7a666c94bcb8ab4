package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Step;
import io.tributary.codec.GridSum;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data without an answer end in a named outcome, and small groups are withheld; never a number. */
class OutcomesTest {
  private static final Study STUDY =
      StudyParser.parse(
          """
          study: outcomes
          sites: [a, b, c]
          cohort: {from: table}
          columns:
            group: {levels: [one, two, three]}
            few: {levels: [no, yes]}
            never: {levels: [no, yes, nobody]}
            half: {levels: [no, yes]}
            tag: {levels: [a, b]}
            third: {levels: [low, mid, high]}
            scarce: {levels: [low, mid, high]}
          analyses:
            - {name: separation, type: glm, family: binomial, formula: "above ~ x"}
            - {name: quasi, type: glm, family: binomial, formula: "quasi ~ group + z"}
            - {name: empty-count, type: glm, family: poisson, formula: "counts ~ group"}
            - {name: separation-probit, type: glm, family: binomial, link: probit, formula: "above ~ x"}
            - {name: separation-cloglog, type: glm, family: binomial, link: cloglog, formula: "quasi ~ group + z"}
            - {name: separation-cauchit, type: glm, family: binomial, link: cauchit, formula: "quasi ~ group + z"}
            - {name: empty-quasi, type: glm, family: quasipoisson, formula: "counts ~ group"}
            - {name: empty-identity, type: glm, family: poisson, link: identity, formula: "counts ~ group"}
            - {name: empty-log, type: glm, family: gaussian, link: log, formula: "counts ~ group"}
            - {name: below-zero, type: glm, family: gaussian, link: log, formula: "sunk ~ x"}
            - {name: gamma-offset, type: glm, family: gamma, link: log, formula: "time ~ x + offset(steep)"}
            - {name: gamma-collinear, type: glm, family: gamma, formula: "time ~ x + z + sum"}
            - {name: gamma-constant, type: glm, family: inverse-gaussian, formula: "same ~ x"}
            - {name: gamma-steps, type: glm, family: gamma, formula: "time ~ x", maxSteps: 2}
            - {name: gamma-rare-level, type: glm, family: gamma, formula: "time ~ few"}
            - {name: quasi-rare, type: glm, family: quasibinomial, formula: "rare ~ x"}
            - {name: gamma-zero, type: glm, family: gamma, formula: "zero ~ x"}
            - {name: quasi-negative, type: glm, family: quasipoisson, formula: "sunk ~ x"}
            - {name: equal-counts, type: glm, family: negative-binomial, formula: "weight ~ x"}
            - {name: empty-counts, type: glm, family: negative-binomial, formula: "stay ~ group"}
            - {name: part-counts, type: glm, family: negative-binomial, formula: "tiny ~ x"}
            - {name: full-leverage, type: glm, family: gamma, formula: "time ~ x + single", variance: HC3}
            - {name: leverage-unasked, type: glm, family: gamma, formula: "time ~ x + single", variance: HC0}
            - {name: few-clusters, type: glm, formula: "y ~ x", variance: HC1, cluster: same}
            - {name: collinear, type: glm, formula: "y ~ x + z + sum"}
            - {name: nobody, type: glm, formula: "y ~ x + never"}
            - {name: constant, type: glm, formula: "same ~ x"}
            - {name: all-ones, type: glm, family: binomial, formula: "same ~ x"}
            - {name: no-events, type: glm, family: poisson, formula: "zero ~ x"}
            - {name: steps, type: glm, family: binomial, formula: "coin ~ x", maxSteps: 2}
            - {name: rare-level, type: glm, formula: "y ~ few"}
            - {name: rare-outcome, type: glm, family: binomial, formula: "rare ~ x"}
            - {name: unknown-levels, type: glm, formula: "y ~ factor(x)"}
            - {name: too-few, type: glm, formula: "y ~ mostlyMissing"}
            - {name: saturated, type: glm, formula: "some ~ x * z * group * half"}
            - {name: fine, type: glm, family: binomial, formula: "coin ~ x"}
            - {name: small-group, type: summary, columns: [x], by: few}
            - {name: small-cell, type: crosstab, columns: [few, half]}
            - {name: lone, type: summary, columns: [mostlyMissing]}
            - {name: cox-fine, type: cox, formula: "Surv(time, coin) ~ x + half", resolution: 10}
            - {name: cox-far, type: cox, formula: "Surv(time, coin) ~ far + half", resolution: 10}
            - {name: cox-one-time, type: cox, formula: "Surv(time, coin) ~ x + half", resolution: 100}
            - {name: cox-sparse, type: cox, formula: "Surv(time, coin) ~ x + half"}
            - {name: cox-sparse-weights, type: cox, formula: "Surv(time, coin) ~ x", weights: weight, resolution: 2, ties: breslow}
            - {name: cox-monotone, type: cox, formula: "Surv(time, halved) ~ half + x", sparse: allow}
            - {name: cox-collinear, type: cox, formula: "Surv(time, coin) ~ x + z + sum", sparse: allow}
            - {name: cox-nobody, type: cox, formula: "Surv(time, coin) ~ never + x", sparse: allow}
            - {name: cox-stratum, type: cox, formula: "Surv(time, coin) ~ x + half + strata(half)", sparse: allow}
            - {name: cox-constant, type: cox, formula: "Surv(time, coin) ~ same", sparse: allow}
            - {name: cox-no-events, type: cox, formula: "Surv(time, zero) ~ x", sparse: allow}
            - {name: cox-steps, type: cox, formula: "Surv(time, coin) ~ x", sparse: allow, maxSteps: 2}
            - {name: cox-parameters, type: cox, formula: "Surv(time, five) ~ x + z + y + group", sparse: allow}
            - {name: cox-offset, type: cox, formula: "Surv(time, coin) ~ x + offset(steep)", sparse: allow}
            - {name: cox-sunk, type: cox, formula: "Surv(time, coin) ~ x + offset(sunk)", sparse: allow}
            - {name: cox-tiny, type: cox, formula: "Surv(time, coin) ~ far + half + tiny", resolution: 10}
            - {name: cox-unknown-levels, type: cox, formula: "Surv(time, coin) ~ factor(x)", sparse: allow}
            - {name: cox-rare-level, type: cox, formula: "Surv(time, coin) ~ few", sparse: allow}
            - {name: cox-rare-outcome, type: cox, formula: "Surv(time, rare) ~ x", sparse: allow}
            - {name: cox-too-few, type: cox, formula: "Surv(time, coin) ~ mostlyMissing", sparse: allow}
            - {name: cox-saturated, type: cox, formula: "Surv(time, same) ~ some * x * z * group * half", sparse: allow}
            - {name: times-fine, type: parametric-survival, formula: "Surv(time, coin) ~ far + half"}
            - {name: times-monotone, type: parametric-survival, formula: "Surv(time, halved) ~ half + x"}
            - {name: times-lognormal, type: parametric-survival, distribution: lognormal, formula: "Surv(time, halved) ~ half + x", maxSteps: 60}
            - {name: times-collinear, type: parametric-survival, formula: "Surv(time, coin) ~ x + z + sum"}
            - {name: times-no-events, type: parametric-survival, formula: "Surv(time, zero) ~ x"}
            - {name: times-constant, type: parametric-survival, formula: "Surv(same, coin) ~ x"}
            - {name: times-equal, type: parametric-survival, distribution: exponential, formula: "Surv(same, coin) ~ half"}
            - {name: times-steps, type: parametric-survival, formula: "Surv(time, coin) ~ x", maxSteps: 4}
            - {name: times-parameters, type: parametric-survival, formula: "Surv(time, five) ~ x + z + y + half"}
            - {name: times-rare-level, type: parametric-survival, formula: "Surv(time, coin) ~ few"}
            - {name: times-rare-outcome, type: parametric-survival, formula: "Surv(time, rare) ~ x"}
            - {name: times-too-few, type: parametric-survival, formula: "Surv(time, coin) ~ mostlyMissing"}
            - {name: times-saturated, type: parametric-survival, formula: "Surv(time, same) ~ some * x * z * group * half"}
            - {name: times-zero, type: parametric-survival, formula: "Surv(stay, coin) ~ x"}
            - {name: net-constant, type: elastic-net, formula: "same ~ x"}
            - {name: net-ones, type: elastic-net, family: binomial, formula: "same ~ x"}
            - {name: net-steps, type: elastic-net, family: binomial, formula: "coin ~ x + z", steps: 3, maxSteps: 3}
            - {name: net-rare-level, type: elastic-net, formula: "y ~ few + x"}
            - {name: net-rare-outcome, type: elastic-net, family: binomial, formula: "rare ~ x"}
            - {name: net-too-few, type: elastic-net, formula: "y ~ mostlyMissing"}
            - {name: net-small-folds, type: elastic-net, formula: "y ~ x", folds: 20}
            - {name: net-saturated, type: elastic-net, formula: "y ~ some * x * z * group * half"}
            - {name: net-separated, type: elastic-net, family: binomial, formula: "above ~ x + z", lambda: [0.1, 0.001]}
            - {name: net-collinear, type: elastic-net, alpha: 0, formula: "y ~ x + z + sum + same", lambda: 0.1}
            - {name: kinds-fine, type: multinomial, formula: "group ~ far + half"}
            - {name: kinds-separated, type: multinomial, formula: "third ~ x"}
            - {name: kinds-empty, type: multinomial, formula: "never ~ x"}
            - {name: kinds-collinear, type: multinomial, formula: "group ~ x + z + sum"}
            - {name: kinds-nobody, type: multinomial, formula: "group ~ x + never"}
            - {name: kinds-steps, type: multinomial, formula: "group ~ x", maxSteps: 2}
            - {name: kinds-parameters, type: multinomial, formula: "group ~ some * x * z * y * half"}
            - {name: kinds-saturated, type: multinomial, formula: "group ~ some * x * z * half"}
            - {name: kinds-rare-level, type: multinomial, formula: "group ~ few"}
            - {name: kinds-rare-outcome, type: multinomial, formula: "scarce ~ x"}
            - {name: grades-fine, type: ordinal, formula: "group ~ tiny + half"}
            - {name: grades-separated, type: ordinal, formula: "third ~ x + z"}
            - {name: grades-quasi, type: ordinal, formula: "third ~ above + z"}
            - {name: grades-empty, type: ordinal, formula: "never ~ x"}
            - {name: grades-constant, type: ordinal, formula: "group ~ same + z"}
            - {name: grades-too-few, type: ordinal, formula: "group ~ mostlyMissing"}
            - {name: grades-rare-outcome, type: ordinal, formula: "scarce ~ x"}
            - {name: pairs-one-sided, type: rank-test, columns: weight, paired: zero}
            - {name: ranks, type: logrank, time: time, event: coin, by: half, strata: tag}
            - {name: ranks-few, type: logrank, time: time, event: coin, by: few}
            - {name: ranks-rare, type: logrank, time: time, event: rare, by: half}
            - {name: gaps, type: summary, columns: [x, gaps, tag], by: half}
          """
              .getBytes(StandardCharsets.UTF_8),
          "study.yaml");

  @TempDir static Path folder;

  private static final List<List<String>> ROWS = new ArrayList<>();
  private static List<SiteTable> tables;

  @BeforeAll
  static void open() {
    Random random = new Random(4);
    for (int i = 0; i < 120; i++) {
      // Multiples of 1/4096: x + z is then exact, and follows from both.
      double x = Math.rint(random.nextGaussian() * 4096) / 4096;
      double z = Math.rint(random.nextGaussian() * 4096) / 4096;
      int group = i % 3;
      List<String> row =
          new ArrayList<>(
              List.of(
                  Double.toString(x),
                  Double.toString(z),
                  Double.toString(x + z),
                  Double.toString(x - z + random.nextGaussian()),
                  x > 0.1 ? "1" : "0",
                  group == 2 ? "1" : Integer.toString(random.nextInt(2)),
                  group == 1 ? "0" : Integer.toString(random.nextInt(4)),
                  "1",
                  "0",
                  Integer.toString(random.nextInt(2)),
                  i < 3 ? "1" : "0",
                  List.of("one", "two", "three").get(group),
                  i < 3 ? "yes" : "no",
                  i % 2 == 0 ? "yes" : "no",
                  i % 5 < 2 ? "yes" : "no",
                  i < 4 ? Double.toString(z) : "NA",
                  i < 50 ? Double.toString(z) : "NA",
                  i == 0 || i % 12 == 1 ? "NA" : Double.toString(z),
                  i == 0 ? "NA" : i % 4 < 2 ? "a" : "b",
                  Integer.toString(1 + random.nextInt(30)),
                  Double.toString(1e9 + x),
                  Double.toString(1 + i % 2),
                  Double.toString(40 * z),
                  i % 2 == 0 && i % 3 > 0 ? "1" : "0",
                  i % 24 == 0 ? "1" : "0"));
      // Whoever is at risk last has next to no risk.
      row.add(Integer.parseInt(row.get(19)) > 25 ? "-50" : "0");
      row.add(Double.toString(1e-9 * z));
      row.add(i == 7 ? "1" : "0");
      row.add(group == 1 ? "0" : row.get(19));
      row.add(x < -0.4 ? "low" : x < 0.5 ? "mid" : "high");
      row.add(i < 3 ? "high" : i % 2 == 0 ? "low" : "mid");
      ROWS.add(row);
    }
    Sheet sheet =
        new Sheet(
            List.of(
                "x",
                "z",
                "sum",
                "y",
                "above",
                "quasi",
                "counts",
                "same",
                "zero",
                "coin",
                "rare",
                "group",
                "few",
                "half",
                "never",
                "mostlyMissing",
                "some",
                "gaps",
                "tag",
                "time",
                "far",
                "weight",
                "steep",
                "halved",
                "five",
                "sunk",
                "tiny",
                "single",
                "stay",
                "third",
                "scarce"),
            ROWS);
    tables = Sheet.open(sheet.cut(3, 8), STUDY, folder);
  }

  @AfterAll
  static void close() {
    tables.forEach(SiteTable::close);
  }

  private static AnalysisReport report(String name) {
    return Pooled.report(analysis(name), tables);
  }

  private static StudyAnalysis<?, ?> analysis(String name) {
    for (int job = 0; job < STUDY.analyses().size(); job++) {
      if (STUDY.analyses().get(job).name().equals(name)) {
        return Catalog.create(STUDY, job);
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "separation, SEPARATION",
    "quasi, SEPARATION",
    "empty-count, SEPARATION",
    "separation-probit, SEPARATION",
    "separation-cloglog, SEPARATION",
    "separation-cauchit, SEPARATION",
    "empty-quasi, SEPARATION",
    "empty-identity, BOUNDARY",
    "empty-log, SEPARATION",
    "below-zero, NO_START",
    "gamma-offset, NO_START",
    "gamma-collinear, COLLINEAR",
    "gamma-constant, CONSTANT_OUTCOME",
    "gamma-steps, NOT_CONVERGED",
    "equal-counts, NO_OVERDISPERSION",
    "empty-counts, SEPARATION",
    "full-leverage, FULL_LEVERAGE",
    "collinear, COLLINEAR",
    "nobody, COLLINEAR",
    "constant, CONSTANT_OUTCOME",
    "all-ones, CONSTANT_OUTCOME",
    "no-events, CONSTANT_OUTCOME",
    "steps, NOT_CONVERGED",
    "unknown-levels, LEVELS_UNKNOWN",
    "cox-monotone, MONOTONE_LIKELIHOOD",
    "cox-collinear, COLLINEAR",
    "cox-nobody, COLLINEAR",
    "cox-stratum, COLLINEAR",
    "cox-constant, COLLINEAR",
    "cox-no-events, NO_EVENTS",
    "cox-steps, NOT_CONVERGED",
    "cox-parameters, TOO_MANY_PARAMETERS",
    "cox-offset, OFFSET_TOO_LARGE",
    "cox-sunk, OFFSET_TOO_LARGE",
    "cox-unknown-levels, LEVELS_UNKNOWN",
    "times-monotone, MONOTONE_LIKELIHOOD",
    "times-lognormal, MONOTONE_LIKELIHOOD",
    "times-collinear, COLLINEAR",
    "times-no-events, NO_EVENTS",
    "times-constant, CONSTANT_OUTCOME",
    "times-steps, NOT_CONVERGED",
    "times-parameters, TOO_MANY_PARAMETERS",
    "net-constant, CONSTANT_OUTCOME",
    "net-ones, CONSTANT_OUTCOME",
    "net-steps, NOT_CONVERGED",
    "kinds-separated, SEPARATION",
    "kinds-empty, EMPTY_LEVEL",
    "kinds-collinear, COLLINEAR",
    "kinds-nobody, COLLINEAR",
    "kinds-steps, NOT_CONVERGED",
    "kinds-parameters, TOO_MANY_PARAMETERS",
    "grades-separated, SEPARATION",
    "grades-quasi, SEPARATION",
    "grades-empty, EMPTY_LEVEL",
    "grades-constant, COLLINEAR"
  })
  void dataWithoutAnAnswerFailByName(String analysis, String outcome) {
    AnalysisReport report = report(analysis);
    assertThat(report.outcome()).isEqualTo(outcome);
    for (List<Cell> row : table(report, "coefficients").rows()) {
      assertThat(row.subList(1, row.size())).containsOnly(new Cell.Failed(outcome));
    }
    assertThat(report.notes().get(0)).startsWith(outcome + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gamma-zero", "quasi-negative", "part-counts", "times-zero"})
  void outcomeThatAFamilyCannotHaveIsRefused(String analysis) {
    assertThatThrownBy(() -> report(analysis))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID));
  }

  @ParameterizedTest
  @CsvSource({
    "rare-level, RARE_LEVEL",
    "gamma-rare-level, RARE_LEVEL",
    "quasi-rare, RARE_OUTCOME",
    "few-clusters, FEW_CLUSTERS",
    "rare-outcome, RARE_OUTCOME",
    "too-few, TOO_FEW_PERSONS",
    "saturated, SATURATED",
    "cox-sparse, SPARSE_TIMES",
    "cox-sparse-weights, SPARSE_TIMES",
    "cox-rare-level, RARE_LEVEL",
    "cox-rare-outcome, RARE_OUTCOME",
    "cox-too-few, TOO_FEW_PERSONS",
    "cox-saturated, SATURATED",
    "times-rare-level, RARE_LEVEL",
    "times-rare-outcome, RARE_OUTCOME",
    "times-too-few, TOO_FEW_PERSONS",
    "times-saturated, SATURATED",
    "net-rare-level, RARE_LEVEL",
    "net-rare-outcome, RARE_OUTCOME",
    "net-too-few, TOO_FEW_PERSONS",
    "net-small-folds, TOO_FEW_PERSONS",
    "net-saturated, SATURATED",
    "kinds-saturated, SATURATED",
    "kinds-rare-level, RARE_LEVEL",
    "kinds-rare-outcome, RARE_OUTCOME",
    "grades-too-few, TOO_FEW_PERSONS",
    "grades-rare-outcome, RARE_OUTCOME"
  })
  void releaseFloorWithholdsAModel(String analysis, String outcome) {
    AnalysisReport report = report(analysis);
    assertThat(report.outcome()).isEqualTo(outcome);
    assertThat(table(report, "coefficients").rows()).isNotEmpty();
    for (List<Cell> row : table(report, "coefficients").rows()) {
      assertThat(row.subList(1, row.size())).allMatch(cell -> cell instanceof Cell.Suppressed);
    }
  }

  /** Which terms follow from others, and at which level nobody is, stands in the first note. */
  @ParameterizedTest
  @CsvSource({
    "kinds-collinear, ': sum.'",
    "kinds-nobody, ': nevernobody.'",
    "grades-constant, ': same.'",
    "grades-empty, ': nobody.'"
  })
  void modelOfLevelsNamesWhatItFailsBy(String analysis, String end) {
    assertThat(report(analysis).notes().get(0)).endsWith(end);
  }

  /** Where a model without penalty has no estimates, one with a penalty has. */
  @ParameterizedTest
  @CsvSource({"net-separated, 0", "net-collinear, 1"})
  void penaltyGivesAnAnswer(String analysis, int zeros) {
    AnalysisReport report = report(analysis);
    assertThat(report.outcome()).isEqualTo("OK");
    ResultTable coefficients = table(report, "coefficients");
    int last = coefficients.column("estimate");
    double[] estimates =
        coefficients.rows().stream()
            .mapToDouble(row -> ((Cell.Real) row.get(last)).value())
            .toArray();
    for (double estimate : estimates) {
      assertThat(estimate).isFinite();
    }
    // A constant column has the estimate 0, as glmnet has it.
    assertThat(Arrays.stream(estimates).filter(b -> b == 0).count()).isGreaterThanOrEqualTo(zeros);
  }

  /** Equal times have no scale, but rates: the logarithm of persons' time over events. */
  @Test
  void equalTimesHaveRates() {
    AnalysisReport report = report("times-equal");
    assertThat(report.outcome()).isEqualTo("OK");
    double[] events = new double[2];
    for (List<String> row : ROWS) {
      events[row.get(13).equals("yes") ? 1 : 0] += Double.parseDouble(row.get(9));
    }
    ResultTable coefficients = table(report, "coefficients");
    int estimate = coefficients.column("estimate");
    double[] found =
        coefficients.rows().stream()
            .mapToDouble(row -> ((Cell.Real) row.get(estimate)).value())
            .toArray();
    assertThat(found[0]).isEqualTo(Math.log(60 / events[0]), within(1e-12));
    assertThat(found[0] + found[1]).isEqualTo(Math.log(60 / events[1]), within(1e-12));
  }

  /** Both models together take no more sums than the study says, wherever the steps end. */
  @Test
  void modelOfTimesTakesNoMoreSumsThanItDeclares() {
    for (int steps = 4; steps <= 12; steps++) {
      Study study =
          Sheet.study(
              "{half: {levels: [no, yes]}}",
              "{name: a, type: parametric-survival, maxSteps: "
                  + steps
                  + ", formula: \"Surv(time, coin) ~ half\"}");
      AnalysisReport report = Pooled.report(Catalog.create(study, 0), tables);
      assertThat(report.rounds()).as("maxSteps " + steps).isLessThanOrEqualTo(2 + steps);
    }
  }

  /** A row beyond a cap at the estimate is not one of leverage 1, which HC0 does not look at. */
  @ParameterizedTest
  @ValueSource(strings = {"leverage-unasked", "full-leverage"})
  void residualBeyondItsCapIsNamed(String analysis) {
    assertThat(endedBeyondACap(analysis(analysis)).outcome()).isEqualTo("NOT_CONVERGED");
  }

  /** Runs to the last sum, in whose place there is one where a row was beyond a cap. */
  private static <S, R> AnalysisReport endedBeyondACap(StudyAnalysis<S, R> analysis) {
    S state = analysis.start();
    for (int round = 1; !analysis.layout(state).hasSlot("squares of residuals"); round++) {
      assertThat(round).isLessThan(Pooled.MAX_ROUNDS);
      Aggregate sum = Pooled.sum(analysis, state, tables);
      state = ((Step.Next<S, R>) analysis.update(state, sum)).state();
    }
    GridSum sum = new GridSum(analysis.layout(state));
    sum.count(sum.slot("residual beyond its cap"), 0, 1);
    Aggregate beyond = Aggregate.of(analysis.layout(state), 1, sum.words());
    return analysis.report(((Step.Done<S, R>) analysis.update(state, beyond)).result());
  }

  /** Everybody's value is the greater one: ranks of nobody on the other side would say so. */
  @Test
  void differencesOfOneSignAreWithheld() {
    AnalysisReport report = report("pairs-one-sided");
    assertThat(report.outcome()).isEqualTo(AnalysisReport.TOO_FEW_PERSONS);
    for (String name : List.of("tests", "effects", "signs")) {
      for (List<Cell> row : table(report, name).rows()) {
        assertThat(row.get(row.size() - 1)).isInstanceOf(Cell.Suppressed.class);
      }
    }
  }

  @Test
  void collinearTermsAreNamed() {
    assertThat(report("collinear").notes().get(0)).endsWith(": sum.");
    assertThat(report("nobody").notes().get(0)).endsWith(": nevernobody.");
    assertThat(report("cox-collinear").notes().get(0)).endsWith(": sum.");
    assertThat(report("cox-stratum").notes().get(0)).endsWith(": halfyes.");
  }

  @Test
  void modelWithAnAnswerHasOne() {
    for (String name : List.of("fine", "leverage-unasked", "times-fine")) {
      AnalysisReport report = report(name);
      assertThat(report.outcome()).isEqualTo("OK");
      assertThat(report.persons()).isEqualTo(120);
    }
  }

  /**
   * Far from zero, and with all times in one: the same model, and a sum that needs no exception.
   */
  @Test
  void modelOfHazardsWithAnAnswerHasOne() {
    for (String name : List.of("cox-fine", "cox-far", "cox-one-time")) {
      AnalysisReport report = report(name);
      assertThat(report.outcome()).as(name).isEqualTo("OK");
      assertThat(report.persons()).isEqualTo(120);
      ResultTable baseline = table(report, "baseline");
      int column = baseline.column("cumulative_hazard_at_means");
      assertThat(((Cell.Real) baseline.rows().get(0).get(column)).value()).isPositive();
    }
    ResultTable fine = table(report("cox-fine"), "coefficients");
    ResultTable far = table(report("cox-far"), "coefficients");
    for (String column : List.of("estimate", "std_error")) {
      int at = fine.column(column);
      for (int row = 0; row < 2; row++) {
        assertThat(((Cell.Real) far.rows().get(row).get(at)).value())
            .isEqualTo(((Cell.Real) fine.rows().get(row).get(at)).value(), within(1e-12));
      }
    }
  }

  /** A ratio for one unit of a column of billionths, a hazard at zero of one of billions. */
  @Test
  void numberTooSmallForADoubleIsNotZero() {
    AnalysisReport report = report("cox-tiny");
    assertThat(report.outcome()).isEqualTo("OK");
    for (String name : List.of("hazard_ratios", "baseline")) {
      for (List<Cell> row : table(report, name).rows()) {
        assertThat(row).doesNotContain(Cell.of(0.0));
      }
    }
    ResultTable baseline = table(report, "baseline");
    int column = baseline.column("cumulative_hazard");
    assertThat(baseline.rows().get(0).get(column)).isNotInstanceOf(Cell.Real.class);
  }

  /** Three persons in one of two groups: the other group and all together would tell them. */
  @Test
  void smallGroupTakesTheOtherOneWithIt() {
    ResultTable summary = table(report("small-group"), "summary");
    int mean = summary.column("mean");
    assertThat(summary.rows().get(0).get(mean)).isInstanceOf(Cell.Suppressed.class);
    assertThat(summary.rows().get(1).get(mean)).isInstanceOf(Cell.Suppressed.class);
    assertThat(summary.rows().get(1).get(summary.column("n"))).isInstanceOf(Cell.Suppressed.class);
    assertThat(summary.rows().get(2).get(mean)).isInstanceOf(Cell.Real.class);
  }

  /** One missing value among those with yes, ten among those with no, none at all of x. */
  @Test
  void handfulOfMissingValuesIsWithheldAndNoneIsShown() {
    ResultTable summary = table(report("gaps"), "summary");
    int missing = summary.column("missing");
    List<Cell> shown = new ArrayList<>();
    summary.rows().forEach(row -> shown.add(row.get(missing)));
    assertThat(shown.subList(0, 3)).containsOnly(Cell.of(0));
    // Rows are no, yes and all; what is left of all without no would be yes.
    assertThat(shown.get(3)).isEqualTo(Cell.of(10));
    assertThat(shown.subList(4, 6)).allMatch(cell -> cell instanceof Cell.Suppressed);
    assertThat(shown.get(6)).isEqualTo(Cell.of(0));
    assertThat(shown.subList(7, 9)).allMatch(cell -> cell instanceof Cell.Suppressed);
  }

  @Test
  void smallCellWithholdsTheTests() {
    AnalysisReport report = report("small-cell");
    ResultTable tests = table(report, "tests");
    for (List<Cell> row : tests.rows()) {
      assertThat(row.get(tests.column("p_value"))).isInstanceOf(Cell.Suppressed.class);
    }
    assertThat(report.notes()).anyMatch(note -> note.startsWith("Tests are withheld"));
  }

  @Test
  void logRankTestOfGroupsThatMayBeShownIsShown() {
    AnalysisReport report = report("ranks");
    assertThat(report.persons()).isEqualTo(119);
    ResultTable groups = table(report, "groups");
    assertThat(groups.rows())
        .allMatch(row -> row.get(groups.column("n_event")) instanceof Cell.Whole);
    ResultTable tests = table(report, "tests");
    assertThat(tests.rows().get(0).get(tests.column("p_value"))).isInstanceOf(Cell.Real.class);
  }

  /** Three persons in one group, or one or two of sixty with the event. */
  @ParameterizedTest
  @ValueSource(strings = {"ranks-few", "ranks-rare"})
  void logRankTestAboutAHandfulIsWithheld(String analysis) {
    AnalysisReport report = report(analysis);
    assertThat(report.notes()).anyMatch(note -> note.startsWith("Tests are withheld"));
    for (String name : List.of("tests", "groups", "covariance")) {
      for (List<Cell> row : table(report, name).rows()) {
        assertThat(row).noneMatch(cell -> cell instanceof Cell.Real);
      }
    }
    ResultTable groups = table(report, "groups");
    assertThat(groups.rows().get(0).get(groups.column("n_event")))
        .isInstanceOf(Cell.Suppressed.class);
  }

  @Test
  void statisticOnFourPersonsIsWithheld() {
    ResultTable summary = table(report("lone"), "summary");
    assertThat(summary.rows().get(0).get(summary.column("mean")))
        .isInstanceOf(Cell.Suppressed.class);
    assertThat(table(report("lone"), "quantiles").rows().get(0).get(3))
        .isInstanceOf(Cell.Suppressed.class);
  }
}
