package io.tributary.jobs.local;

import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.Versions;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.StudyGate;
import io.tributary.jobs.report.ParquetTables;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.StudyRows;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ReportWriter;
import io.tributary.report.StudyReport;
import io.tributary.report.StudyReport.SiteParticipation;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * The same analyses on all rows at one place, without masks: what a federated result has to equal.
 * For data that may lie together, such as one's own.
 */
public final class LocalPooled {
  private LocalPooled() {}

  /**
   * Runs a study's analyses over the tables of these sites and writes the results.
   *
   * @param sites whose datasets to pool; only {@code catalog} and {@code references} are used
   */
  public static void run(
      StudyFile file, List<SiteConfig> sites, Path out, Supplier<SparkSession> spark, Clock clock) {
    Study study = file.study();
    if (study.privacy().isPresent()) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          "privacy",
          "rows in one place are added without noise, so nothing of it would be private.",
          "Remove the section from a copy of the study to see what the noise is added to.");
    }
    Instant started = clock.instant();
    List<SiteTable> tables = new ArrayList<>();
    try (KeptCohorts cohorts = new KeptCohorts()) {
      for (SiteConfig site : sites) {
        tables.add(StudyRows.open(spark.get(), site, study, SiteTable.Traces.NONE, cohorts));
      }
      List<AnalysisReport> reports = new ArrayList<>();
      for (int job = 0; job < study.analyses().size(); job++) {
        reports.add(Pooled.report(Catalog.create(study, job, sites.get(0).references()), tables));
      }
      new ReportWriter(List.of(new ParquetTables()))
          .write(
              report(file, sites, StudyGate.review(study, reports), started, clock.instant()), out);
    } finally {
      tables.forEach(SiteTable::close);
    }
  }

  private static StudyReport report(
      StudyFile file,
      List<SiteConfig> sites,
      List<AnalysisReport> reports,
      Instant started,
      Instant finished) {
    List<SiteParticipation> parts = new ArrayList<>();
    for (SiteId site : file.study().sites()) {
      boolean there = sites.stream().anyMatch(each -> each.site().equals(site));
      parts.add(
          new SiteParticipation(
              site.value(), site.value(), there ? "CONTRIBUTED" : "ABSENT", 0, -1));
    }
    return new StudyReport(
        file.study().name(),
        file.digest().hex(),
        "",
        file.study().analyst(),
        "pooled: all rows at one place, without masks",
        started,
        finished,
        parts,
        reports,
        List.of(),
        List.of("The rows of all sites were read by one process."),
        List.of(),
        Versions.all());
  }
}
