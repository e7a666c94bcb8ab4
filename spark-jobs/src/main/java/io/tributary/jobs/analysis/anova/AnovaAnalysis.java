package io.tributary.jobs.analysis.anova;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.GroupMeans;
import io.tributary.jobs.analysis.GroupMoments;
import io.tributary.jobs.analysis.GroupedReader;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.ModelTerms;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.TestTable;
import io.tributary.jobs.hypothesis.Adjustment;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares means and variances of groups; see the package's card. */
public final class AnovaAnalysis implements StudyAnalysis<GroupMoments.State, GroupMoments.Result> {
  private static final int MAX_COLUMNS = 200;

  private final Job job;
  private final List<Field> fields = new ArrayList<>();
  private final Grouping grouping;
  private final GroupMoments moments;
  private final double confidence;
  private final Adjustment adjustment;

  private AnovaAnalysis(Job job, Options options) {
    this.job = job;
    List<String> columns = options.names("columns");
    if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
      throw options.refuse(
          "columns", "names " + columns.size() + " columns", "1 to " + MAX_COLUMNS + " numbers");
    }
    columns.forEach(column -> fields.add(ModelTerms.number(job, column)));
    this.grouping = Grouping.oneWay(job, options);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.adjustment = TestTable.adjustment(options);
    this.moments =
        new GroupMoments(
            "anova/1", job, grouping.groups(), fields.stream().map(GroupMoments::reach).toList());
  }

  /** Reads the options {@code columns}, {@code by}, {@code confidence} and {@code adjust}. */
  public static AnovaAnalysis of(Job job) {
    return new AnovaAnalysis(job, Options.of(job.spec(), "columns", "by", "confidence", "adjust"));
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

  double confidence() {
    return confidence;
  }

  Adjustment adjustment() {
    return adjustment;
  }

  List<String> names() {
    return fields.stream().map(Field::column).toList();
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
    return GroupedReader.blocks(table, grouping, fields).sum(layout(state), moments.kernel(state));
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
    return new AnovaTables(this, result).report();
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
    fields.forEach(field -> used.put(field.column(), List.of(field.column())));
    return GroupMeans.counts(grouping, used);
  }

  @Override
  public List<String> reveals() {
    return moments.sentences();
  }
}
