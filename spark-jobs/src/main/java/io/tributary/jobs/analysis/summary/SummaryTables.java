package io.tributary.jobs.analysis.summary;

import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.analysis.ValueKeys;
import io.tributary.jobs.analysis.summary.SummaryState.Target;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a summary, with the release floor applied. */
final class SummaryTables {
  private final SummaryAnalysis analysis;
  private final SummaryResult result;
  private final Grouping grouping;
  private final Floor floor;

  SummaryTables(SummaryAnalysis analysis, SummaryResult result) {
    this.analysis = analysis;
    this.result = result;
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>();
    List<Plot> plots = new ArrayList<>();
    tables.add(summary());
    if (!analysis.numbers().isEmpty() && analysis.probabilities().length > 0) {
      tables.add(quantiles());
    }
    if (!analysis.categories().isEmpty()) {
      tables.add(counts());
      if (analysis.categories().size() == 1) {
        String column = analysis.categories().get(0).column();
        plots.add(
            new Plot.Bars("counts", "Persons by " + column, "level", "n", grouping.plotColumn()));
      }
    }
    long persons = persons();
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", floor.count(persons));
    if (grouping.isGrouped()) {
      facts.put(PlacedCount.UNGROUPED, floor.missing(result.moments().ungrouped()));
    }
    List<String> notes = new ArrayList<>();
    notes.add(floor.sentence());
    if (!result.targets().isEmpty()) {
      notes.add(
          "Quantiles are R's type 7. Where 'exact' is false the value lies between 'lower' and"
              + " 'upper': a narrower interval would hold fewer than "
              + floor.minCell()
              + " persons.");
    }
    notes.add("Missing values are counted for each column; they are not replaced.");
    return new AnalysisReport(
        analysis.job().name(),
        "summary",
        floor.showsStatistic(persons) ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        floor.showsStatistic(persons) ? persons : -1,
        0,
        facts,
        tables,
        plots,
        notes);
  }

  /** Rows that have a group: every one either has a value or misses it in each column. */
  private long persons() {
    long persons = 0;
    if (analysis.numbers().isEmpty()) {
      int levels = analysis.categories().get(0).levels().size();
      for (int i = 0; i < levels * grouping.groups(); i++) {
        persons += result.moments().levels().at(i);
      }
      for (int group = 0; group < grouping.groups(); group++) {
        persons += result.moments().levelMissing().at(group);
      }
    } else {
      for (int group = 0; group < grouping.groups(); group++) {
        persons += result.moments().n().at(group) + result.moments().missing().at(group);
      }
    }
    return persons;
  }

