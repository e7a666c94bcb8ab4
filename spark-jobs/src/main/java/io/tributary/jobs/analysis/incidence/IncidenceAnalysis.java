package io.tributary.jobs.analysis.incidence;

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
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** First events per person and per person-year; see the package's card. */
public final class IncidenceAnalysis implements OneSumAnalysis<IncidenceResult> {
  static final String AT_RISK = "at risk";
  static final String EVENTS = "events";
  static final String DAYS = "days";
  static final String NOT_AT_RISK = "not at risk";
  static final String MISSING = "missing";
  static final String UNGROUPED = "ungrouped";

  /** Cells of one sum. */
  private static final int MAX_CELLS = 10_000;

  private final Job job;
  private final Field outcome;
  private final Field time;
  private final Optional<Field> prior;
  private final TimeAtRisk risk;
  private final Grouping grouping;
  private final Optional<StandardPopulation> standard;
  private final double confidence;

  private IncidenceAnalysis(Job job, Options options) {
    this.job = job;
    this.outcome =
        Field.days(
            job, options, "outcome", options.requiredText("outcome", "days to the first event"));
    this.time =
        Field.days(
            job, options, "time", options.requiredText("time", "days to the end of observation"));
    this.prior = options.text("prior").map(column -> Field.flag(job, options, "prior", column));
    this.risk = risk(options);
    this.grouping = Grouping.of(job, options);
    this.standard = StandardPopulation.of(job, options);
    this.confidence = options.between("confidence", 0.95, 0, 1);
    if (standard.isPresent() && groupedBy(standard.get().ages().column())) {
      throw options.refuse("standardise", "names a column of by", "another column");
    }
    if ((long) grouping.groups() * ages() > MAX_CELLS) {
      throw options.refuse(
          "by", "makes " + (long) grouping.groups() * ages() + " cells", "at most " + MAX_CELLS);
    }
  }

  /**
   * Reads the options {@code outcome}, {@code time}, {@code prior}, {@code risk}, {@code by},
   * {@code standardise}, {@code population} and {@code confidence}.
   */
  public static IncidenceAnalysis of(Job job) {
    return new IncidenceAnalysis(
        job,
        Options.of(
            job.spec(),
            "outcome",
            "time",
            "prior",
            "risk",
            "by",
            "standardise",
            "population",
            "confidence"));
  }

  private static TimeAtRisk risk(Options options) {
    double[] days = options.numbers("risk", 1);
    boolean whole = days.length == 1 || days.length == 2;
    for (double day : days) {
      whole &= day == Math.rint(day) && day >= 0 && day <= TimeAtRisk.MAX_DAYS;
    }
    if (!whole || (days.length == 2 && days[1] < days[0])) {
      throw options.refuse(
          "risk",
          "is no time at risk",
          "the first day after the index date, or the first and the last, from 0 to "
              + TimeAtRisk.MAX_DAYS);
    }
    return new TimeAtRisk((int) days[0], days.length == 2 ? (int) days[1] : TimeAtRisk.MAX_DAYS);
  }

  private boolean groupedBy(String column) {
    return grouping.fields().stream().anyMatch(field -> field.column().equals(column));
  }

  private int ages() {
    return standard.map(StandardPopulation::levels).orElse(1);
  }

  Job job() {
    return job;
  }

  /** Whom it finds at risk: two analyses that say the same here have the same persons there. */
  String question() {
    return outcome.column()
        + prior.map(each -> " without " + each.column()).orElse("")
        + " until "
        + time.column()
        + " from day "
        + risk.first()
        + " to "
        + risk.last()
        + standard.map(each -> ", with " + each.ages().column()).orElse("");
  }

  /** Days at risk that a row can have, by the time at risk and the range of {@code time}. */
  int mostDays() {
    ColumnSpec declared = job.study().columns().get(time.column());
    double end =
        Optional.ofNullable(declared).flatMap(ColumnSpec::range).map(Range::high).orElse(1e9);
    return (int) Math.min(risk.last(), end) - risk.first() + 1;
  }

  Grouping grouping() {
    return grouping;
  }

  Optional<StandardPopulation> standard() {
    return standard;
  }

  double confidence() {
    return confidence;
  }

  @Override
  public Layout layout(OneSum state) {
    long most = job.personsPerSite();
    int cells = grouping.groups() * ages();
    return Layout.of(job.sites())
        .count(AT_RISK, cells, "person", 1, most)
        .count(EVENTS, cells, "person", 1, most)
        .count(
            DAYS,
            cells,
            "day",
            TimeAtRisk.MAX_DAYS + 1L,
            Math.multiplyExact(most, TimeAtRisk.MAX_DAYS + 1L))
        .count(NOT_AT_RISK, grouping.groups(), "person", 1, most)
        .count(MISSING, 1, "person", 1, most)
        .count(UNGROUPED, 1, "person", 1, most)
        .build();
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    List<Field> measured = new ArrayList<>(List.of(outcome, time));
    prior.ifPresent(measured::add);
    standard.ifPresent(population -> measured.add(population.ages()));
    int levels = standard.map(StandardPopulation::levels).orElse(0);
    return GroupedReader.blocks(table, grouping, measured)
        .sum(layout(state), new IncidenceKernel(risk, prior.isPresent(), levels));
  }

  @Override
  public String form() {
    return "incidence/1";
  }

  @Override
  public IncidenceResult result(Aggregate sum) {
    return new IncidenceResult(
        Counts.of(sum.counts(AT_RISK)),
        Counts.of(sum.counts(EVENTS)),
        Counts.of(sum.counts(DAYS)),
        Counts.of(sum.counts(NOT_AT_RISK)),
        sum.count(MISSING),
        sum.count(UNGROUPED));
  }

  @Override
  public AnalysisReport present(IncidenceResult result) {
    return new IncidenceTables(this, result).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return IncidenceTables.placed(this, report);
  }

  @Override
  public Demand demand() {
    return Demand.ofRounds(1).crossing(grouping.fields().size() + (standard.isPresent() ? 1 : 0));
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: persons at risk, persons with an event and days at risk"
            + grouping.sentence()
            + standard
                .map(each -> ", at each of " + each.levels() + " levels of " + each.ages().column())
                .orElse("")
            + "; persons not at risk"
            + grouping.sentence()
            + "; rows that lack a value.");
  }
}
