package io.tributary.jobs.analysis.cumulativeincidence;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.GrayTest;
import io.tributary.jobs.survival.Incidence;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.LogRank;
import io.tributary.jobs.survival.SafeSteps;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tables of cumulative incidences, with the release floor applied. */
final class IncidenceTables {
  static final String GROUPS = "groups";
  private static final String CURVES = "incidence";

  private final CumulativeIncidenceAnalysis analysis;
  private final IncidenceResult result;
  private final Grouping grouping;
  private final Floor floor;
  private final double normal;
  private final ProtectedCounts persons;
  private final List<SafeSteps> steps = new ArrayList<>();

  IncidenceTables(CumulativeIncidenceAnalysis analysis, IncidenceResult result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
    this.normal = Tails.normalQuantile(analysis.confidence());
    for (Incidence curves : result.groups()) {
      steps.add(
          SafeSteps.of(
              curves.table(), curves.causes(), floor.minCell(), analysis.times().toArray()));
    }
    long[] sizes = result.groups().stream().mapToLong(group -> group.table().persons()).toArray();
    this.persons = ProtectedCounts.of(new int[] {sizes.length}, sizes, floor.minCell());
  }

  private static long ownEvents(Incidence curves, int cause) {
    return curves.events(cause, 0, curves.table().size());
  }

  /** Whether anything of a group but its size may be shown. */
  private boolean shown(int group) {
    for (int cause = 0; cause < analysis.causes().size(); cause++) {
      if (!floor.showsCount(ownEvents(result.groups().get(group), cause))) {
        return false;
      }
    }
    return !persons.hidden(1, group)
        && floor.showsStatistic(result.groups().get(group).table().persons())
        && !steps.get(group).shown().isEmpty();
  }

