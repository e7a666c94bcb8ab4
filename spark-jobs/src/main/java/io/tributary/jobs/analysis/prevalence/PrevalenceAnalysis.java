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
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study.AnalysisSpec;
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
  private final Question question;
  private final List<Field> measured;
  private final Calendar calendar;
  private final Grouping grouping;

  private PrevalenceAnalysis(Job job, Options options) {
    this.job = job;
    this.question = Question.of(options);
    this.measured =
        List.of(
            Field.days(job, options, "index", question.index()),
            Field.days(job, options, "outcome", question.outcome()),
            Field.days(job, options, "time", question.time()));
    requireOneQuestion();
    this.grouping = Grouping.of(job, options);
    this.calendar =
        Calendar.of(question.unit(), date(options, "from"), date(options, "to"), MAX_CELLS);
    if (calendar.size() == 0) {
      String unit = question.unit().name().toLowerCase(Locale.ROOT);
      throw options.refuse("to", "leaves none of the " + unit + " whole", "a later day");
    }
    if (2L * calendar.size() * grouping.groups() > MAX_CELLS) {
      throw options.refuse(
          "interval",
          "makes more than " + MAX_CELLS + " cells",
          "longer periods, fewer of them, or fewer groups");
    }
  }

  /**
   * Reads the options {@code outcome}, {@code time}, {@code index}, {@code interval}, {@code from},
   * {@code to}, {@code at}, {@code contribution} and {@code by}.
   */
  public static PrevalenceAnalysis of(Job job) {
    return new PrevalenceAnalysis(job, Question.options(job.spec()));
  }

  /** Who is in one count and not in another that asks almost the same may be a handful. */
  private void requireOneQuestion() {
    for (AnalysisSpec earlier : job.study().analyses().subList(0, job.number())) {
      if (earlier.type().equals(job.spec().type())) {
        Question other = Question.of(Question.options(earlier));
        if (other.outcome().equals(question.outcome()) && !other.equals(question)) {
          throw Errors.invalid(
              ErrorCode.STUDY_INVALID,
              "analyses." + job.name(),
              "'"
                  + earlier.name()
                  + "' has the same outcome, but not the same index, time, interval, at and"
                  + " contribution: the few who are in one of them only would be told.",
              "Give both the same of these, or leave one out.");
        }
      }
    }
  }

  private static LocalDate date(Options options, String name) {
    String text = options.requiredText(name, "a date, such as '2015-01-01'");
    try {
      LocalDate date = LocalDate.parse(text);
      if (date.getYear() >= 1 && date.getYear() <= 9999) {
        return date;
      }
    } catch (DateTimeException noDate) {
      // It is refused like one of another age.
    }
    throw options.refuse(name, "is '" + text + "'", "a date, such as '2015-01-01'");
  }

  Job job() {
    return job;
  }

  Question question() {
    return question;
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
        .sum(layout(state), new PrevalenceKernel(calendar, question.presence(), grouping.groups()));
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
  public Demand demand() {
    return Demand.ofRounds(1).crossing(grouping.fields().size());
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
