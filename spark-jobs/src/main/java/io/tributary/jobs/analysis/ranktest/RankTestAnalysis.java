package io.tributary.jobs.analysis.ranktest;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Counts;
import io.tributary.jobs.analysis.DifferenceReader;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupMeans;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.OneSumAnalysis;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.Adjustment;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares groups by ranks of their values; see the package's card. */
public final class RankTestAnalysis implements OneSumAnalysis<RankTestResult> {
  private static final int MAX_COLUMNS = 50;

  /** Counts in one sum. */
  private static final int MAX_COUNTS = 1 << 19;

  private final Job job;
  private final List<Field> fields = new ArrayList<>();
  private final List<ValueGrid> grids = new ArrayList<>();
  private final Optional<Field> paired;
  private final Grouping grouping;
  private final double confidence;
  private final Adjustment adjustment;

  private RankTestAnalysis(Job job, Options options) {
    this.job = job;
    List<String> columns = options.names("columns");
    if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
      throw options.refuse(
          "columns", "names " + columns.size() + " columns", "1 to " + MAX_COLUMNS + " numbers");
    }
    this.paired = DifferenceReader.paired(job, options, columns);
    this.grouping = paired.isPresent() ? Grouping.of(job, options) : Grouping.oneWay(job, options);
    double resolution = options.has("resolution") ? options.between("resolution", 1, 0, 0x1p40) : 1;
    int limit = MAX_COUNTS / grouping.groups() / columns.size();
    for (String column : columns) {
      Field field = ModelTerms.number(job, column);
      fields.add(field);
      grids.add(ValueGrid.of(difference(field), resolution, limit, options));
    }
    if (limit < ValueGrid.TRIED) {
      throw options.refuse(
          "columns",
          "makes too many counts with " + grouping.groups() + " groups",
          "fewer columns");
    }
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.adjustment = TestTable.adjustment(options);
  }

  /** The field itself, or its difference from the paired one with the range that follows and 0. */
  private Field difference(Field field) {
    return paired
        .map(
            other ->
                new Field(
                    DifferenceReader.name(field, paired),
                    List.of(),
                    Math.min(0, field.low() - other.high()),
                    Math.max(0, field.high() - other.low()),
                    field.whole() && other.whole()))
        .orElse(field);
  }

  /**
   * Reads the options {@code columns}, {@code by}, {@code paired}, {@code resolution}, {@code
   * confidence} and {@code adjust}.
   */
  public static RankTestAnalysis of(Job job) {
    return new RankTestAnalysis(
        job,
        Options.of(job.spec(), "columns", "by", "paired", "resolution", "confidence", "adjust"));
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  List<ValueGrid> grids() {
    return grids;
  }

  /** Whether values are differences within a person. */
  boolean isPaired() {
    return paired.isPresent();
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
    long most = job.personsPerSite();
    for (int column = 0; column < grids.size(); column++) {
      int size = grouping.groups() * grids.get(column).points();
      layout.count(RankTestKernel.VALUES + column, size, "person", 1, most);
    }
    return layout
        .count(RankTestKernel.BETWEEN, grids.size(), "person", 1, most)
        .count(RankTestKernel.OUTSIDE, grids.size(), "person", 1, most)
        .count(RankTestKernel.DROPPED, grids.size(), "person", 1, most)
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    RowBlocks blocks =
        paired.isPresent()
            ? DifferenceReader.blocks(table, fields, paired.get())
            : GroupedReader.blocks(table, grouping, fields);
    return blocks.sum(layout(state), new RankTestKernel(grids));
  }

  @Override
  public String form() {
    return "rank-test/1";
  }

  @Override
  public RankTestResult result(Aggregate sum) {
    List<Counts> values = new ArrayList<>();
    for (int column = 0; column < grids.size(); column++) {
      values.add(Counts.of(sum.counts(RankTestKernel.VALUES + column)));
    }
    return new RankTestResult(
        grouping.groups(),
        values,
        Counts.of(sum.counts(RankTestKernel.BETWEEN)),
        Counts.of(sum.counts(RankTestKernel.OUTSIDE)),
        Counts.of(sum.counts(RankTestKernel.DROPPED)));
  }

  @Override
  public AnalysisReport present(RankTestResult result) {
    return new RankTestTables(this, result).report();
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    if (paired.isEmpty()) {
      Map<String, List<String>> used = new LinkedHashMap<>();
      fields.forEach(field -> used.put(field.column(), List.of(field.column())));
      return GroupMeans.counts(grouping, used);
    }
    List<PlacedCount> counts = new ArrayList<>();
    for (int column = 0; column < fields.size(); column++) {
      String table = RankTestTables.EFFECTS;
      counts.add(
          new PlacedCount(table, column, "n", difference(column, Set.of("greater", "less"))));
      for (String sign : RankTestTables.SIGN_WORDS) {
        int row = counts.size() - 1 - column;
        counts.add(
            new PlacedCount(RankTestTables.SIGNS, row, "n", difference(column, Set.of(sign))));
      }
    }
    for (int column = 0; column < fields.size(); column++) {
      List<String> both = List.of(fields.get(column).column(), paired.orElseThrow().column());
      counts.add(PlacedCount.dropped(grids.get(column).column(), PlacedCount.complete(both)));
    }
    return counts;
  }

  /**
   * Persons with both values whose difference has one of these signs, on the grid it is read at.
   */
  private Map<String, Set<String>> difference(int column, Set<String> signs) {
    ValueGrid grid = grids.get(column);
    Set<String> present = Set.of(PlacedCount.PRESENT);
    return Map.of(
        fields.get(column).column(),
        present,
        paired.orElseThrow().column(),
        present,
        grid.column() + " by " + grid.step(),
        signs);
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(1).crossing(grouping.fields().size());
  }

  @Override
  public List<String> reveals() {
    int points = grids.stream().mapToInt(ValueGrid::points).sum();
    return List.of(
        "Sum 1: persons at each of "
            + points
            + " values of "
            + grids.size()
            + (isPaired() ? " difference" : " number")
            + (grids.size() == 1 ? "" : "s")
            + grouping.sentence()
            + " (often one person), and rows between values, beyond them and left out.");
  }
}
