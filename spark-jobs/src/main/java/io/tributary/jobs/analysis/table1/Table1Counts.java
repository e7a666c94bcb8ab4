package io.tributary.jobs.analysis.table1;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where the counts of a report stand and whom they count, for the study's gate. */
final class Table1Counts {
  private final Table1Analysis analysis;
  private final AnalysisReport report;

  Table1Counts(Table1Analysis analysis, AnalysisReport report) {
    this.analysis = analysis;
    this.report = report;
  }

  List<PlacedCount> placed() {
    List<PlacedCount> placed = new ArrayList<>(PlacedCount.ungrouped(analysis.grouping()));
    placed.add(PlacedCount.persons(analysis.grouping().anyGroup()));
    for (ResultTable table : report.tables()) {
      for (int row = 0; row < table.rows().size(); row++) {
        switch (table.name()) {
          case Table1Tables.COHORTS ->
              placed.add(new PlacedCount(table.name(), row, Table1Tables.SIZE, cohort(table, row)));
          case Table1Tables.COVARIATES -> placed.add(levels(table, row));
          case Table1Tables.CONTINUOUS -> {
            Map<String, Set<String>> where = cohort(table, row);
            where.put(word(table, row, Table1Tables.COLUMN), Set.of(PlacedCount.PRESENT));
            placed.add(new PlacedCount(table.name(), row, Table1Tables.VALUES, where));
          }
          default -> {}
        }
      }
    }
    return placed;
  }

  /** The first row of several cohorts is of all: who has any level. */
  private Map<String, Set<String>> cohort(ResultTable table, int row) {
    Map<String, Set<String>> where = new TreeMap<>();
    Grouping grouping = analysis.grouping();
    long cohort = ((Cell.Whole) table.rows().get(row).get(table.column(Table1Tables.ID))).value();
    for (Field by : grouping.fields()) {
      where.put(
          by.column(),
          cohort == 0
              ? new TreeSet<>(by.levels())
              : Set.of(by.levels().get(Math.toIntExact(cohort) - 1)));
    }
    return where;
  }

  private PlacedCount levels(ResultTable table, int row) {
    Map<String, Set<String>> where = cohort(table, row);
    String column = word(table, row, Table1Tables.COLUMN);
    String level = word(table, row, Table1Tables.LEVEL);
    for (Field field : analysis.categories()) {
      if (field.column().equals(column)) {
        where.put(column, levels(field, level));
      }
    }
    return new PlacedCount(table.name(), row, Table1Tables.SUM, where);
  }

  /** A run of levels from its name. */
  private static Set<String> levels(Field field, String level) {
    int all = field.levels().size();
    for (int from = 0; from < all; from++) {
      for (int to = from + 1; to <= all; to++) {
        Covariates.Line line = new Covariates.Line(0, field, from, to);
        if (line.level().equals(level) && (from > 0 || !Covariates.isYesNo(field))) {
          return line.levels();
        }
      }
    }
    throw new IllegalStateException("a level of " + field.column() + " that is none");
  }

  private static String word(ResultTable table, int row, String column) {
    return ((Cell.Text) table.rows().get(row).get(table.column(column))).value();
  }
}
