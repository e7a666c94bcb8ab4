package io.tributary.jobs.analysis.table1;

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
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.table1.Table1State.Counted;
import io.tributary.jobs.analysis.table1.Table1State.Counting;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A cohort's persons by covariate, and how far cohorts differ; see the package's card. */
public final class Table1Analysis implements StudyAnalysis<Table1State, Table1Result> {
  /** Columns of one table. */
  public static final int MAX_COLUMNS = 200;

  static final String UNGROUPED = "ungrouped";
  static final String PERSONS = "persons";
  static final String VALUES = "values";
  static final String SUM = "sum";
  static final String ABSOLUTE = "absolute";
  static final String LEVELS = "levels";

  private final Job job;
  private final Grouping grouping;
  private final List<String> columns;
  private final List<Field> numbers = new ArrayList<>();
  private final List<Field> categories = new ArrayList<>();
  private final Set<String> joined;

  private Table1Analysis(Job job, Options options) {
    this.job = job;
    this.grouping = Grouping.of(job, options);
    this.columns = options.names("columns");
    if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
      throw options.refuse(
          "columns", "names " + columns.size() + " columns", "1 to " + MAX_COLUMNS);
    }
    if (grouping.fields().size() > 1) {
      throw options.refuse("by", "names two columns", "one column, whose levels are the cohorts");
    }
    for (String column : columns) {
      Field field = Covariates.field(job, column);
      (field.isCategory() ? categories : numbers).add(field);
    }
    for (Field by : grouping.fields()) {
      if (columns.contains(by.column())) {
        throw options.refuse("columns", "names '" + by.column() + "' of by", "other columns");
      }
    }
    this.joined = joined(options);
  }

  private Set<String> joined(Options options) {
    if (!options.has("join")) {
      return Set.of("age_group");
    }
    List<String> names = options.names("join");
    for (String name : names) {
      if (categories.stream().noneMatch(field -> field.column().equals(name))) {
        throw options.refuse("join", "names '" + name + "'", "categories among columns");
      }
    }
    return new LinkedHashSet<>(names);
  }

  /** Reads the options {@code columns}, {@code by} and {@code join}. */
  public static Table1Analysis of(Job job) {
    return new Table1Analysis(job, Options.of(job.spec(), "columns", "by", "join"));
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  /** As the study names them. */
  List<String> columns() {
    return columns;
  }

  List<Field> numbers() {
    return numbers;
  }

  List<Field> categories() {
    return categories;
  }

  /** Whether small levels of a category are joined with their neighbours. */
  boolean joins(Field category) {
    return joined.contains(category.column());
  }

  /** Levels of all categories. */
  int levels() {
    return categories.stream().mapToInt(field -> field.levels().size()).sum();
  }

  @Override
  public Table1State start() {
    return new Counting();
  }

  @Override
  public Layout layout(Table1State state) {
    Layout.Builder layout = Layout.of(job.sites());
    int groups = grouping.groups();
    long most = job.personsPerSite();
    if (state instanceof Counted counted) {
      counted.ofNumbers(groups).declareSquares(layout);
      return layout.build();
    }
    layout.count(UNGROUPED, 1, "person", 1, most).count(PERSONS, groups, "person", 1, most);
    if (!numbers.isEmpty()) {
      int size = numbers.size() * groups;
      layout.count(VALUES, size, "person", 1, most);
      layout.unbounded(SUM, size, "unit");
      layout.unbounded(ABSOLUTE, size, "unit");
    }
    if (!categories.isEmpty()) {
      layout.count(LEVELS, levels() * groups, "person", 1, most);
    }
    return layout.build();
  }

  @Override
  public Partial contribute(Table1State state, SiteTable table) {
    List<Field> measured = new ArrayList<>(numbers);
    measured.addAll(categories);
    RowBlocks blocks = GroupedReader.blocks(table, grouping, measured);
    if (state instanceof Counted counted) {
      return blocks.sum(
          layout(state), counted.ofNumbers(grouping.groups()).squaresKernel(1 + measured.size()));
    }
    int[] levels = categories.stream().mapToInt(field -> field.levels().size()).toArray();
    return blocks.sum(layout(state), new CountingKernel(grouping.groups(), numbers.size(), levels));
  }

  @Override
  public Step<Table1State, Table1Result> update(Table1State state, Aggregate sum) {
    if (state instanceof Counted counted) {
      return new Step.Done<>(
          new Table1Result(counted, counted.ofNumbers(grouping.groups()).squares(sum)));
    }
    int size = numbers.size() * grouping.groups();
    List<BigDecimal> sums = new ArrayList<>(size);
    List<BigDecimal> absolutes = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      sums.add(sum.unbounded(SUM, i));
      absolutes.add(sum.unbounded(ABSOLUTE, i));
    }
    Counted counted =
        new Counted(
            sum.count(UNGROUPED),
            Counts.of(sum.counts(PERSONS)),
            numbers.isEmpty() ? Counts.of() : Counts.of(sum.counts(VALUES)),
            sums,
            absolutes,
            categories.isEmpty() ? Counts.of() : Counts.of(sum.counts(LEVELS)));
    return numbers.isEmpty()
        ? new Step.Done<>(new Table1Result(counted, List.of()))
        : new Step.Next<>(counted);
  }

  @Override
  public byte[] encode(Table1State state) {
    return Table1Codec.encode(state);
  }

  @Override
  public Table1State decode(byte[] bytes) {
    return Table1Codec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(Table1Result result) {
    return new Table1Tables(this, result).report();
  }

  @Override
  public String resolution() {
    return "counts exact; sums exact for values of at least 2^-68";
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(numbers.isEmpty() ? 1 : 2).crossing(1 + grouping.fields().size());
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return new Table1Counts(this, report).placed();
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    String groups = grouping.sentence();
    sentences.add(
        "Sum 1: persons"
            + groups
            + (categories.isEmpty()
                ? ""
                : ", also at each of " + levels() + " levels of " + categories.size() + " columns")
            + (numbers.isEmpty()
                ? ""
                : "; values, their sum and absolute sum of " + numbers.size() + " numbers" + groups)
            + ".");
    if (!numbers.isEmpty()) {
      sentences.add("Sum 2: squares about the means of the numbers" + groups + ".");
    }
    return sentences;
  }
}
