package io.tributary.jobs.analysis.kaplanmeier;

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

/** Survival curves by group; see the package's card. */
public final class KaplanMeierAnalysis implements StudyAnalysis<GridState, KaplanMeierResult> {
  /** Times, or quantiles, one study may ask for. */
  private static final int MAX_WANTED = 100;

  private static final String FORM = "kaplan-meier/1";

  private final Job job;
  private final Grouping grouping;
  private final LifeTables counts;
  private final Reals times;
  private final Reals quantiles;
  private final double restricted;
  private final double confidence;
  private final Limits limits;

  private KaplanMeierAnalysis(Job job, Options options) {
    this.job = job;
    this.grouping = Grouping.of(job, options);
    String time = options.requiredText("time", "one numeric column");
    SurvivalTimes survival =
        SurvivalTimes.of(
            job, options, time, false, LifeTables.limit(grouping.groups(), 1, options));
    this.counts = new LifeTables(grouping, survival, grouping.groups());
    this.times = options.ascending("times", MAX_WANTED, Double.MAX_VALUE);
    this.quantiles = options.ascending("quantiles", MAX_WANTED, 1, 0.25, 0.5, 0.75);
    this.restricted = options.has("restricted") ? options.between("restricted", 1, 0, 1e12) : 0;
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.limits = LifeTables.limits(options);
  }

  /**
   * Reads the options {@code time}, {@code event}, {@code entry}, {@code by}, {@code resolution},
   * {@code times}, {@code quantiles}, {@code restricted}, {@code confidence} and {@code limits}.
   */
  public static KaplanMeierAnalysis of(Job job) {
    return new KaplanMeierAnalysis(
        job,
        Options.of(
            job.spec(),
            "time",
            "event",
            "entry",
            "by",
            "resolution",
            "times",
            "quantiles",
            "restricted",
            "confidence",
            "limits"));
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  /** Times at which survival is asked for, ascending; none means the tables choose. */
  Reals times() {
    return times;
  }

  Reals quantiles() {
    return quantiles;
  }

  /** End of the restricted mean, or 0: the tables choose. */
  double restricted() {
    return restricted;
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
  public Step<GridState, KaplanMeierResult> update(GridState state, Aggregate sum) {
    if (state instanceof GridState.Counting counting) {
      return new Step.Done<>(
          new KaplanMeierResult(
              counting.grid(), counts.tables(counting.grid(), sum), LifeTables.dropped(sum)));
    }
    return new Step.Next<>(new GridState.Counting(counts.times().found(sum)));
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
  public AnalysisReport present(KaplanMeierResult result) {
    return new KaplanMeierTables(this, result).report();
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> placed = new ArrayList<>(counts.counts(KaplanMeierTables.GROUPS, grouping));
    placed.addAll(counts.facts());
    return placed;
  }

  @Override
  public Demand demand() {
    return counts.demand();
  }

  @Override
  public List<String> reveals() {
    return counts.sentences();
  }
}