  private ResultTable summary() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("column"));
    columns.add(Column.text("unit"));
    columns.add(Column.whole("n"));
    columns.add(Column.whole("missing"));
    for (String name : List.of("mean", "sd", "variance", "sum")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < analysis.numbers().size(); column++) {
      numberRows(column, rows);
    }
    for (int column = 0; column < analysis.categories().size(); column++) {
      categoryRows(column, rows);
    }
    return new ResultTable("summary", "Counts and moments", columns, rows);
  }

  private void numberRows(int column, List<List<Cell>> rows) {
    int groups = grouping.groups();
    long[] n = result.moments().n().slice(column * groups, groups);
    ProtectedCounts counts = protectGroups(n, floor.minCell());
    ProtectedCounts statistics = protectGroups(n, floor.minPersons());
    for (int series = 0; series < Series.count(groups); series++) {
      Series here = Series.of(result, groups, column, series);
      List<Cell> row = named(series, analysis.numbers().get(column));
      boolean hidden = hidden(counts, series);
      row.add(hidden ? floor.withheldCount() : Cell.of(here.n()));
      row.add(
          hidden || withheldMissing(result.moments().missing(), column, series)
              ? floor.withheldCount()
              : Cell.of(here.missing()));
      if (hidden || hidden(statistics, series)) {
        for (int i = 0; i < 4; i++) {
          row.add(floor.withheldStatistic());
        }
      } else if (!boundsShare(column, series)) {
        for (int i = 0; i < 4; i++) {
          row.add(floor.withheldMagnitude());
        }
      } else {
        row.add(Cell.of(here.mean()));
        row.add(Cell.of(StrictMath.sqrt(here.variance())));
        row.add(Cell.of(here.variance()));
        row.add(Cell.of(here.sum().doubleValue()));
      }
      rows.add(row);
    }
  }

  /**
   * Whether nobody can make up too much of a sum: by the declared range, which is public, so that
   * saying it tells nothing. All groups together are shown only if each of them is, for of one that
   * is not, the sum would follow.
   */
  private boolean boundsShare(int column, int series) {
    Field field = analysis.numbers().get(column);
    double reach =
        field.hasRange()
            ? Math.max(Math.abs(field.low()), Math.abs(field.high()))
            : Double.POSITIVE_INFINITY;
    int groups = grouping.groups();
    boolean bounded = true;
    for (int group = 0; group < groups; group++) {
      boolean concerned = series == group || series == groups;
      bounded &=
          !concerned
              || floor.boundsShare(
                  reach, result.moments().absolutes().get(column * groups + group));
    }
    return bounded;
  }

  private void categoryRows(int column, List<List<Cell>> rows) {
    Field field = analysis.categories().get(column);
    long[] table = levelTable(column);
    ProtectedCounts counts = protectLevels(table, field.levels().size());
    for (int series = 0; series < Series.count(grouping.groups()); series++) {
      List<Cell> row = named(series, field);
      boolean hidden = levelTotalHidden(counts, series);
      row.add(hidden ? floor.withheldCount() : Cell.of(levelTotal(counts, series)));
      row.add(
          hidden || withheldMissing(result.moments().levelMissing(), column, series)
              ? floor.withheldCount()
              : Cell.of(levelMissing(column, series)));
      for (int i = 0; i < 4; i++) {
        row.add(new Cell.NotComputed("a category"));
      }
      rows.add(row);
    }
  }

  private ResultTable quantiles() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("column"));
    columns.add(Column.text("unit"));
    for (String name : List.of("probability", "estimate", "lower", "upper")) {
      columns.add(Column.real(name));
    }
    columns.add(Column.flag("exact"));
    List<List<Cell>> rows = new ArrayList<>();
    int groups = grouping.groups();
    for (int column = 0; column < analysis.numbers().size(); column++) {
      long[] n = result.moments().n().slice(column * groups, groups);
      ProtectedCounts statistics = protectGroups(n, floor.minPersons());
      for (int series = 0; series < Series.count(groups); series++) {
        for (double probability : analysis.probabilities()) {
          List<Cell> row = named(series, analysis.numbers().get(column));
          row.add(Cell.of(probability));
          if (hidden(statistics, series)) {
            for (int i = 0; i < 4; i++) {
              row.add(floor.withheldStatistic());
            }
          } else {
            quantile(column, series, probability).addTo(row);
          }
          rows.add(row);
        }
      }
    }
    return new ResultTable("quantiles", "Quantiles (R type 7)", columns, rows);
  }

  /** A quantile, and between what it lies. */
  record Quantile(double estimate, double lower, double upper) {
    void addTo(List<Cell> row) {
      row.add(Cell.of(estimate));
      row.add(Cell.of(lower));
      row.add(Cell.of(upper));
      row.add(new Cell.Flag(lower == upper));
    }
  }

  /** R's type 7 from two order statistics, each known exactly or to an interval. */
  private Quantile quantile(int column, int series, double probability) {
    long n = Series.of(result, grouping.groups(), column, series).n();
    long rank = Refinement.lowerRank(n, probability);
    Target first = target(column, series, rank);
    Target second = target(column, series, Math.min(rank + 1, n));
    int decimals = result.moments().decimals().get(column);
    double h = 1 + (n - 1) * probability - rank;
    double a = estimate(first, decimals);
    double b = estimate(second, decimals);
    double estimate = h == 0 || a == b ? a : (1 - h) * a + h * b;
    if (single(first) && (h == 0 || single(second))) {
      return new Quantile(estimate, estimate, estimate);
    }
    Target last = h == 0 ? first : second;
    return new Quantile(
        estimate, ValueKeys.value(first.low(), decimals), ValueKeys.value(last.high(), decimals));
  }

  private Target target(int column, int series, long rank) {
    for (Target target : result.targets()) {
      if (target.column() == column && target.series() == series && target.rank() == rank) {
        return target;
      }
    }
    throw new IllegalArgumentException("no order statistic " + rank);
  }

  private static boolean single(Target target) {
    return target.low() == target.high();
  }

  /** The middle of the share of the bin that belongs to the rank. */
  private static double estimate(Target target, int decimals) {
    double low = ValueKeys.value(target.low(), decimals);
    double high = ValueKeys.value(target.high(), decimals);
    if (low == high) {
      return low;
    }
    double share = (target.rank() - target.below() - 0.5) / target.inside();
    return low + (high - low) * share;
  }

  private ResultTable counts() {
    List<Column> columns = new ArrayList<>(grouping.columns());
    columns.add(Column.text("column"));
    columns.add(Column.text("level"));
    columns.add(Column.whole("n"));
    columns.add(Column.real("proportion"));
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < analysis.categories().size(); column++) {
      Field field = analysis.categories().get(column);
      ProtectedCounts counts = protectLevels(levelTable(column), field.levels().size());
      for (int series = 0; series < Series.count(grouping.groups()); series++) {
        for (int level = 0; level < field.levels().size(); level++) {
          List<Cell> row = new ArrayList<>();
          row.addAll(groupCells(series));
          row.add(Cell.of(field.column()));
          row.add(Cell.of(field.levels().get(level)));
          boolean hidden = levelHidden(counts, series, level);
          row.add(hidden ? floor.withheldCount() : Cell.of(levelCount(counts, series, level)));
          row.add(
              hidden || levelTotalHidden(counts, series)
                  ? floor.withheldCount()
                  : Cell.of(
                      levelCount(counts, series, level) / (double) levelTotal(counts, series)));
          rows.add(row);
        }
      }
    }
    return new ResultTable("counts", "Persons at each level", columns, rows);
  }

  // ---- counts by group and level ---------------------------------------------------------------

  /** One number's persons by group, as a table of one way, or of none without groups. */
  private ProtectedCounts protectGroups(long[] n, long threshold) {
    int[] sizes = grouping.groups() == 1 ? new int[0] : new int[] {n.length};
    return ProtectedCounts.of(sizes, n, threshold);
  }

  private boolean hidden(ProtectedCounts counts, int series) {
    if (grouping.groups() == 1) {
      return counts.hidden(0);
    }
    return series == grouping.groups() ? counts.hidden(0, 0) : counts.hidden(1, series);
  }

  /** Persons of one category, [groups x levels]. */
  private long[] levelTable(int column) {
    int groups = grouping.groups();
    int before = 0;
    for (int i = 0; i < column; i++) {
      before += analysis.categories().get(i).levels().size();
    }
    int levels = analysis.categories().get(column).levels().size();
    long[] table = new long[groups * levels];
    for (int level = 0; level < levels; level++) {
      for (int group = 0; group < groups; group++) {
        table[group * levels + level] =
            result.moments().levels().at((before + level) * groups + group);
      }
    }
    return table;
  }

  private ProtectedCounts protectLevels(long[] table, int levels) {
    return ProtectedCounts.of(new int[] {table.length / levels, levels}, table, floor.minCell());
  }

  private boolean levelHidden(ProtectedCounts counts, int series, int level) {
    return series == grouping.groups()
        ? counts.hidden(2, 0, level)
        : counts.hidden(3, series, level);
  }

  private long levelCount(ProtectedCounts counts, int series, int level) {
    return series == grouping.groups() ? counts.count(2, 0, level) : counts.count(3, series, level);
  }

  private boolean levelTotalHidden(ProtectedCounts counts, int series) {
    return series == grouping.groups() ? counts.hidden(0, 0, 0) : counts.hidden(1, series, 0);
  }

  private long levelTotal(ProtectedCounts counts, int series) {
    return series == grouping.groups() ? counts.count(0, 0, 0) : counts.count(1, series, 0);
  }

  private long levelMissing(int column, int series) {
    int groups = grouping.groups();
    long missing = 0;
    for (int group = 0; group < groups; group++) {
      if (series == groups || series == group) {
        missing += result.moments().levelMissing().at(column * groups + group);
      }
    }
    return missing;
  }

  /** A handful of missing values is withheld, and the sum over the groups that would tell it. */
  private boolean withheldMissing(Counts missing, int column, int series) {
    int groups = grouping.groups();
    for (int group = 0; group < groups; group++) {
      boolean concerned = series == groups || series == group;
      if (concerned && !floor.showsMissing(missing.at(column * groups + group))) {
        return true;
      }
    }
    return false;
  }

  private List<Cell> named(int series, Field field) {
    List<Cell> row = new ArrayList<>(groupCells(series));
    row.add(Cell.of(field.column()));
    var spec = analysis.job().study().columns().get(field.column());
    row.add(Cell.of(spec == null ? "" : spec.unit()));
    return row;
  }

  private List<Cell> groupCells(int series) {
    return grouping.cells(series);
  }
}
