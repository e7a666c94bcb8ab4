package io.tributary.jobs.analysis.crosstab;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.LevelDiscovery;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.crosstab.CrosstabState.Counting;
import io.tributary.jobs.analysis.crosstab.CrosstabState.Discovering;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts by one to three categories, with tests of independence; see the package's card. */
public final class CrosstabAnalysis implements StudyAnalysis<CrosstabState, CrosstabResult> {
  /** Cells a table may have. */
  static final int MAX_CELLS = 10_000;

  static final String CELLS = "cells";
  static final String MISSING = "missing";
  private static final String FORM = "crosstab/1";

  private final Job job;
  private final double confidence;
  private final List<String> columns;
  // Empty where levels have to be discovered.
  private final List<Optional<Field>> fields = new ArrayList<>();

  private CrosstabAnalysis(Job job, Options options) {
    this.job = job;
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.columns = options.names("columns");
    if (columns.isEmpty() || columns.size() > 3) {
      throw options.refuse("columns", "names " + columns.size() + " columns", "one to three");
    }
    for (String column : columns) {
      fields.add(Field.categoryOf(job.study(), job.name(), column));
    }
    if (discovered().isEmpty()) {
      checkSize(known(List.of()));
    }
  }

  /** Reads the options {@code columns} and {@code confidence}. */
  public static CrosstabAnalysis of(Job job) {
    return new CrosstabAnalysis(job, Options.of(job.spec(), "columns", "confidence"));
  }

  private void checkSize(List<Field> known) {
    if (cells(known) > MAX_CELLS) {
      throw Errors.badOption(
          job.name(), "the table has " + cells(known) + " cells.", "at most " + MAX_CELLS);
    }
  }

  private static long cells(List<Field> known) {
    long cells = 1;
    for (Field field : known) {
      cells *= field.levels().size();
    }
    return cells;
  }

