package io.tributary.jobs.analysis.summary;

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
import io.tributary.jobs.analysis.ValueKeys;
import io.tributary.jobs.analysis.summary.SummaryState.Counting;
import io.tributary.jobs.analysis.summary.SummaryState.Moments;
import io.tributary.jobs.analysis.summary.SummaryState.Refining;
import io.tributary.jobs.analysis.summary.SummaryState.Spreading;
import io.tributary.jobs.analysis.summary.SummaryState.Target;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultTable;
import io.tributary.study.Errors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Counts, moments and quantiles of columns, by group; see the package's card. */
public final class SummaryAnalysis implements StudyAnalysis<SummaryState, SummaryResult> {
  static final String PERSONS = "persons";
  static final String MISSING = "missing";
  static final String UNGROUPED = "ungrouped";
  static final String LEVELS = "levels";
  static final String LEVEL_MISSING = "level missing";
  static final String OFF_GRID = "more decimals";
  static final String SUM = "sum";
  static final String ABSOLUTE = "absolute";
  static final String BINS = "bins";

  private final Job job;
  private final Grouping grouping;
  private final List<Field> numbers = new ArrayList<>();
  private final List<Field> categories = new ArrayList<>();
  private final double[] probabilities;

  private SummaryAnalysis(Job job, Options options) {
    this.job = job;
    this.grouping = Grouping.of(job, options);
    List<String> columns = options.names("columns");
    if (columns.isEmpty()) {
      throw options.refuse("columns", "is missing", "a column name, or a list of them");
    }
    for (String column : columns) {
      Field field = Field.of(job.study(), job.name(), column);
      (field.isCategory() ? categories : numbers).add(field);
    }
    this.probabilities = options.numbers("quantiles", 0.25, 0.5, 0.75);
    for (double probability : probabilities) {
      if (!(probability > 0 && probability < 1)) {
        throw options.refuse(
            "quantiles",
            "holds "
                + probability
                + "; the least and the greatest value are one person's value, and are not given",
            "numbers above 0 and below 1");
      }
    }
  }

  /** Reads the options {@code columns}, {@code by} and {@code quantiles}. */
  public static SummaryAnalysis of(Job job) {
    for (String asked : List.of("min", "max", "minimum", "maximum", "range")) {
      if (job.spec().options().containsKey(asked)) {
        throw Errors.badOption(
            job.name(),
            "option '" + asked + "' is refused: the least and the greatest value are one person's.",
            "quantiles, e.g. [0.05, 0.95]");
      }
    }
    return new SummaryAnalysis(job, Options.of(job.spec(), "columns", "by", "quantiles"));
  }

  List<Field> numbers() {
    return numbers;
  }

  List<Field> categories() {
    return categories;
  }

  Grouping grouping() {
    return grouping;
  }

  double[] probabilities() {
    return probabilities.clone();
  }

  Job job() {
    return job;
  }

  @Override
  public SummaryState start() {
    return new Counting();
  }

  @Override
  public Layout layout(SummaryState state) {
    Layout.Builder layout = Layout.of(job.sites());
    if (state instanceof Counting) {
      countingSlots(layout);
    } else if (state instanceof Spreading spreading) {
      spreading.moments().ofNumbers(grouping.groups()).declareSquares(layout);
    } else {
      Refining refining = (Refining) state;
      int bins = Refinement.openBins(refining.targets()).size();
      layout.count(BINS, bins * Refinement.split(bins), "person", 1, job.personsPerSite());
    }
    return layout.build();
  }

  private void countingSlots(Layout.Builder layout) {
    int groups = grouping.groups();
    long most = job.personsPerSite();
    layout.count(UNGROUPED, 1, "person", 1, most);
    if (!numbers.isEmpty()) {
      int size = numbers.size() * groups;
      layout.count(PERSONS, size, "person", 1, most);
      layout.count(MISSING, size, "person", 1, most);
      layout.count(OFF_GRID, numbers.size() * (ValueKeys.MAX_DECIMALS + 1), "person", 1, most);
      layout.unbounded(SUM, size, "unit");
      layout.unbounded(ABSOLUTE, size, "unit");
    }
    if (!categories.isEmpty()) {
      int levels = categories.stream().mapToInt(field -> field.levels().size()).sum();
      layout.count(LEVELS, levels * groups, "person", 1, most);
      layout.count(LEVEL_MISSING, categories.size() * groups, "person", 1, most);
    }
  }

