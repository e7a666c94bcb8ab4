package io.tributary.jobs.analysis.table1;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.DefinitionWords;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.table1.Covariates.Line;
import io.tributary.jobs.analysis.table1.Table1State.Counted;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import io.tributary.study.Study.ColumnSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a characterization, with the release floor applied. */
final class Table1Tables {
  static final String COHORTS = "cohorts";
  static final String COVARIATES = "covariates";
  static final String CONTINUOUS = "covariates_continuous";
  static final String ID = "cohort_id";
  static final String SIZE = "number_subjects";
  static final String COLUMN = "column";
  static final String LEVEL = "level";
  static final String SUM = "sum_value";
  static final String VALUES = "count_value";

  private final Table1Analysis analysis;
  private final Table1Result result;
  private final Counted counted;
  private final Grouping grouping;
  private final Floor floor;
  private final Covariates covariates;
  private final List<Line> lines;
  private final Table1Gate gate;

  Table1Tables(Table1Analysis analysis, Table1Result result) {
    this.analysis = analysis;
    this.result = result;
    this.counted = result.counted();
    this.grouping = analysis.grouping();
    this.floor = analysis.job().floor();
    this.covariates = new Covariates(analysis, counted);
    this.lines = covariates.lines();
    this.gate = new Table1Gate(analysis, counted);
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>(List.of(cohorts()));
    if (!analysis.categories().isEmpty()) {
      tables.add(covariates());
    }
    if (!analysis.numbers().isEmpty()) {
      tables.add(continuous());
    }
    if (grouping.groups() > 1) {
      tables.add(differences());
    }
    tables.add(reference());
    long persons = counted.persons().sum();
    boolean enough = floor.showsStatistic(persons);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", gate.showsTotal() ? Cell.of(persons) : floor.withheldCount());
    if (grouping.isGrouped()) {
      facts.put(PlacedCount.UNGROUPED, floor.missing(counted.ungrouped()));
    }
    return new AnalysisReport(
        analysis.job().name(),
        "table1",
        enough ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        enough && gate.showsTotal() ? persons : -1,
        0,
        facts,
        tables,
        List.of(),
        notes());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Shares are of all persons of the cohort: who lacks a value counts as not having it."
            + " Means are of those who have one.");
    if (grouping.isGrouped()) {
      notes.add("Standardised differences: (mean 2 - mean 1) / sqrt((sd 1^2 + sd 2^2) / 2).");
    }
    if (analysis.categories().stream().anyMatch(analysis::joins)) {
      notes.add(
          "Ordered levels are joined with the next ones until each has "
              + floor.minCell()
              + " persons in each cohort.");
    }
    notes.add(floor.sentence());
    return notes;
  }

  /** All together first, with number 0, if there are several. */
  private ResultTable cohorts() {
    List<List<Cell>> rows = new ArrayList<>();
    if (grouping.groups() > 1) {
      rows.add(
          List.of(
              Cell.of(0L),
              Cell.of(Plot.ALL),
              gate.showsTotal() ? Cell.of(counted.persons().sum()) : floor.withheldCount()));
    }
    for (int group = 0; group < grouping.groups(); group++) {
      List<Cell> row = named(group);
      row.add(gate.showsSize(group) ? Cell.of(counted.persons().at(group)) : floor.withheldCount());
      rows.add(row);
    }
    return new ResultTable(
        COHORTS,
        "Persons in each cohort",
        List.of(Column.whole(ID), Column.text("cohort_name"), Column.whole(SIZE)),
        rows);
  }

  private List<Cell> named(int group) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.of(group + 1L));
    cells.add(Cell.of(cohortName(group)));
    return cells;
  }

  private String cohortName(int group) {
    return grouping.isGrouped()
        ? grouping.fields().get(0).column() + " = " + grouping.levels(group).get(0)
        : Plot.ALL;
  }

  private static List<Column> naming() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.whole(ID));
    columns.add(Column.text("cohort_name"));
    columns.add(Column.whole("covariate_id"));
    columns.add(Column.text("covariate_name"));
    columns.add(Column.text(COLUMN));
    return columns;
  }

  private List<Cell> named(int group, Line line) {
    List<Cell> cells = named(group);
    cells.add(Cell.of((long) line.id()));
    cells.add(Cell.of(line.name()));
    cells.add(Cell.of(line.field().column()));
    return cells;
  }

  private ResultTable covariates() {
    List<Column> columns = naming();
    columns.add(Column.text(LEVEL));
    columns.add(Column.whole(SUM));
    columns.add(Column.real("average_value"));
    List<List<Cell>> rows = new ArrayList<>();
    for (Line line : lines) {
      for (int group = 0; group < grouping.groups() && !line.isNumber(); group++) {
        List<Cell> row = named(group, line);
        row.add(Cell.of(line.level()));
        boolean shown = gate.showsLevel(line, group);
        row.add(shown ? Cell.of(persons(line, group)) : floor.withheldCount());
        row.add(shown ? Cell.of(share(line, group)) : floor.withheldCount());
        rows.add(row);
      }
    }
    return new ResultTable(COVARIATES, "Persons who have each covariate", columns, rows);
  }

  private long persons(Line line, int group) {
    return covariates.persons(line.field(), line.from(), line.to(), group);
  }

  private double share(Line line, int group) {
    return persons(line, group) / (double) counted.persons().at(group);
  }

  private ResultTable continuous() {
    List<Column> columns = naming();
    columns.add(Column.text("unit"));
    columns.add(Column.whole(VALUES));
    columns.add(Column.real("average_value"));
    columns.add(Column.real("standard_deviation"));
    List<List<Cell>> rows = new ArrayList<>();
    for (Line line : lines) {
      for (int group = 0; group < grouping.groups() && line.isNumber(); group++) {
        int column = analysis.numbers().indexOf(line.field());
        List<Cell> row = named(group, line);
        row.add(Cell.of(unit(line.field())));
        row.add(
            gate.showsValues(column, group)
                ? Cell.of(gate.n(column, group))
                : floor.withheldCount());
        addMoments(line, group, row);
        rows.add(row);
      }
    }
    return new ResultTable(CONTINUOUS, "Values of each covariate", columns, rows);
  }

  private String unit(Field field) {
    ColumnSpec spec = analysis.job().study().columns().get(field.column());
    return spec == null ? "" : spec.unit();
  }

  /** What stands instead of a covariate's mean in a cohort; empty if the mean may be shown. */
  private Optional<Cell> withheld(Line line, int group) {
    if (!line.isNumber()) {
      return gate.showsLevel(line, group) ? Optional.empty() : Optional.of(floor.withheldCount());
    }
    int column = analysis.numbers().indexOf(line.field());
    if (!gate.hasEnough(column, group)) {
      return Optional.of(floor.withheldStatistic());
    }
    return gate.boundsShare(column, group)
        ? Optional.empty()
        : Optional.of(floor.withheldMagnitude());
  }

  private void addMoments(Line line, int group, List<Cell> row) {
    Optional<Cell> withheld = withheld(line, group);
    row.add(withheld.orElseGet(() -> Cell.of(mean(line, group))));
    row.add(withheld.orElseGet(() -> Cell.of(sd(line, group))));
  }

  private int at(Line line, int group) {
    return analysis.numbers().indexOf(line.field()) * grouping.groups() + group;
  }

  private double mean(Line line, int group) {
    return line.isNumber()
        ? Exact.mean(counted.sums().get(at(line, group)), counted.n().at(at(line, group)))
        : share(line, group);
  }

  private double sd(Line line, int group) {
    if (line.isNumber()) {
      return StrictMath.sqrt(
          Exact.variance(result.squares().get(at(line, group)), counted.n().at(at(line, group))));
    }
    double share = share(line, group);
    return StrictMath.sqrt(share * (1 - share));
  }

  /** Of each later cohort from the first one. */
  private ResultTable differences() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.whole("covariate_id"));
    columns.add(Column.text("covariate_name"));
    columns.add(Column.text("cohort_name_1"));
    columns.add(Column.text("cohort_name_2"));
    for (String name : List.of("mean_1", "sd_1", "mean_2", "sd_2", "sd", "std_diff")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Line line : lines) {
      for (int group = 1; group < grouping.groups(); group++) {
        List<Cell> row = new ArrayList<>();
        row.add(Cell.of((long) line.id()));
        row.add(Cell.of(line.name()));
        row.add(Cell.of(cohortName(0)));
        row.add(Cell.of(cohortName(group)));
        addDifference(line, group, row);
        rows.add(row);
      }
    }
    return new ResultTable(
        "standardized_difference", "Standardised differences of the means", columns, rows);
  }

  private void addDifference(Line line, int group, List<Cell> row) {
    addMoments(line, 0, row);
    addMoments(line, group, row);
    Optional<Cell> withheld = withheld(line, 0).or(() -> withheld(line, group));
    if (withheld.isPresent()) {
      row.add(withheld.get());
      row.add(withheld.get());
      return;
    }
    double first = sd(line, 0);
    double second = sd(line, group);
    double sd = StrictMath.sqrt((first * first + second * second) / 2);
    row.add(Cell.of(sd));
    row.add(
        sd > 0
            ? Cell.of((mean(line, group) - mean(line, 0)) / sd)
            : new Cell.NotComputed("no value differs from another"));
  }

  /** What each covariate is; nothing of it is about the persons. */
  private ResultTable reference() {
    Map<String, String> words = new LinkedHashMap<>();
    Map<String, String> kinds = new LinkedHashMap<>();
    Optional<CohortDefinition> definition = DefinitionReader.of(analysis.job().study().cohort());
    if (definition.isPresent()) {
      definition
          .get()
          .covariates()
          .forEach(
              each -> {
                words.put(each.name(), DefinitionWords.of(definition.get(), each));
                kinds.put(each.name(), each.domain().words());
              });
    }
    analysis.job().study().cohort().derive().forEach(words::putIfAbsent);
    List<List<Cell>> rows = new ArrayList<>();
    for (Line line : lines) {
      String column = line.field().column();
      rows.add(
          List.of(
              Cell.of((long) line.id()),
              Cell.of(line.name()),
              Cell.of(kinds.getOrDefault(column, "column")),
              Cell.of(words.getOrDefault(column, column))));
    }
    return new ResultTable(
        "covariate_ref",
        "What the covariates are",
        List.of(
            Column.whole("covariate_id"),
            Column.text("covariate_name"),
            Column.text("analysis_name"),
            Column.text("description")),
        rows);
  }
}
