package io.tributary.jobs.analysis.prevalence;

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
import io.tributary.report.AnalysisReport;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** Shares of the observed who have had an event, by calendar period; see the package's card. */
public final class PrevalenceAnalysis implements OneSumAnalysis<PrevalenceResult> {
  static final String PERSONS = "persons";
  static final String MISSING = "missing";
  static final String UNGROUPED = "ungrouped";

  /** A decade of months by sex; of more, the study's gate could not see what follows. */
  private static final int MAX_CELLS = 500;

  private final Job job;
  private final List<Field> measured;
  private final Calendar calendar;
  private final Presence presence;
  private final Grouping grouping;

  private PrevalenceAnalysis(Job job, Options options) {
    this.job = job;
    this.measured =
        List.of(
            Field.days(
                job,
                options,
                "index",
                options.requiredText("index", "the date that days count from, such as index_date")),
            Field.days(
                job,
                options,
                "outcome",
                options.requiredText("outcome", "days to the first event")),
            Field.days(
                job,
                options,
                "time",
                options.requiredText("time", "days to the end of observation")));
    this.presence = presence(options);
    this.grouping = Grouping.of(job, options);
    String unit = options.word("interval", "years", List.of("years", "quarters", "months"));
    LocalDate from = date(options, "from");
    LocalDate to = date(options, "to");
    this.calendar = Calendar.of(Calendar.Unit.valueOf(unit.toUpperCase(Locale.ROOT)), from, to);
    if (calendar.size() == 0) {
      throw options.refuse("to", "leaves none of the " + unit + " whole", "a later day");
    }
    long cells = 2L * calendar.size() * grouping.groups();
    if (cells > MAX_CELLS) {
      throw options.refuse("interval", "makes " + cells + " cells", "at most " + MAX_CELLS);
    }
  }

  /**
   * Reads the options {@code outcome}, {@code time}, {@code index}, {@code interval}, {@code from},
   * {@code to}, {@code at}, {@code contribution} and {@code by}.
   */
  public static PrevalenceAnalysis of(Job job) {
    return new PrevalenceAnalysis(
        job,
        Options.of(
            job.spec(),
            "outcome",
            "time",
            "index",
            "interval",
            "from",
            "to",
            "at",
            "contribution",
            "by"));
  }

  private static Presence presence(Options options) {
    boolean point = options.word("at", "period", List.of("period", "point")).equals("point");
    boolean full = options.word("contribution", "any", List.of("any", "full")).equals("full");
    if (point && full) {
      throw options.refuse("contribution", "is about periods", "no contribution at points");
    }
    return point ? Presence.POINT : full ? Presence.FULL : Presence.ANY;
  }

  private static LocalDate date(Options options, String name) {
    String text = options.requiredText(name, "a date, such as '2015-01-01'");
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException noDate) {
      throw options.refuse(name, "is '" + text + "'", "a date, such as '2015-01-01'");
    }
  }

  Job job() {
    return job;
  }

  Grouping grouping() {
    return grouping;
  }

  Calendar calendar() {
    return calendar;
  }

  @Override
  public Layout layout(OneSum state) {
    long most = job.personsPerSite();
    return Layout.of(job.sites())
        .count(PERSONS, 2 * calendar.size() * grouping.groups(), "person", 1, most)
        .count(MISSING, 1, "person", 1, most)
        .count(UNGROUPED, 1, "person", 1, most)
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    return GroupedReader.blocks(table, grouping, measured)
        .sum(layout(state), new PrevalenceKernel(calendar, presence, grouping.groups()));
  }

  @Override
  public String form() {
    return "prevalence/1";
  }

  @Override
  public PrevalenceResult result(Aggregate sum) {
    return new PrevalenceResult(
        Counts.of(sum.counts(PERSONS)), sum.count(MISSING), sum.count(UNGROUPED));
  }

  @Override
  public AnalysisReport present(PrevalenceResult result) {
    return new PrevalenceTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return PrevalenceTables.placed(this);
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: persons observed with and without an event in each of "
            + calendar.size()
            + " periods of the calendar"
            + grouping.sentence()
            + "; rows that lack a value.");
  }
}
