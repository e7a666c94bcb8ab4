package io.tributary.jobs.analysis.ttest;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.DifferenceReader;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupMeans;
import io.tributary.jobs.analysis.GroupMoments;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.Adjustment;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests of one mean, of two, or of differences within persons; see the package's card. */
public final class TTestAnalysis implements StudyAnalysis<GroupMoments.State, GroupMoments.Result> {
  private static final int MAX_COLUMNS = 200;

  private final Job job;
  private final List<Field> fields = new ArrayList<>();
  private final Optional<Field> paired;
  private final Grouping grouping;
  private final GroupMoments moments;
  private final double hypothesis;
  private final double confidence;
  private final boolean pooled;
  private final Adjustment adjustment;

  private TTestAnalysis(Job job, Options options) {
    this.job = job;
    List<String> columns = options.names("columns");
    if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
      throw options.refuse(
          "columns", "names " + columns.size() + " columns", "1 to " + MAX_COLUMNS + " numbers");
    }
    columns.forEach(column -> fields.add(ModelTerms.number(job, column)));
    this.paired = DifferenceReader.paired(job, options, columns);
    this.grouping = Grouping.of(job, options);
    if (grouping.isGrouped() && grouping.groups() != 2) {
      throw options.refuse(
          "by", "makes " + grouping.groups() + " groups", "two groups; anova compares more");
    }
    if (options.has("variance") && !grouping.isGrouped()) {
      throw options.refuse("variance", "is asked for without groups", "the option by");
    }
    this.pooled = options.word("variance", "unequal", List.of("unequal", "equal")).equals("equal");
    double[] mu = options.numbers("mu", 0);
    if (mu.length != 1) {
      throw options.refuse("mu", "is not one number", "one number");
    }
    this.hypothesis = mu[0];
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.adjustment = TestTable.adjustment(options);
    this.moments =
        new GroupMoments(
            "t-test/1",
            job,
            grouping.groups(),
            fields.stream().map(field -> GroupMoments.reach(field) + pairedReach()).toList());
  }

  private double pairedReach() {
    return paired.map(GroupMoments::reach).orElse(0.0);
  }

  /**
   * Reads the options {@code columns}, {@code by}, {@code paired}, {@code mu}, {@code variance},
   * {@code confidence} and {@code adjust}.
   */
  public static TTestAnalysis of(Job job) {
    return new TTestAnalysis(
        job,
        Options.of(
            job.spec(), "columns", "by", "paired", "mu", "variance", "confidence", "adjust"));
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  GroupMoments moments() {
    return moments;
  }

  /** The mean, or the difference of two, that is tested. */
  double hypothesis() {
    return hypothesis;
  }

  double confidence() {
    return confidence;
  }

  /** Whether both groups share a variance. */
  boolean pooled() {
    return pooled;
  }

  Adjustment adjustment() {
    return adjustment;
  }

  /** What each column of the tables is: a column of the study, or a difference. */
  List<String> names() {
    return fields.stream().map(field -> DifferenceReader.name(field, paired)).toList();
  }

  boolean isPaired() {
    return paired.isPresent();
  }

  @Override
  public GroupMoments.State start() {
    return moments.start();
  }

  @Override
  public Layout layout(GroupMoments.State state) {
    return moments.layout(state);
  }

  @Override
  public Partial contribute(GroupMoments.State state, SiteTable table) {
    RowBlocks blocks =
        paired.isPresent()
            ? DifferenceReader.blocks(table, fields, paired.get())
            : GroupedReader.blocks(table, grouping, fields);
    return blocks.sum(layout(state), moments.kernel(state));
  }

  @Override
  public Step<GroupMoments.State, GroupMoments.Result> update(
      GroupMoments.State state, Aggregate sum) {
    return moments.update(state, sum);
  }

  @Override
  public byte[] encode(GroupMoments.State state) {
    return moments.encode(state);
  }

  @Override
  public GroupMoments.State decode(byte[] bytes) {
    return moments.decode(bytes);
  }

  @Override
  public AnalysisReport present(GroupMoments.Result result) {
    return new TTestTables(this, result).report();
  }

  @Override
  public String resolution() {
    return GroupMoments.RESOLUTION;
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(2).crossing(grouping.fields().size());
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    Map<String, List<String>> used = new LinkedHashMap<>();
    for (int column = 0; column < fields.size(); column++) {
      List<String> own = new ArrayList<>(List.of(fields.get(column).column()));
      paired.ifPresent(other -> own.add(other.column()));
      used.put(names().get(column), own);
    }
    return GroupMeans.counts(grouping, used);
  }

  @Override
  public List<String> reveals() {
    return moments.sentences();
  }
}
