package io.tributary.jobs.analysis.kaplanmeier;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.probability.Tails;
import io.tributary.jobs.survival.Curve;
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.SafeSteps;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of survival curves, with the release floor applied. */
final class KaplanMeierTables {
  static final String GROUPS = "groups";
  private static final String CURVE = "curve";

  private final KaplanMeierAnalysis analysis;
  private final KaplanMeierResult result;
  private final Grouping grouping;
  private final Floor floor;
  private final double normal;
  private final double[] times;
  private final ProtectedCounts persons;
  private final List<Curve> curves = new ArrayList<>();
  private final List<SafeSteps> steps = new ArrayList<>();

  KaplanMeierTables(KaplanMeierAnalysis analysis, KaplanMeierResult result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
    this.normal = Tails.normalQuantile(analysis.confidence());
    this.times = analysis.times().size() > 0 ? analysis.times().toArray() : round();
    long[] counts = result.groups().stream().mapToLong(LifeTable::persons).toArray();
    this.persons = ProtectedCounts.of(new int[] {counts.length}, counts, floor.minCell());
    for (LifeTable table : result.groups()) {
      curves.add(Curve.of(table));
      steps.add(SafeSteps.of(table, floor.minCell(), times));
    }
  }

  /** About six round times up to half of the last one that anybody was followed to, and beyond. */
  private double[] round() {
    double last = result.groups().stream().mapToDouble(LifeTable::last).max().orElse(0);
    if (!(last > 0)) {
      return new double[0];
    }
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10(last / 6)));
    double step = power;
    for (double digit : new double[] {1, 2, 2.5, 5, 10}) {
      step = digit * power;
      if (last / step <= 7) {
        break;
      }
    }
    double[] round = new double[(int) Math.floor(last / step)];
    for (int i = 0; i < round.length; i++) {
      round[i] = (i + 1) * step;
    }
    return round;
  }

  /** Whether anything of a group but its size may be shown. */
  private boolean shown(int group) {
    return !persons.hidden(1, group)
        && floor.showsStatistic(result.groups().get(group).persons())
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
        result.grid().exact()
            ? Cell.of("exact")
            : Cell.of("times to " + Double.toString(result.grid().step())));
    List<String> notes = new ArrayList<>();
    if (!floor.showsStatistic(all)) {
      notes.add("TOO_FEW_PERSONS: fewer persons than the release floor asks for.");
    }
    notes.add(result.grid().sentence());
    boolean coarser = steps.stream().anyMatch(SafeSteps::coarser);
    if (coarser) {
      notes.add(
          "Curves are shown at times between which at least "
              + floor.minCell()
              + " persons had the event, and none or at least as many were censored; their values"
              + " there are exact, steps between are left out.");
    }
    notes.add(
        "At a step, n_risk counts persons at risk just before it; in the table of times, persons"
            + " still followed after the time.");
    notes.add(floor.sentence());
    List<ResultTable> tables = List.of(survival(), atTimes(), groups(), quantiles());
    return new AnalysisReport(
        analysis.job().name(),
        "kaplan-meier",
        floor.showsStatistic(all) ? AnalysisReport.OK : "TOO_FEW_PERSONS",
        total ? all : -1,
        0,
        facts,
        tables,
        List.of(
            new Plot.Survival(
                "survival",
                "Survival with " + percent() + " limits",
                "time",
                "survival",
                "conf_low",
                "conf_high",
                "n_risk",
                label(),
                coarser ? Plot.Form.STRAIGHT : Plot.Form.STEP)),
        notes);
  }

  private String percent() {
    double percent = 100 * analysis.confidence();
    return (percent == Math.rint(percent)
            ? Long.toString((long) percent)
            : Double.toString(percent))
        + " %";
  }

  /** Column that names a curve in pictures. */
  private String label() {
    return grouping.fields().size() > 1 ? CURVE : grouping.plotColumn();
  }

  private List<Column> columns(Column... own) {
    List<Column> columns = new ArrayList<>(grouping.columns());
    if (grouping.fields().size() > 1) {
      columns.add(Column.text(CURVE));
    }
    columns.addAll(List.of(own));
    return columns;
  }

  private List<Cell> start(int group) {
    List<Cell> row = new ArrayList<>(grouping.cells(group));
    if (grouping.fields().size() > 1) {
      List<String> levels =
          row.stream().map(cell -> cell instanceof Cell.Text text ? text.value() : "").toList();
      row.add(Cell.of(String.join(" / ", levels)));
    }
    return row;
  }

  // ---- curves ----------------------------------------------------------------------------------

  private ResultTable survival() {
    List<Column> columns =
        columns(
            Column.real("time"),
            Column.whole("n_risk"),
            Column.whole("n_event"),
            Column.whole("n_censor"),
            Column.whole("n_enter"),
            Column.real("survival"),
            Column.real("std_error"),
            Column.real("conf_low"),
            Column.real("conf_high"),
            Column.real("cumulative_hazard"),
            Column.real("cumulative_hazard_std_error"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      if (!shown(group)) {
        continue;
      }
      LifeTable table = result.groups().get(group);
      rows.add(step(group, 0, 0, 0));
      int from = 0;
      for (int to : steps.get(group).shown()) {
        rows.add(step(group, from, to, table.time(to - 1)));
        from = to;
      }
    }
    return new ResultTable("survival", "Survival curves", columns, rows);
  }

  /** The step over entries [from, to) of the life table. */
  private List<Cell> step(int group, int from, int to, double time) {
    LifeTable table = result.groups().get(group);
    long events = 0;
    long censored = 0;
    long entered = 0;
    for (int i = from; i < to; i++) {
      events += table.events(i);
      censored += table.censored(i);
      entered += table.entered(i);
    }
    List<Cell> row = start(group);
    row.add(Cell.of(time));
    row.add(Cell.of(table.risk(from)));
    row.add(Cell.of(events));
    row.add(Cell.of(censored));
    row.add(Cell.of(entered));
    values(group, to, row);
    Curve curve = curves.get(group);
    row.add(Cell.of(curve.hazard(to)));
    row.add(Cell.of(curve.hazardError(to)));
    return row;
  }

  private void values(int group, int entries, List<Cell> row) {
    Curve curve = curves.get(group);
    double[] limits = curve.limits(entries, analysis.limits(), normal);
    row.add(Cell.of(curve.survival(entries)));
    row.add(real(curve.error(entries), "nobody survives"));
    row.add(real(limits[0], "the limits' scale has no value at 0"));
    row.add(real(limits[1], "the limits' scale has no value at 0"));
  }

  private static Cell real(double value, String otherwise) {
    return Double.isFinite(value) ? Cell.of(value) : new Cell.NotComputed(otherwise);
  }

  private ResultTable atTimes() {
    List<Column> columns =
        columns(
            Column.real("time"),
            Column.whole("n_risk"),
            Column.whole("n_event"),
            Column.real("survival"),
            Column.real("std_error"),
            Column.real("conf_low"),
            Column.real("conf_high"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      LifeTable table = result.groups().get(group);
      for (int i = 0; i < times.length; i++) {
        List<Cell> row = start(group);
        row.add(Cell.of(times[i]));
        int entries = shown(group) ? steps.get(group).wanted().get(i) : -1;
        if (entries < 0) {
          row.add(floor.withheldCount());
          row.add(floor.withheldCount());
          for (int k = 0; k < 4; k++) {
            row.add(floor.withheldStatistic());
          }
        } else {
          row.add(Cell.of(table.riskAfter(entries)));
          row.add(Cell.of(table.eventsIn(entries)));
          values(group, entries, row);
        }
        rows.add(row);
      }
    }
    return new ResultTable("times", "Survival at times", columns, rows);
  }

  // ---- groups ----------------------------------------------------------------------------------

  private ResultTable groups() {
    List<Column> columns =
        columns(
            Column.whole("n"),
            Column.whole("n_event"),
            Column.real("restricted_to"),
            Column.real("restricted_mean"),
            Column.real("std_error"),
            Column.real("conf_low"),
            Column.real("conf_high"));
    double end = end();
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      LifeTable table = result.groups().get(group);
      List<Cell> row = start(group);
      row.add(persons.hidden(1, group) ? floor.withheldCount() : Cell.of(table.persons()));
      if (shown(group)) {
        row.add(Cell.of(table.events()));
        row.add(real(end, "no time is shown for all groups"));
        double[] mean =
            end > 0 ? curves.get(group).restrictedMean(end) : new double[] {Double.NaN, Double.NaN};
        double reach = normal * mean[1];
        for (double value : new double[] {mean[0], mean[1], mean[0] - reach, mean[0] + reach}) {
          row.add(real(value, "no time is shown for all groups"));
        }
      } else {
        row.add(floor.withheldCount());
        for (int i = 0; i < 5; i++) {
          row.add(floor.withheldStatistic());
        }
      }
      rows.add(row);
    }
    return new ResultTable(GROUPS, "Persons, events, restricted mean survival", columns, rows);
  }

  /** End of the restricted mean: the option, or the last time that every shown curve has. */
  private double end() {
    if (analysis.restricted() > 0) {
      return analysis.restricted();
    }
    double end = Double.NaN;
    for (int group = 0; group < grouping.groups(); group++) {
      if (shown(group)) {
        List<Integer> shown = steps.get(group).shown();
        double last = result.groups().get(group).time(shown.get(shown.size() - 1) - 1);
        end = Double.isNaN(end) ? last : Math.min(end, last);
      }
    }
    return end;
  }

  private ResultTable quantiles() {
    List<Column> columns =
        columns(
            Column.real("probability"),
            Column.real("time"),
            Column.real("conf_low"),
            Column.real("conf_high"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int group = 0; group < grouping.groups(); group++) {
      for (double p : analysis.quantiles().toArray()) {
        List<Cell> row = start(group);
        row.add(Cell.of(p));
        if (shown(group)) {
          for (double time : curves.get(group).quantile(p, analysis.limits(), normal)) {
            row.add(real(time, "the curve does not get there"));
          }
        } else {
          for (int i = 0; i < 3; i++) {
            row.add(floor.withheldStatistic());
          }
        }
        rows.add(row);
      }
    }
    return new ResultTable("quantiles", "Times by which a share had the event", columns, rows);
  }
}
