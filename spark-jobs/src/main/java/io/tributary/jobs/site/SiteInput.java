package io.tributary.jobs.site;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.exchange.StepInput;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.study.StudyRows;
import io.tributary.ledger.CohortFingerprint;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.StepId;
import io.tributary.report.AnalysisReport;
import io.tributary.study.SiteConfig;
import io.tributary.study.SitePolicy;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * A site's partials: the study's analyses over the site's own table, which is opened when the first
 * row is needed and stays as it was then until the study is over (PROTOCOL.md 2.5, one input per
 * step).
 */
final class SiteInput implements StepInput, AutoCloseable {
  private final Study study;
  private final SiteConfig config;
  private final Supplier<SparkSession> spark;
  private final List<Program<SiteTable, AnalysisReport>> programs = new ArrayList<>();
  private final KeptCohorts cohorts;
  private final Clips clips;
  private Optional<SiteTable> table = Optional.empty();

  /** Is told how often the site's persons were clipped for a step. */
  @FunctionalInterface
  interface Clips {
    void clipped(StepId step, Layout layout, Partial.Clipped counts);
  }

  SiteInput(
      Study study,
      SiteConfig config,
      Supplier<SparkSession> spark,
      KeptCohorts cohorts,
      Clips clips) {
    this.cohorts = cohorts;
    this.clips = clips;
    this.study = study;
    this.config = config;
    this.spark = spark;
    for (int job = 0; job < study.analyses().size(); job++) {
      programs.add(Catalog.create(study, job).program());
    }
  }

  @Override
  public Layout layout(int job, int step, byte[] broadcast) {
    return programs.get(job).layout(broadcast);
  }

  @Override
  public Partial contribute(int job, int step, byte[] broadcast) {
    Partial partial = programs.get(job).contribute(broadcast, table());
    partial
        .clipped()
        .ifPresent(counts -> clips.clipped(new StepId(job, step), partial.layout(), counts));
    return partial;
  }

  @Override
  public byte[] start(int job) {
    return programs.get(job).start();
  }

  @Override
  public Optional<byte[]> next(int job, byte[] broadcast, Aggregate sum) {
    return programs.get(job).update(broadcast, sum) instanceof Step.Next<byte[], ?> next
        ? Optional.of(next.state())
        : Optional.empty();
  }

  /**
   * Whether the cohort has to be compared with earlier ones. Where every sum has noise, what two
   * cohorts tell about the persons in whom they differ is in the budget already.
   */
  boolean isCompared() {
    return study.privacy().isEmpty() && config.policy().cohorts() == SitePolicy.Cohorts.COMPARED;
  }

  /**
   * Who is in the cohort, and with which values, by dataset: the cohort's own, and those that are
   * joined to it. Opens the table. Only if it is compared.
   */
  Map<String, CohortFingerprint> fingerprints(PrivacyLedger ledger) {
    SiteTable opened = table();
    List<String> columns = opened.rememberedColumns();
    String from = study.cohort().from();
    String unit = opened.personColumn().orElse(CohortFingerprint.ROWS);
    Map<String, CohortFingerprint.Builder> cohorts = new LinkedHashMap<>();
    Map<String, int[]> read = new HashMap<>();
    cohorts.put(from, ledger.cohort(from, unit, columns));
    read.put(from, IntStream.range(0, columns.size()).toArray());
    for (Study.Join join : study.cohort().joins()) {
      if (!join.ofRecords()) {
        int[] own =
            IntStream.range(0, columns.size())
                .filter(at -> columns.get(at).startsWith(join.prefix()))
                .toArray();
        read.put(join.table(), own);
        cohorts.put(
            join.table(),
            ledger.cohort(
                join.table(),
                CohortFingerprint.joinedUnit(from, unit),
                IntStream.of(own).mapToObj(columns::get).toList()));
      }
    }
    opened.remember(
        (person, values) ->
            cohorts.forEach(
                (dataset, cohort) ->
                    cohort.row(
                        person, IntStream.of(read.get(dataset)).mapToObj(values::get).toList())));
    Map<String, CohortFingerprint> fingerprints = new LinkedHashMap<>();
    cohorts.forEach((dataset, cohort) -> fingerprints.put(dataset, cohort.build()));
    return fingerprints;
  }

  private SiteTable table() {
    if (table.isEmpty()) {
      SiteTable.Traces traces = isCompared() ? SiteTable.Traces.KEPT : SiteTable.Traces.NONE;
      table = Optional.of(StudyRows.open(spark.get(), config, study, traces, cohorts));
    }
    return table.get();
  }

  @Override
  public void close() {
    table.ifPresent(SiteTable::close);
    table = Optional.empty();
  }
}
