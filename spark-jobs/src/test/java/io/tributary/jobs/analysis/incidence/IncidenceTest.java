package io.tributary.jobs.analysis.incidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.probability.ExactIntervals;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is at risk how long, and what of events is shown. */
class IncidenceTest {
  private static final String COLUMNS =
      "{sex: {levels: [m, f]}, age: {levels: [young, middle, old, oldest]}}";

  private static Study study(String more) {
    return Sheet.study(COLUMNS, "{name: i, type: incidence, outcome: o, time: t" + more + "}");
  }

  private static AnalysisReport report(String more, IncidenceResult result) {
    return IncidenceAnalysis.of(new Job(study(more), 0)).report(result);
  }

  private static IncidenceResult sums(long[] atRisk, long[] events, long[] days, long... others) {
    return new IncidenceResult(
        Counts.of(atRisk), Counts.of(events), Counts.of(days), Counts.of(others), 0, 0);
  }

  private static ResultTable table(AnalysisReport report, String name) {
    return report.tables().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> column(AnalysisReport report, String name, String column) {
    ResultTable table = table(report, name);
    List<String> texts = new ArrayList<>();
    for (List<Cell> row : table.rows()) {
      Cell cell = row.get(table.column(column));
      texts.add(
          cell instanceof Cell.Whole whole
              ? Long.toString(whole.value())
              : cell instanceof Cell.Text text
                  ? text.value()
                  : cell instanceof Cell.Real real ? Double.toString(real.value()) : "-");
    }
    return texts;
  }

  /** First day 1, last day 30: both count. */
  @ParameterizedTest
  @CsvSource({
    "NaN, 100, true, false, 30",
    "NaN, 30, true, false, 30",
    "NaN, 10, true, false, 10",
    "NaN, 1, true, false, 1",
    "NaN, 0, false, false, 0",
    "NaN, -5, false, false, 0",
    "0, 100, false, false, 0",
    "-7, 100, false, false, 0",
    "1, 100, true, true, 1",
    "30, 100, true, true, 30",
    "31, 100, true, false, 30",
    "10, 10, true, true, 10",
    "11, 10, true, false, 10",
  })
  void oneOfEachKind(double outcome, double observed, boolean atRisk, boolean event, int days) {
    assertThat(new TimeAtRisk(1, 30).of(outcome, observed))
        .isEqualTo(new TimeAtRisk.Share(atRisk, event, days));
  }

  @Test
  void ratesAndProportionsOfEachStratumAndOfAll() {
    AnalysisReport report =
        report(
            ", by: sex",
            sums(new long[] {200, 100}, new long[] {20, 5}, new long[] {36_525, 73_050}, 0, 12));
    assertThat(column(report, "incidence", "stratum"))
        .containsExactly("sex = m", "sex = f", "(all)");
    assertThat(column(report, "incidence", "persons_at_risk")).containsExactly("200", "100", "300");
    assertThat(column(report, "incidence", "persons_not_at_risk")).containsExactly("0", "12", "12");
    assertThat(column(report, "incidence", "person_outcomes")).containsExactly("20", "5", "25");
    assertThat(column(report, "incidence", "incidence_rate_p100py"))
        .containsExactly("20.0", "2.5", String.valueOf(25 * (36_525.0 / 109_575)));
    assertThat(column(report, "incidence", "incidence_proportion_p100p").subList(0, 2))
        .containsExactly("10.0", "5.0");
    assertThat(Double.parseDouble(column(report, "incidence", "rate_conf_high").get(0)))
        .isEqualTo(ExactIntervals.poisson(20, 0.95).high());
  }

  /** Four events, or four without, or none at all; the other stratum's would tell it. */
  @ParameterizedTest
  @CsvSource({"4", "0", "196", "200"})
  void aHandfulIsWithheld(long events) {
    AnalysisReport report =
        report(
            ", by: sex",
            sums(new long[] {200, 100}, new long[] {events, 50}, new long[] {9000, 9000}, 3, 0));
    List<String> told = column(report, "incidence", "person_outcomes");
    assertThat(told.get(0)).isEqualTo("-");
    assertThat(told.stream().filter(each -> each.equals("-")).count()).isGreaterThan(1);
    assertThat(column(report, "incidence", "incidence_rate_p100py").get(0)).isEqualTo("-");
    assertThat(column(report, "incidence", "persons_at_risk")).containsExactly("200", "100", "300");
    // Three are not at risk: nor is it told over both.
    assertThat(column(report, "incidence", "persons_not_at_risk")).containsExactly("-", "0", "-");
  }

  /** Young and middle have too few events by themselves. */
  @Test
  void agesAreJoinedBeforeTheyAreWeighted() {
    IncidenceResult result =
        sums(
            new long[] {100, 100, 100, 100},
            new long[] {2, 6, 10, 2},
            new long[] {1000, 2000, 3000, 500},
            0);
    AnalysisReport report =
        report(
            ", standardise: age, population: {young: 5, middle: 3, old: 1.5, oldest: 0.5}", result);
    assertThat(column(report, "standard", "age"))
        .containsExactly("young to middle", "old to oldest");
    assertThat(column(report, "standard", "share")).containsExactly("0.8", "0.2");
    double expected = (0.8 * 8 / 3000 + 0.2 * 12 / 3500) * 36_525;
    assertThat(
            Double.parseDouble(column(report, "standardised", "standardised_rate_p100py").get(0)))
        .isCloseTo(expected, within(1e-12 * expected));
  }

  /** Levels without weight are in no rate; a stratum that lacks a band has none. */
  @Test
  void aStratumWithoutEnoughHasNoStandardisedRate() {
    IncidenceResult result =
        sums(
            new long[] {100, 100, 100, 100, 20, 20, 20, 20},
            new long[] {50, 20, 20, 50, 10, 2, 0, 10},
            new long[] {900, 1000, 1000, 900, 200, 200, 200, 200},
            0,
            0);
    AnalysisReport report =
        report(", by: sex, standardise: age, population: {middle: 1, old: 1}", result);
    assertThat(column(report, "standard", "age"))
        .containsExactly("young to middle", "old to oldest");
    List<String> rates = column(report, "standardised", "standardised_rate_p100py");
    assertThat(Double.parseDouble(rates.get(0))).isCloseTo(730.5, within(1e-9));
    assertThat(rates.get(1)).isEqualTo("-");
  }

  @Test
  void theGateFindsNothingMore() {
    Study study = study(", by: sex");
    AnalysisReport report =
        report(
            ", by: sex",
            sums(new long[] {200, 100}, new long[] {4, 50}, new long[] {9000, 9000}, 3, 0));
    assertThat(StudyGate.review(study, List.of(report))).containsExactly(report);
  }

  /** Strata do not decide who is at risk; prior events and the time at risk do. */
  @ParameterizedTest
  @CsvSource({
    "', by: sex', true",
    "', confidence: 0.9', true",
    "', prior: x', false",
    "', risk: [0, 60]', false",
  })
  void whoIsAtRiskIsNamedByWhatDecidesIt(String more, boolean same) {
    String own = IncidenceAnalysis.of(new Job(study(more), 0)).question();
    String plain = IncidenceAnalysis.of(new Job(study(""), 0)).question();
    assertThat(own.equals(plain)).isEqualTo(same);
  }
}