  @Override
  public Partial contribute(SummaryState state, SiteTable table) {
    List<Field> measured = new ArrayList<>(numbers);
    measured.addAll(categories);
    RowBlocks blocks = GroupedReader.blocks(table, grouping, measured);
    Layout layout = layout(state);
    if (state instanceof Counting) {
      int[] levels = categories.stream().mapToInt(field -> field.levels().size()).toArray();
      return blocks.sum(layout, new CountingKernel(grouping.groups(), numbers.size(), levels));
    }
    int width = 1 + numbers.size() + categories.size();
    if (state instanceof Spreading spreading) {
      return blocks.sum(
          layout, spreading.moments().ofNumbers(grouping.groups()).squaresKernel(width));
    }
    Refining refining = (Refining) state;
    return blocks.sum(
        layout,
        new BinningKernel(
            grouping.groups(),
            width,
            refining.moments().decimals(),
            Refinement.openBins(refining.targets())));
  }

  @Override
  public Step<SummaryState, SummaryResult> update(SummaryState state, Aggregate sum) {
    if (state instanceof Counting) {
      Moments moments = moments(sum);
      return numbers.isEmpty()
          ? new Step.Done<>(new SummaryResult(moments, List.of(), List.of()))
          : new Step.Next<>(new Spreading(moments));
    }
    if (state instanceof Spreading spreading) {
      return afterSpreading(spreading.moments(), sum);
    }
    Refining refining = (Refining) state;
    List<Target> targets =
        Refinement.refine(refining.targets(), sum.counts(BINS), job.floor().minCell());
    return next(refining.moments(), refining.squares(), targets);
  }

