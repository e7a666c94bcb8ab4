package io.tributary.jobs.analysis.logrank;

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
import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.LogRank.Weight;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tests whether groups differ in their hazards; see the package's card. */
public final class LogRankAnalysis implements StudyAnalysis<GridState, LogRankResult> {
  private static final String FORM = "logrank/1";
  private static final String FLEMING_HARRINGTON = "fleming-harrington";

  /** Largest exponent; beyond it one or two times decide alone. */
  private static final double MAX_EXPONENT = 100;

  private final Job job;
  private final Grouping groups;
  private final Grouping strata;
  private final LifeTables counts;
  private final String test;
  private final Weight weight;
  private final Reals trend;

  private LogRankAnalysis(Job job, Options options) {
    this.job = job;
    this.groups = Grouping.of(job, options);
    if (groups.groups() < 2) {
      throw options.refuse(
          "by", groups.isGrouped() ? "makes one group" : "is missing", "one or two columns");
    }
    this.strata = Grouping.of(job, options, "strata");
    Grouping all = groups.within(strata, options, "strata");
    String time = options.requiredText("time", "one numeric column");
    SurvivalTimes times =
        SurvivalTimes.of(job, options, time, false, LifeTables.limit(all.groups(), 1, options));
    this.counts = new LifeTables(all, times, all.groups());
    this.test =
        options.word(
            "test",
            "log-rank",
            List.of("log-rank", "gehan", "tarone-ware", "peto", FLEMING_HARRINGTON));
    this.weight = weight(options, test);
    this.trend = Reals.of(options.numbers("trend"));
    if (trend.size() > 0 && trend.size() != groups.groups()) {
      throw options.refuse(
          "trend",
          "has " + trend.size() + " scores",
          groups.groups() + " numbers, one for each group");
    }
    if (trend.size() > 0 && Arrays.stream(trend.toArray()).distinct().count() == 1) {
      throw options.refuse("trend", "gives all groups one score", "scores that differ");
    }
  }

  private static Weight weight(Options options, String test) {
    for (String exponent : List.of("rho", "gamma")) {
      if (options.has(exponent) && !test.equals(FLEMING_HARRINGTON)) {
        throw options.refuse(
            exponent, "is not part of test '" + test + "'", "test: " + FLEMING_HARRINGTON);
      }
    }
    return switch (test) {
      case "gehan" -> new Weight(1, 0, 0);
      case "tarone-ware" -> new Weight(0.5, 0, 0);
      case "peto" -> new Weight(0, 1, 0);
      case FLEMING_HARRINGTON ->
          new Weight(0, exponent(options, "rho", 1), exponent(options, "gamma", 0));
      default -> Weight.LOG_RANK;
    };
  }

  private static double exponent(Options options, String name, double fallback) {
    double[] given = options.numbers(name, fallback);
    if (given.length != 1 || !(given[0] >= 0 && given[0] <= MAX_EXPONENT)) {
      throw options.refuse(
          name, "is not an exponent", "one number from 0 to " + (int) MAX_EXPONENT);
    }
    return given[0];
  }

  /**
   * Reads the options {@code time}, {@code event}, {@code entry}, {@code by}, {@code strata},
   * {@code resolution}, {@code test}, {@code rho}, {@code gamma} and {@code trend}.
   */
  public static LogRankAnalysis of(Job job) {
    return new LogRankAnalysis(
        job,
        Options.of(
            job.spec(),
            "time",
            "event",
            "entry",
            "by",
            "strata",
            "resolution",
            "test",
            "rho",
            "gamma",
            "trend"));
  }

  Job job() {
    return job;
  }

  Grouping groups() {
    return groups;
  }

  Grouping strata() {
    return strata;
  }

  /** The test's name, as the option has it. */
  String test() {
    return test;
  }

  public Weight weight() {
    return weight;
  }

  /** Scores of the groups for a test of trend, or none. */
  Reals trend() {
    return trend;
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
  public Step<GridState, LogRankResult> update(GridState state, Aggregate sum) {
    if (!(state instanceof GridState.Counting counting)) {
      return new Step.Next<>(new GridState.Counting(counts.times().found(sum)));
    }
    List<LifeTable> tables = counts.tables(counting.grid(), sum);
    List<List<LifeTable>> byStratum = new ArrayList<>();
    for (int first = 0; first < tables.size(); first += groups.groups()) {
      byStratum.add(tables.subList(first, first + groups.groups()));
    }
    return new Step.Done<>(new LogRankResult(counting.grid(), byStratum, LifeTables.dropped(sum)));
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
  public AnalysisReport present(LogRankResult result) {
    return new LogRankTables(this, result).report();
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    List<PlacedCount> placed = new ArrayList<>(counts.counts(LogRankTables.GROUPS, groups));
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
