package io.tributary.jobs.analysis.kaplanmeier;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Step;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.LifeTables;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.analysis.SurvivalTimes;
import io.tributary.jobs.analysis.kaplanmeier.KaplanMeierState.Counting;
import io.tributary.jobs.analysis.kaplanmeier.KaplanMeierState.Searching;
import io.tributary.jobs.survival.Curve.Limits;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.List;

/** Survival curves by group; see the package's card. */
public final class KaplanMeierAnalysis
    implements StudyAnalysis<KaplanMeierState, KaplanMeierResult> {
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
    this.times = wanted(options, "times", new double[0], Double.MAX_VALUE);
    this.quantiles = wanted(options, "quantiles", new double[] {0.25, 0.5, 0.75}, 1);
    this.restricted = options.has("restricted") ? options.between("restricted", 1, 0, 1e12) : 0;
    this.confidence = options.between("confidence", 0.95, 0, 1);
    this.limits =
        switch (options.word("limits", "log", List.of("log", "log-log", "plain"))) {
          case "plain" -> Limits.PLAIN;
          case "log-log" -> Limits.LOG_LOG;
          default -> Limits.LOG;
        };
  }

  private static Reals wanted(Options options, String name, double[] otherwise, double below) {
    double[] wanted = options.numbers(name, otherwise);
    if (wanted.length > MAX_WANTED) {
      throw options.refuse(
          name, "has " + wanted.length + " numbers", "at most " + MAX_WANTED + " numbers");
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!(wanted[i] > 0 && wanted[i] < below) || (i > 0 && !(wanted[i] > wanted[i - 1]))) {
        throw options.refuse(
            name,
            "does not ascend between its ends",
            below == 1 ? "numbers between 0 and 1, ascending" : "positive numbers, ascending");
      }
    }
    return Reals.of(wanted);
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
  public KaplanMeierState start() {
    return counts.times().declared().<KaplanMeierState>map(Counting::new).orElseGet(Searching::new);
  }

  @Override
  public Layout layout(KaplanMeierState state) {
    Layout.Builder layout = Layout.of(job.sites());
    if (state instanceof Counting counting) {
      counts.declare(layout, counting.grid(), job.personsPerSite());
    } else {
      SurvivalTimes.declareSearch(layout, job.personsPerSite());
    }
    return layout.build();
  }

  @Override
  public Partial contribute(KaplanMeierState state, SiteTable table) {
    return counts
        .blocks(table)
        .sum(
            layout(state),
            state instanceof Counting counting
                ? counts.kernel(counting.grid())
                : counts.searchKernel());
  }

  @Override
  public Step<KaplanMeierState, KaplanMeierResult> update(KaplanMeierState state, Aggregate sum) {
    if (state instanceof Counting counting) {
      return new Step.Done<>(
          new KaplanMeierResult(
              counting.grid(), counts.tables(counting.grid(), sum), LifeTables.dropped(sum)));
    }
    return new Step.Next<>(new Counting(counts.times().found(sum)));
  }

  @Override
  public byte[] encode(KaplanMeierState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Counting counting) {
      SurvivalTimes.write(out.whole(1), counting.grid());
    } else {
      out.whole(0);
    }
    return out.bytes();
  }

  @Override
  public KaplanMeierState decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    KaplanMeierState state =
        in.whole(0, 1) == 1 ? new Counting(counts.times().read(in)) : new Searching();
    in.end();
    return state;
  }

  @Override
  public AnalysisReport present(KaplanMeierResult result) {
    return new KaplanMeierTables(this, result).report();
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    if (counts.times().declared().isEmpty()) {
      sentences.add("Sum 1: " + SurvivalTimes.searchSentence());
    }
    sentences.add("Sum " + (sentences.size() + 1) + ": " + counts.sentence());
    return sentences;
  }
}
