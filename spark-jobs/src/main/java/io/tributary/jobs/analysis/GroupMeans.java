package io.tributary.jobs.analysis;

import io.tributary.jobs.hypothesis.Sample;
import io.tributary.jobs.hypothesis.StudentTest;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the comparisons of means show of their groups, with the release floor applied. */
public final class GroupMeans {
  /** Name of the table. */
  public static final String TABLE = "groups";

  private final Job job;
  private final Grouping grouping;
  private final GroupMoments moments;
  private final GroupMoments.Result result;
  private final List<String> names;

  /**
   * The groups of one result.
   *
   * @param names of the columns
   */
  public GroupMeans(
      Job job,
      Grouping grouping,
      GroupMoments moments,
      GroupMoments.Result result,
      List<String> names) {
    this.job = job;
    this.grouping = grouping;
    this.moments = moments;
    this.result = result;
    this.names = names;
  }

  /** Size, mean and its limits for each group of each column. */
  public ResultTable table(double confidence) {
    List<Column> columns = new ArrayList<>(List.of(Column.text("column")));
    columns.addAll(grouping.columns());
    columns.add(Column.whole("n"));
    for (String name : List.of("mean", "sd", "std_error", "conf_low", "conf_high")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      long[] sizes = moments.sizes(result.first(), column);
      ProtectedCounts persons =
          ProtectedCounts.of(new int[] {sizes.length}, sizes, job.floor().minCell());
      Optional<Cell> withheld = moments.withheld(result.first(), column);
      for (int group = 0; group < sizes.length; group++) {
        List<Cell> row = new ArrayList<>(List.of(Cell.of(names.get(column))));
        row.addAll(grouping.cells(group));
        row.add(persons.hidden(1, group) ? job.floor().withheldCount() : Cell.of(sizes[group]));
        for (int i = 0; i < 5; i++) {
          withheld.ifPresent(row::add);
        }
        if (withheld.isEmpty()) {
          addMean(result.samples().get(column).get(group), confidence, row);
        }
        rows.add(row);
      }
    }
    return new ResultTable(TABLE, "Means of groups", columns, rows);
  }

  private static void addMean(Sample sample, double confidence, List<Cell> row) {
    StudentTest test = StudentTest.one(sample, 0);
    double[] limits = test.limits(confidence);
    row.add(Cell.of(test.estimate()));
    row.add(Cell.of(sample.sd()));
    row.add(Cell.of(test.error()));
    row.add(Cell.of(limits[0]));
    row.add(Cell.of(limits[1]));
  }

  /** Whether any column's statistics are shown. */
  private boolean any() {
    for (int column = 0; column < names.size(); column++) {
      if (moments.shown(result.first(), column)) {
        return true;
      }
    }
    return false;
  }

  /** Persons of the column that most have a value of, among those shown; -1 if none is. */
  private long persons() {
    long most = -1;
    for (int column = 0; column < names.size(); column++) {
      if (moments.shown(result.first(), column)) {
        most = Math.max(most, Arrays.stream(moments.sizes(result.first(), column)).sum());
      }
    }
    return most;
  }

  /** The report around tables that have the floor applied. */
  public AnalysisReport report(
      String type, List<ResultTable> tables, List<Plot> plots, String note) {
    Floor floor = job.floor();
    long persons = persons();
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", persons < 0 ? floor.withheldCount() : Cell.of(persons));
    List<String> notes = new ArrayList<>();
    if (!any()) {
      notes.add("TOO_FEW_PERSONS: a group of every column is smaller than the release floor.");
    }
    for (int column = 0; column < names.size(); column++) {
      facts.put(
          PlacedCount.dropped(names.get(column)),
          floor.missing(result.first().dropped().at(column)));
    }
    notes.add(note);
    notes.add(floor.sentence());
    return new AnalysisReport(
        job.name(),
        type,
        any() ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        persons,
        0,
        facts,
        tables,
        plots,
        notes);
  }

  /**
   * Whom the table counts, for the study's gate.
   *
   * @param fields for each column of the table, by its name, those of the study that must have a
   *     value
   */
  public static List<PlacedCount> counts(Grouping grouping, Map<String, List<String>> fields) {
    List<PlacedCount> counts = new ArrayList<>();
    fields.forEach(
        (name, needed) -> {
          for (int group = 0; group < grouping.groups(); group++) {
            Map<String, Set<String>> where = grouping.states(group);
            where.putAll(PlacedCount.complete(needed));
            counts.add(new PlacedCount(TABLE, counts.size(), "n", where));
          }
        });
    fields.forEach(
        (name, needed) -> {
          Map<String, Set<String>> where = grouping.anyGroup();
          where.putAll(PlacedCount.complete(needed));
          counts.add(PlacedCount.dropped(name, where));
        });
    return counts;
  }
}