  private List<Integer> discovered() {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).isEmpty()) {
        positions.add(i);
      }
    }
    return positions;
  }

  private List<Field> known(List<Counts> levels) {
    List<Field> known = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < fields.size(); i++) {
      known.add(
          fields.get(i).isPresent()
              ? fields.get(i).get()
              : LevelDiscovery.field(columns.get(i), levels.get(next++)));
    }
    return known;
  }

  Job job() {
    return job;
  }

  double confidence() {
    return confidence;
  }

  @Override
  public CrosstabState start() {
    return discovered().isEmpty() ? new Counting(List.of()) : new Discovering();
  }

  @Override
  public Layout layout(CrosstabState state) {
    Layout.Builder layout = Layout.of(job.sites());
    long most = job.personsPerSite();
    if (state instanceof Counting counting) {
      int cells = (int) cells(known(counting.levels()));
      return layout
          .count(CELLS, cells, "person", 1, most)
          .count(MISSING, 1, "person", 1, most)
          .build();
    }
    LevelDiscovery.declare(layout, discovered().size(), most);
    return layout.build();
  }

  @Override
  public Partial contribute(CrosstabState state, SiteTable table) {
    Layout layout = layout(state);
    if (state instanceof Counting counting) {
      List<Field> known = known(counting.levels());
      int[] sizes = known.stream().mapToInt(field -> field.levels().size()).toArray();
      return GroupedReader.blocks(table, Grouping.none(), known)
          .sum(layout, new CrosstabKernel(sizes));
    }
    List<String> read = new ArrayList<>();
    discovered().forEach(position -> read.add(columns.get(position)));
    int factors = read.size();
    read.addAll(columns);
    return RowBlocks.of(
            table, List.of("levels", read), read, new LevelDiscovery.Reader(factors, read.size()))
        .sum(layout, new LevelDiscovery.Kernel(factors));
  }

  @Override
  public Step<CrosstabState, CrosstabResult> update(CrosstabState state, Aggregate sum) {
    if (state instanceof Counting counting) {
      return new Step.Done<>(
          new CrosstabResult(
              AnalysisReport.OK,
              known(counting.levels()),
              Counts.of(sum.counts(CELLS)),
              sum.count(MISSING),
              sum.leftOut(CELLS).stream().boxed().toList(),
              sum.leftOut(MISSING).get(0)));
    }
    long[] counts = sum.counts(LevelDiscovery.LEVELS);
    long[] others = sum.counts(LevelDiscovery.OFF_GRID);
    List<Counts> levels = LevelDiscovery.found(discovered().size(), counts);
    String outcome = AnalysisReport.OK;
    for (int factor = 0; factor < levels.size(); factor++) {
      if (!LevelDiscovery.usable(levels.get(factor), others[factor])) {
        outcome = "LEVELS_UNKNOWN";
      } else if (LevelDiscovery.rare(factor, counts, job.floor().minCell())) {
        outcome = "RARE_LEVEL";
      }
    }
    if (outcome.equals(AnalysisReport.OK) && cells(known(levels)) > MAX_CELLS) {
      outcome = "LEVELS_UNKNOWN";
    }
    return outcome.equals(AnalysisReport.OK)
        ? new Step.Next<>(new Counting(levels))
        : new Step.Done<>(new CrosstabResult(outcome, List.of(), Counts.of(), 0));
  }

  /** Cells that are counted may be left out; levels that are looked for may not. */
  @Override
  public boolean withholdsPlaces(CrosstabState state) {
    return state instanceof Counting && discovered().isEmpty();
  }

  @Override
  public byte[] encode(CrosstabState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counting counting) {
      LevelDiscovery.write(out.whole(1), counting.levels());
      return out.bytes();
    }
    return out.whole(0).bytes();
  }

  @Override
  public CrosstabState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    CrosstabState state =
        in.whole(0, 1) == 0
            ? new Discovering()
            : new Counting(LevelDiscovery.read(in, discovered().size()));
    in.end();
    boolean tooLarge =
        state instanceof Counting counting && cells(known(counting.levels())) > MAX_CELLS;
    if (tooLarge || (state instanceof Discovering && discovered().isEmpty())) {
      throw in.refuse();
    }
    return state;
  }

  @Override
  public AnalysisReport present(CrosstabResult result) {
    return new CrosstabTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public Demand demand() {
    return new Demand(columns.size(), 0, discovered().isEmpty() ? 1 : 2, false);
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> counts = new ArrayList<>();
    for (ResultTable table : report.tables()) {
      if (!table.name().equals(CrosstabTables.COUNTS)) {
        continue;
      }
      List<Set<String>> levels = new ArrayList<>();
      for (String column : columns) {
        Set<String> found = new TreeSet<>();
        table.rows().forEach(row -> found.add(word(row.get(table.column(column)))));
        found.remove(Plot.ALL);
        levels.add(found);
      }
      for (int row = 0; row < table.rows().size(); row++) {
        Map<String, Set<String>> where = new TreeMap<>();
        for (int d = 0; d < columns.size(); d++) {
          String level = word(table.rows().get(row).get(table.column(columns.get(d))));
          // A margin holds who has a value in every dimension.
          where.put(columns.get(d), level.equals(Plot.ALL) ? levels.get(d) : Set.of(level));
        }
        counts.add(new PlacedCount(CrosstabTables.COUNTS, row, "n", where));
      }
      Map<String, Set<String>> all = new TreeMap<>();
      for (int d = 0; d < columns.size(); d++) {
        all.put(columns.get(d), levels.get(d));
      }
      PlacedCount persons = new PlacedCount(PlacedCount.FACTS, 0, "persons", all);
      counts.add(persons);
      counts.add(persons.leftOut(PlacedCount.FACTS, MISSING));
    }
    return counts;
  }

  private static String word(Cell cell) {
    return ((Cell.Text) cell).value();
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    int first = 1;
    if (!discovered().isEmpty()) {
      sentences.add(
          "Sum 1: persons at each whole number from -1024 to 1023 of "
              + discovered().size()
              + " columns, to find their levels.");
      first = 2;
    }
    String cells =
        discovered().isEmpty() ? cells(known(List.of())) + " cells" : "every cell of the table";
    sentences.add(
        "Sum " + first + ": persons in " + cells + ", and how many lack a value. Tests follow.");
    return sentences;
  }
}
