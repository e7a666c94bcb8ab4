package io.tributary.jobs.analysis.prevalence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.probability.ExactIntervals;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Periods, who is in them, and what of them is shown. */
class PrevalenceTest {
  @ParameterizedTest
  @CsvSource({
    "YEARS, 2019-03-15, 2021-12-31, 2020-01-01 2021-01-01, 2021-12-31",
    "YEARS, 2020-01-01, 2020-12-30, '', ",
    "QUARTERS, 2020-02-01, 2020-12-31, 2020-04-01 2020-07-01 2020-10-01, 2020-12-31",
    "MONTHS, 2019-12-02, 2020-03-30, 2020-01-01 2020-02-01, 2020-02-29",
    "MONTHS, 2020-03-30, 2019-12-02, '', ",
  })
  void periodsLieWhollyBetweenTwoDays(
      Calendar.Unit unit, LocalDate from, LocalDate to, String firsts, LocalDate last) {
    Calendar calendar = Calendar.of(unit, from, to, 10);
    List<String> found =
        IntStream.range(0, calendar.size()).mapToObj(i -> calendar.first(i).toString()).toList();
    assertThat(String.join(" ", found)).isEqualTo(firsts);
    if (last != null) {
      assertThat(calendar.last(calendar.size() - 1)).isEqualTo(last);
    }
  }

  @Test
  void oneMoreThanTheMostIsEnough() {
    assertThat(
            Calendar.of(
                    Calendar.Unit.MONTHS, LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31), 500)
                .size())
        .isEqualTo(501);
  }

  /** A period from day 10 to day 19. */
  @ParameterizedTest
  @CsvSource({
    "ANY, 0, 9, NaN, false, false",
    "ANY, 0, 10, NaN, true, false",
    "ANY, 0, 10, 11, true, false",
    "ANY, 0, 12, 11, true, true",
    "ANY, 19, 50, 19, true, true",
    "ANY, 20, 50, 3, false, false",
    "ANY, 12, 14, -5, true, true",
    "ANY, 0, 50, 20, true, false",
    "FULL, 10, 19, 19, true, true",
    "FULL, 11, 19, 12, false, false",
    "FULL, 0, 18, 12, false, false",
    "POINT, 10, 10, 10, true, true",
    "POINT, 0, 50, 11, true, false",
    "POINT, 11, 50, 3, false, false",
  })
  void oneOfEachKind(
      Presence presence, double from, double to, double event, boolean counts, boolean isCase) {
    assertThat(presence.counts(10, 19, from, to)).isEqualTo(counts);
    assertThat(counts && presence.isCase(10, 19, to, event)).isEqualTo(isCase);
  }

  @Test
  void sharesOfEachStratumAndOfAll() {
    String options =
        "{name: p, type: prevalence, outcome: o, time: t, index: i, from: '2020-01-01', to:"
            + " '2021-12-31', by: sex}";
    Job job = new Job(Sheet.study("{sex: {levels: [m, f]}}", options), 0);
    AnalysisReport report =
        PrevalenceAnalysis.of(job)
            .report(new PrevalenceResult(Counts.of(20, 80, 30, 70, 3, 97, 20, 80), 0, 0));
    ResultTable table = report.tables().get(0);
    assertThat(table.rows())
        .extracting(row -> row.get(table.column("period")))
        .startsWith(Cell.of("2020-01-01, m"), Cell.of("2020-01-01, f"), Cell.of("2020-01-01"));
    List<Cell> all = table.rows().get(2);
    assertThat(all.get(table.column("denominator_count"))).isEqualTo(Cell.of(200L));
    assertThat(all.get(table.column("outcome_count"))).isEqualTo(Cell.of(50L));
    assertThat(all.get(table.column("prevalence"))).isEqualTo(Cell.of(0.25));
    assertThat(all.get(table.column("prevalence_95CI_lower")))
        .isEqualTo(Cell.of(ExactIntervals.wilson(50, 200, 0.95).low()));
    List<List<Cell>> second = table.rows().subList(3, 6);
    assertThat(second.get(0).get(table.column("outcome_count")))
        .isInstanceOf(Cell.Suppressed.class);
    long shown =
        second.stream()
            .filter(row -> row.get(table.column("outcome_count")) instanceof Cell.Whole)
            .count();
    assertThat(shown).as("no two of three tell the third").isLessThanOrEqualTo(1);
  }

  /** The gate looks at all periods together, and takes nothing more from a decade of months. */
  @Test
  void aDecadeOfMonthsPassesTheGate() {
    String options =
        "{name: p, type: prevalence, outcome: o, time: t, index: i, from: '2010-01-01', to:"
            + " '2019-12-31', interval: months, by: sex}";
    Study study = Sheet.study("{sex: {levels: [m, f]}}", options);
    long[] persons = new long[120 * 4];
    for (int period = 0; period < 120; period++) {
      persons[4 * period] = 1L + period % 9;
      persons[4 * period + 1] = 500L + period;
      persons[4 * period + 2] = 30;
      persons[4 * period + 3] = 600L - period;
    }
    AnalysisReport report =
        PrevalenceAnalysis.of(new Job(study, 0))
            .report(new PrevalenceResult(Counts.of(persons), 0, 0));
    assertThat(StudyGate.review(study, List.of(report))).containsExactly(report);
  }

  private static final String ASKED =
      "type: prevalence, outcome: o, time: t, index: i, from: '2020-01-01', to: '2020-12-31'";

  /** Their gate knows that both are about the same cases of each year that both have. */
  @Test
  void theSamePeriodInOtherStrataIsAuditedTogether() {
    Study study =
        Sheet.study(
            "{sex: {levels: [m, f]}, ward: {levels: [x, y, z]}}",
            "{name: sexes, %s, by: sex}, {name: wards, %s, by: ward}, {name: other, %s}"
                .formatted(
                    ASKED,
                    ASKED.replace("2020-12-31", "2021-12-31"),
                    ASKED.replace("outcome: o", "outcome: u")));
    Set<String> sexes = periods(study, 0);
    assertThat(sexes).hasSize(1);
    assertThat(periods(study, 1)).hasSize(2).containsAll(sexes);
    assertThat(periods(study, 2)).hasSize(1).doesNotContainAnyElementsOf(sexes);
  }

  /** What the gate calls the states of persons in periods. */
  private static Set<String> periods(Study study, int job) {
    Set<String> periods = new HashSet<>();
    PrevalenceTables.placed(PrevalenceAnalysis.of(new Job(study, job)))
        .forEach(count -> periods.addAll(count.where().keySet()));
    periods.removeAll(List.of("sex", "ward"));
    return periods;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"contribution: full", "at: point", "interval: months", "time: u", "index: j"})
  void almostTheSameQuestionIsRefused(String other) {
    String second = other.startsWith("time") ? ASKED.replace("time: t", other) : ASKED;
    second = other.startsWith("index") ? second.replace("index: i", other) : second;
    second = second.equals(ASKED) ? ASKED + ", " + other : second;
    String analyses = "{name: p, %s}, {name: q, %s}";
    Study study = Sheet.study("{}", analyses.formatted(ASKED, second));
    assertThatThrownBy(() -> Catalog.demands(study))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STUDY_INVALID);
              assertThat(e.problem()).contains("analyses.q", "'p' has the same outcome");
              assertThat(e.remedy()).contains("leave one out");
            });
    String elsewhere = second.replace("outcome: o", "outcome: another");
    assertThat(Catalog.demands(Sheet.study("{}", analyses.formatted(ASKED, elsewhere)))).hasSize(2);
  }
}
