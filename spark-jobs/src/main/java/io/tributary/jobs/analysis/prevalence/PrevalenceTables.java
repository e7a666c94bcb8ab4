package io.tributary.jobs.analysis.prevalence;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.probability.ExactIntervals;
import io.tributary.jobs.probability.ExactIntervals.Limits;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The table of a prevalence, with the release floor applied. */
final class PrevalenceTables {
  private static final String PREVALENCE = "prevalence";
  private static final String DENOMINATOR = "denominator_count";
  private static final String OUTCOMES = "outcome_count";
  private static final double CONFIDENCE = 0.95;

  private final PrevalenceAnalysis analysis;
  private final PrevalenceResult result;
  private final Grouping grouping;
  private final Floor floor;

  PrevalenceTables(PrevalenceAnalysis analysis, PrevalenceResult result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    List<List<Cell>> rows = new ArrayList<>();
    long most = 0;
    for (int period = 0; period < analysis.calendar().size(); period++) {
      most = Math.max(most, addPeriod(period, rows));
    }
    boolean enough = floor.showsStatistic(most);
    List<String> notes = new ArrayList<>();
    notes.add("Who had the event remains a case. Limits are Wilson's, of 95 percent.");
    notes.add(floor.sentence());
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("missing", enough ? floor.missing(result.missing()) : floor.withheldCount());
    if (grouping.isGrouped()) {
      facts.put(PlacedCount.UNGROUPED, floor.missing(result.ungrouped()));
    }
    return new AnalysisReport(
        analysis.job().name(),
        "prevalence",
        enough ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        -1,
        0,
        facts,
        List.of(new ResultTable(PREVALENCE, "Persons with the event", columns(), rows)),
        List.of(
            new Plot.Forest(
                PREVALENCE,
                "Share of the observed who have had the event",
                "period",
                "prevalence",
                "prevalence_95CI_lower",
                "prevalence_95CI_upper",
                Plot.Scale.LINEAR)),
        notes);
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("period"));
    columns.add(Column.text("prevalence_start_date"));
    columns.add(Column.text("prevalence_end_date"));
    columns.add(Column.whole(DENOMINATOR));
    columns.add(Column.whole(OUTCOMES));
    columns.add(Column.real("prevalence"));
    columns.add(Column.real("prevalence_95CI_lower"));
    columns.add(Column.real("prevalence_95CI_upper"));
    return columns;
  }

  /** Rows of one period, all strata together last; gives how many persons it has. */
  private long addPeriod(int period, List<List<Cell>> rows) {
    int groups = grouping.groups();
    int[] sizes = grouping.isGrouped() ? new int[] {groups, 2} : new int[] {2};
    ProtectedCounts counts =
        ProtectedCounts.of(
            sizes, result.persons().slice(2 * groups * period, 2 * groups), floor.minCell());
    int outcome = grouping.isGrouped() ? 2 : 1;
    if (grouping.isGrouped()) {
      for (int group = 0; group < groups; group++) {
        rows.add(row(period, group, counts, 1, outcome, group, 0));
      }
    }
    int[] everybody = new int[sizes.length];
    rows.add(row(period, groups, counts, 0, outcome, everybody));
    return counts.count(0, everybody);
  }

  /**
   * One row.
   *
   * @param kept dimensions of the denominator
   * @param outcome the dimension that tells cases, as a bit
   * @param at the stratum, among the cases
   */
  private List<Cell> row(
      int period, int group, ProtectedCounts counts, int kept, int outcome, int... at) {
    List<Cell> row = new ArrayList<>(grouping.cells(group));
    Calendar calendar = analysis.calendar();
    row.add(Cell.of(name(calendar, period, group)));
    row.add(Cell.of(calendar.first(period).toString()));
    row.add(Cell.of(calendar.last(period).toString()));
    boolean told = !counts.hidden(kept, at);
    boolean cases = !counts.hidden(kept | outcome, at);
    long n = counts.count(kept, at);
    long events = counts.count(kept | outcome, at);
    row.add(told ? Cell.of(n) : floor.withheldCount());
    row.add(cases ? Cell.of(events) : floor.withheldCount());
    if (!told || !cases || !floor.showsStatistic(n)) {
      for (int i = 0; i < 3; i++) {
        row.add(told && cases ? floor.withheldStatistic() : floor.withheldCount());
      }
      return row;
    }
    Limits limits = ExactIntervals.wilson(events, n, CONFIDENCE);
    row.add(Cell.of((double) events / n));
    row.add(Cell.of(limits.low()));
    row.add(Cell.of(limits.high()));
    return row;
  }

  private String name(Calendar calendar, int period, int group) {
    String begin = calendar.first(period).toString();
    return group < grouping.groups() && grouping.isGrouped()
        ? begin + ", " + String.join(", ", grouping.levels(group))
        : begin;
  }

  // ---- for the study's gate --------------------------------------------------------------------

  /** In a period a person is a case, free, or not observed. */
  static List<PlacedCount> placed(PrevalenceAnalysis analysis) {
    Grouping grouping = analysis.grouping();
    List<PlacedCount> placed = new ArrayList<>(PlacedCount.ungrouped(grouping));
    int row = 0;
    for (int period = 0; period < analysis.calendar().size(); period++) {
      String state = analysis.question().state(analysis.calendar(), period);
      for (int group = grouping.isGrouped() ? 0 : grouping.groups();
          group <= grouping.groups();
          group++) {
        Map<String, Set<String>> where = new TreeMap<>();
        if (group < grouping.groups()) {
          where.putAll(grouping.states(group));
        } else {
          for (Field by : grouping.fields()) {
            where.put(by.column(), Set.copyOf(by.levels()));
          }
        }
        where.put(state, Set.of("case", "free"));
        placed.add(new PlacedCount(PREVALENCE, row, DENOMINATOR, where));
        where.put(state, Set.of("case"));
        placed.add(new PlacedCount(PREVALENCE, row, OUTCOMES, where));
        row++;
      }
    }
    return placed;
  }
}
