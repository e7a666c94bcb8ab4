package io.tributary.jobs.analysis.contingency;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.OneSumAnalysis;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.Adjustment;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tests of tables of two categories, also in strata; see the package's card. */
public final class ContingencyTestAnalysis implements OneSumAnalysis<ContingencyResult> {
  private static final int MAX_CELLS = 10_000;

  private final Job job;
  private final List<Field> fields = new ArrayList<>();
  private final Grouping grouping;
  private final Grouping strata;
  private final Grouping all;
  private final boolean paired;
  private final Reals scores;
  private final double confidence;
  private final Adjustment adjustment;

  private ContingencyTestAnalysis(Job job, Options options) {
    this.job = job;
    List<String> columns = options.names("columns");
    if (columns.isEmpty()) {
      throw options.refuse("columns", "is missing", "a column with levels, or a list of them");
    }
    columns.forEach(column -> fields.add(Field.requireCategory(job.study(), job.name(), column)));
    this.grouping = Grouping.oneWay(job, options);
    this.strata = Grouping.of(job, options, "strata");
    this.all = grouping.within(strata, options, "strata");
    checkColumns(options);
    this.paired = options.flag("paired", false);
    for (Field field : fields) {
      if (paired && !field.levels().equals(levels())) {
        throw options.refuse(
            "paired", "compares '" + field.column() + "' with other levels", "the levels of by");
      }
      if (strata.isGrouped() && (paired || field.levels().size() > 2 || levels().size() > 2)) {
        throw options.refuse("strata", "are of no 2 x 2 tables", "two levels of each column");
      }
    }
    this.scores = scores(options);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.adjustment = TestTable.adjustment(options);
  }

  private void checkColumns(Options options) {
    long cells = 0;
    for (Field field : fields) {
      if (all.fields().stream().anyMatch(other -> other.column().equals(field.column()))) {
        throw options.refuse(
            "columns", "names '" + field.column() + "', which makes groups", "another column");
      }
      if (field.levels().size() < 2) {
        throw options.refuse(
            "columns", "names '" + field.column() + "' of one level", "two levels");
      }
      cells += (long) field.levels().size() * all.groups();
    }
    if (cells > MAX_CELLS) {
      throw options.refuse("columns", "make " + cells + " cells", "at most " + MAX_CELLS);
    }
  }

  private Reals scores(Options options) {
    double[] given = options.numbers("scores");
    if (given.length == 0) {
      double[] ranks = new double[levels().size()];
      Arrays.setAll(ranks, i -> i);
      return Reals.of(ranks);
    }
    if (given.length != levels().size() || Arrays.stream(given).distinct().count() < 2) {
      throw options.refuse(
          "scores",
          "are not one for each level of by",
          levels().size() + " numbers that are not all equal");
    }
    return Reals.of(given);
  }

  private List<String> levels() {
    return grouping.fields().get(0).levels();
  }

  /**
   * Reads the options {@code columns}, {@code by}, {@code strata}, {@code paired}, {@code scores},
   * {@code confidence} and {@code adjust}.
   */
  public static ContingencyTestAnalysis of(Job job) {
    return new ContingencyTestAnalysis(
        job,
        Options.of(
            job.spec(), "columns", "by", "strata", "paired", "scores", "confidence", "adjust"));
  }

  Job job() {
    return job;
  }

  List<Field> fields() {
    return fields;
  }

  Grouping grouping() {
    return grouping;
  }

  Grouping strata() {
    return strata;
  }

  /** Groups in all strata. */
  Grouping all() {
    return all;
  }

  boolean paired() {
    return paired;
  }

  /** Scores of the groups, for a trend. */
  Reals scores() {
    return scores;
  }

  double confidence() {
    return confidence;
  }

  Adjustment adjustment() {
    return adjustment;
  }

  @Override
  public Layout layout(OneSum state) {
    Layout.Builder layout = Layout.of(job.sites());
    for (int column = 0; column < fields.size(); column++) {
      int size = fields.get(column).levels().size() * all.groups();
      layout.count(ContingencyKernel.CELLS + column, size, "person", 1, job.personsPerSite());
    }
    return layout
        .count(ContingencyKernel.DROPPED, fields.size(), "person", 1, job.personsPerSite())
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    int[] levels = fields.stream().mapToInt(field -> field.levels().size()).toArray();
    return GroupedReader.blocks(table, all, fields)
        .sum(layout(state), new ContingencyKernel(levels));
  }

  @Override
  public String form() {
    return "contingency-test/1";
  }

  @Override
  public ContingencyResult result(Aggregate sum) {
    List<Counts> cells = new ArrayList<>();
    for (int column = 0; column < fields.size(); column++) {
      cells.add(Counts.of(sum.counts(ContingencyKernel.CELLS + column)));
    }
    return new ContingencyResult(
        strata.groups(),
        grouping.groups(),
        cells,
        Counts.of(sum.counts(ContingencyKernel.DROPPED)));
  }

  @Override
  public AnalysisReport present(ContingencyResult result) {
    return new ContingencyTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public Demand demand() {
    return new Demand(all.fields().size() + 1, 0, 1, false);
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> counts = new ArrayList<>();
    for (Field field : fields) {
      for (int group = 0; group < all.groups(); group++) {
        for (String level : field.levels()) {
          Map<String, Set<String>> where = all.states(group);
          where.put(field.column(), Set.of(level));
          counts.add(new PlacedCount(ContingencyTables.COUNTS, counts.size(), "n", where));
        }
      }
    }
    for (Field field : fields) {
      Map<String, Set<String>> both = new TreeMap<>(all.anyGroup());
      both.put(field.column(), Set.copyOf(field.levels()));
      counts.add(PlacedCount.dropped(field.column(), both));
    }
    return counts;
  }

  @Override
  public List<String> reveals() {
    int cells = fields.stream().mapToInt(field -> field.levels().size() * all.groups()).sum();
    return List.of(
        "Sum 1: persons in "
            + cells
            + " cells of two categories"
            + (strata.isGrouped() ? " in " + strata.groups() + " strata" : "")
            + ", and how many lack a value. Tests follow.");
  }
}