  private Moments moments(Aggregate sum) {
    int size = numbers.size() * grouping.groups();
    List<BigDecimal> sums = new ArrayList<>(size);
    List<BigDecimal> absolutes = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      sums.add(sum.unbounded(SUM, i));
      absolutes.add(sum.unbounded(ABSOLUTE, i));
    }
    List<Integer> decimals = new ArrayList<>(numbers.size());
    if (!numbers.isEmpty()) {
      long[] off = sum.counts(OFF_GRID);
      for (int column = 0; column < numbers.size(); column++) {
        int enough = ValueKeys.RAW;
        for (int d = ValueKeys.MAX_DECIMALS; d >= 0; d--) {
          if (off[column * (ValueKeys.MAX_DECIMALS + 1) + d] == 0) {
            enough = d;
          }
        }
        decimals.add(enough);
      }
    }
    boolean counted = !numbers.isEmpty();
    boolean levelled = !categories.isEmpty();
    return new Moments(
        sum.count(UNGROUPED),
        counted ? Counts.of(sum.counts(PERSONS)) : Counts.of(),
        counted ? Counts.of(sum.counts(MISSING)) : Counts.of(),
        sums,
        absolutes,
        decimals,
        levelled ? Counts.of(sum.counts(LEVELS)) : Counts.of(),
        levelled ? Counts.of(sum.counts(LEVEL_MISSING)) : Counts.of());
  }

  private Step<SummaryState, SummaryResult> afterSpreading(Moments moments, Aggregate sum) {
    int groups = grouping.groups();
    List<BigDecimal> squares = moments.ofNumbers(groups).squares(sum);
    SummaryResult spread = new SummaryResult(moments, squares, List.of());
    List<Target> targets = new ArrayList<>();
    for (int column = 0; column < numbers.size(); column++) {
      for (int series = 0; series < Series.count(groups); series++) {
        Series here = Series.of(spread, groups, column, series);
        if (job.floor().showsStatistic(here.n())) {
          Refinement.targets(
              targets, numbers.get(column), column, series, here, moments, probabilities);
        }
      }
    }
    return next(moments, squares, targets);
  }

  private static Step<SummaryState, SummaryResult> next(
      Moments moments, List<BigDecimal> squares, List<Target> targets) {
    return targets.stream().anyMatch(Target::open)
        ? new Step.Next<>(new Refining(moments, squares, targets))
        : new Step.Done<>(new SummaryResult(moments, squares, targets));
  }

  @Override
  public byte[] encode(SummaryState state) {
    return SummaryCodec.encode(state);
  }

  @Override
  public SummaryState decode(byte[] bytes) {
    return SummaryCodec.decode(bytes, this);
  }

  @Override
  public AnalysisReport present(SummaryResult result) {
    return new SummaryTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "counts exact; sums exact for values of at least 2^-68; quantiles between their bounds";
  }

  @Override
  public Demand demand() {
    if (numbers.isEmpty()) {
      return Demand.ofRounds(1).crossing(grouping.fields().size());
    }
    return Demand.ofRounds(probabilities.length == 0 ? 2 : 2 + Refinement.MAX_ROUNDS)
        .crossing(grouping.fields().size());
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> counts = new ArrayList<>(PlacedCount.ungrouped(grouping));
    counts.add(PlacedCount.persons(grouping.anyGroup()));
    for (ResultTable table : report.tables()) {
      boolean levels = table.name().equals("counts");
      for (int row = 0; row < table.rows().size() && (levels || isSummary(table)); row++) {
        Map<String, Set<String>> where = groupOf(table, row);
        String column = word(table, row, "column");
        Field field = field(column);
        // A group column that is described too has one state.
        if (levels) {
          meet(where, column, Set.of(word(table, row, "level")));
        } else {
          meet(
              where,
              column,
              field.isCategory() ? Set.copyOf(field.levels()) : Set.of(PlacedCount.PRESENT));
        }
        counts.add(new PlacedCount(table.name(), row, "n", where));
        if (isSummary(table)) {
          Map<String, Set<String>> missing = groupOf(table, row);
          meet(missing, column, Set.of(PlacedCount.MISSING));
          counts.add(new PlacedCount(table.name(), row, "missing", missing));
        }
      }
    }
    return counts;
  }

  private static boolean isSummary(ResultTable table) {
    return table.name().equals("summary");
  }

  private Map<String, Set<String>> groupOf(ResultTable table, int row) {
    Map<String, Set<String>> where = new TreeMap<>();
    for (Field by : grouping.fields()) {
      String level = word(table, row, by.column());
      // The row of all groups holds who has one.
      where.put(by.column(), by.levels().contains(level) ? Set.of(level) : Set.copyOf(by.levels()));
    }
    return where;
  }

  private static void meet(Map<String, Set<String>> where, String column, Set<String> states) {
    Set<String> both = new TreeSet<>(where.getOrDefault(column, states));
    both.retainAll(states);
    where.put(column, both);
  }

  private Field field(String column) {
    return Stream.concat(numbers.stream(), categories.stream())
        .filter(field -> field.column().equals(column))
        .findFirst()
        .orElseThrow();
  }

  private static String word(ResultTable table, int row, String column) {
    return ((Cell.Text) table.rows().get(row).get(table.column(column))).value();
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    String groups = grouping.sentence();
    if (!numbers.isEmpty()) {
      sentences.add(
          "Sum 1: persons, missing, sum and absolute sum of "
              + numbers.size()
              + " numbers"
              + groups
              + ", and how many values have more than 0, 1, 2 and 3 decimals.");
    }
    if (!categories.isEmpty()) {
      sentences.add(
          "Sum 1: persons at each level of " + categories.size() + " categories" + groups + ".");
    }
    if (!numbers.isEmpty()) {
      sentences.add("Sum 2: squares about the means of the numbers" + groups + ".");
      if (probabilities.length > 0) {
        sentences.add(
            "Sums 3 and later, at most "
                + Refinement.MAX_ROUNDS
                + ": counts in "
                + Refinement.MAX_SPLIT
                + " bins about each of at most "
                + 2 * probabilities.length
                + " order statistics of each number"
                + groups
                + ", until a bin has fewer than "
                + job.floor().minCell()
                + " persons or one value.");
      }
    }
    return sentences;
  }
}
