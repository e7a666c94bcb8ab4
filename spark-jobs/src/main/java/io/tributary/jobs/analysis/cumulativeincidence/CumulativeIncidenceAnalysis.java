package io.tributary.jobs.analysis.cumulativeincidence;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.GridState;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.LifeTables;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.survival.Curve.Limits;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.List;

/** Shares with each of several causes of an event by time; see the package's card. */
public final class CumulativeIncidenceAnalysis
    implements StudyAnalysis<GridState, IncidenceResult> {
  private static final String FORM = "cumulative-incidence/1";
  private static final int MAX_CAUSES = 20;
  private static final int MAX_TIMES = 100;

  private final Job job;
  private final Grouping grouping;
  private final LifeTables counts;
  private final Reals times;
  private final double confidence;
  private final Limits limits;

  private CumulativeIncidenceAnalysis(Job job, Options options) {
    this.job = job;
    this.grouping = Grouping.of(job, options);
    String time = options.requiredText("time", "one numeric column");
    int limit = LifeTables.limit(grouping.groups(), MAX_CAUSES, options);
    SurvivalTimes survival = SurvivalTimes.of(job, options, time, true, limit);
    int causes = survival.causes().size();
    if (causes < 2 || causes > MAX_CAUSES) {
      throw options.refuse(
          "event",
          "names " + causes + (causes == 1 ? " cause" : " causes"),
          "a category: censoring, then 2 to " + MAX_CAUSES + " causes; kaplan-meier has one");
    }
    this.counts = new LifeTables(grouping, survival, grouping.groups());
    this.times = options.ascending("times", MAX_TIMES, Double.MAX_VALUE);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.limits = LifeTables.limits(options);
  }

  /**
   * Reads the options {@code time}, {@code event}, {@code entry}, {@code by}, {@code resolution},
   * {@code times}, {@code confidence} and {@code limits}.
   */
  public static CumulativeIncidenceAnalysis of(Job job) {
    return new CumulativeIncidenceAnalysis(
        job,
        Options.of(
            job.spec(),
            "time",
            "event",
            "entry",
            "by",
            "resolution",
            "times",
            "confidence",
            "limits"));
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  /** Causes, in the order of the event's levels. */
  List<String> causes() {
    return counts.times().causes();
  }

  /** Whether persons enter after the start. */
  boolean late() {
    return job.spec().options().containsKey("entry");
  }

  /** Times at which shares are asked for, ascending. */
  Reals times() {
    return times;
  }

  double confidence() {
    return confidence;
  }

  Limits limits() {
    return limits;
  }

  @Override
  public GridState start() {
    return GridState.start(counts.times());
  }

  @Override
  public Layout layout(GridState state) {
    return counts.layout(state, job.sites(), job.personsPerSite());
  }

  @Override
  public Partial contribute(GridState state, SiteTable table) {
    return counts.contribute(state, layout(state), table);
  }

  @Override
  public Step<GridState, IncidenceResult> update(GridState state, Aggregate sum) {
    return state instanceof GridState.Counting counting
        ? new Step.Done<>(
            new IncidenceResult(
                counting.grid(), counts.incidences(counting.grid(), sum), LifeTables.dropped(sum)))
        : new Step.Next<>(new GridState.Counting(counts.times().found(sum)));
  }

  @Override
  public byte[] encode(GridState state) {
    return GridState.encode(FORM, state);
  }

  @Override
  public GridState decode(byte[] bytes) {
    return GridState.decode(FORM, bytes, counts.times());
  }

  @Override
  public AnalysisReport present(IncidenceResult result) {
    return new IncidenceTables(this, result).report();
  }

  @Override
  public Demand demand() {
    return counts.demand();
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> placed =
        new ArrayList<>(counts.countsByCause(IncidenceTables.GROUPS, grouping));
    placed.addAll(counts.facts());
    return placed;
  }

  @Override
  public List<String> reveals() {
    return counts.sentences();
  }
}