  AnalysisReport report() {
    long all = result.persons();
    boolean total = floor.showsStatistic(all) && !persons.hidden(0, 0);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", total ? Cell.of(all) : floor.withheldCount());
    facts.put("dropped", total ? floor.missing(result.dropped()) : floor.withheldCount());
    facts.put(
        AnalysisReport.RESOLUTION,
        Cell.of(
            result.grid().exact() ? "exact" : "times to " + Double.toString(result.grid().step())));
    List<String> notes = new ArrayList<>();
    if (!floor.showsStatistic(all)) {
      notes.add("TOO_FEW_PERSONS: fewer persons than the release floor asks for.");
    }
    notes.add(result.grid().sentence());
    if (steps.stream().anyMatch(SafeSteps::coarser)) {
      notes.add(
          "Curves are shown at times between which at least "
              + floor.minCell()
              + " persons had the event, and of each cause, and of the censored, none or at least as"
              + " many; their values there are exact, steps between are left out.");
    }
    notes.add(
        "Incidence is the share that had the event of this cause by then, others being causes that"
            + " come first; it is not one less a survival curve in which these were censored.");
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "cumulative-incidence",
        floor.showsStatistic(all) ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        total ? all : -1,
        0,
        facts,
        tables(),
        List.of(
            new Plot.Lines(
                CURVES,
                "Cumulative incidence",
                "time",
                "incidence",
                "curve",
                steps.stream().anyMatch(SafeSteps::coarser) ? Plot.Form.STRAIGHT : Plot.Form.STEP)),
        notes);
  }

  private List<ResultTable> tables() {
    List<ResultTable> tables = new ArrayList<>(List.of(curves(), atTimes(), groups()));
    if (grouping.groups() > 1) {
      tables.add(tests());
    }
    return tables;
  }

  /** Whether tests may be shown: each is about all groups, and about who had no event. */
  private boolean complete() {
    for (int group = 0; group < grouping.groups(); group++) {
      LifeTable table = result.groups().get(group).table();
      if (!shown(group) || !floor.showsMissing(table.persons() - table.events())) {
        return false;
      }
    }
    return true;
  }

  private ResultTable tests() {
    List<Column> columns =
        List.of(
            Column.text("cause"),
            Column.real("statistic"),
            Column.real("df"),
            Column.real("p_value"),
            Column.real("neg_log_10_p_value"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int cause = 0; cause < analysis.causes().size(); cause++) {
      List<Cell> row = new ArrayList<>(List.of(Cell.of(analysis.causes().get(cause))));
      if (analysis.late()) {
        row.addAll(Collections.nCopies(4, new Cell.NotComputed("not built for late entries")));
      } else if (!complete()) {
        row.addAll(Collections.nCopies(4, floor.withheldStatistic()));
      } else {
        LogRank.Test test = GrayTest.of(result.groups(), cause).test();
        double logP = Tails.logChiSquareUpper(test.chiSquare(), test.df());
        row.add(Cell.of(test.chiSquare()));
        row.add(Cell.of((double) test.df()));
        row.add(PValue.of(logP));
        row.add(PValue.negativeLog10(logP));
      }
      rows.add(row);
    }
    return new ResultTable("tests", "Gray's tests of equal incidences", columns, rows);
  }

  private List<Column> columns(Column... own) {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("cause"));
    columns.addAll(List.of(own));
    Stream.of("incidence", "std_error", "conf_low", "conf_high")
        .map(Column::real)
        .forEach(columns::add);
    return columns;
  }

  private List<Cell> start(int group, int cause) {
    List<Cell> row = new ArrayList<>(grouping.cells(group));
    row.add(Cell.of(analysis.causes().get(cause)));
    return row;
  }

  private String curve(int group, int cause) {
    List<String> words = new ArrayList<>(grouping.levels(group));
    words.add(analysis.causes().get(cause));
    return String.join(" / ", words);
  }

  private ResultTable curves() {
    List<Column> columns =
        columns(
            Column.text("curve"),
            Column.real("time"),
            Column.whole("n_risk"),
            Column.whole("n_event"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      for (int cause = 0; cause < analysis.causes().size() && shown(group); cause++) {
        rows.add(step(group, cause, 0, 0, 0));
        int from = 0;
        for (int to : steps.get(group).shown()) {
          rows.add(step(group, cause, from, to, result.groups().get(group).table().time(to - 1)));
          from = to;
        }
      }
    }
    return new ResultTable(CURVES, "Cumulative incidence", columns, rows);
  }

  /** The step over entries [from, to) of the life table. */
  private List<Cell> step(int group, int cause, int from, int to, double time) {
    Incidence curves = result.groups().get(group);
    List<Cell> row = start(group, cause);
    row.add(Cell.of(curve(group, cause)));
    row.add(Cell.of(time));
    row.add(Cell.of(curves.table().risk(from)));
    row.add(Cell.of(curves.events(cause, from, to)));
    addValues(curves, cause, to, row);
    return row;
  }

  private void addValues(Incidence curves, int cause, int entries, List<Cell> row) {
    row.add(Cell.of(curves.incidence(cause, entries)));
    row.add(Cell.of(curves.error(cause, entries)));
    for (double limit : curves.limits(cause, entries, analysis.limits(), normal)) {
      row.add(
          Double.isFinite(limit)
              ? Cell.of(limit)
              : new Cell.NotComputed("the limits' scale has no value at 0"));
    }
  }

  private ResultTable atTimes() {
    List<Column> columns = columns(Column.real("time"), Column.whole("n_event"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      for (int cause = 0; cause < analysis.causes().size(); cause++) {
        for (int i = 0; i < analysis.times().size(); i++) {
          List<Cell> row = start(group, cause);
          row.add(Cell.of(analysis.times().at(i)));
          int entries = shown(group) ? steps.get(group).wanted().get(i) : -1;
          if (entries < 0) {
            row.add(floor.withheldCount());
            row.addAll(Collections.nCopies(4, floor.withheldStatistic()));
          } else {
            row.add(Cell.of(result.groups().get(group).events(cause, 0, entries)));
            addValues(result.groups().get(group), cause, entries, row);
          }
          rows.add(row);
        }
      }
    }
    return new ResultTable("times", "Cumulative incidence at times", columns, rows);
  }

  private ResultTable groups() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("cause"));
    columns.add(Column.whole("n"));
    columns.add(Column.whole("n_event"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      LifeTable table = result.groups().get(group).table();
      for (int cause = 0; cause < analysis.causes().size(); cause++) {
        List<Cell> row = start(group, cause);
        row.add(persons.hidden(1, group) ? floor.withheldCount() : Cell.of(table.persons()));
        row.add(
            shown(group)
                ? Cell.of(ownEvents(result.groups().get(group), cause))
                : floor.withheldCount());
        rows.add(row);
      }
    }
    return new ResultTable(GROUPS, "Persons and events", columns, rows);
  }
}
