package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedData;
import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.analysis.HealthRecords;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.Cell;
import io.tributary.report.ResultComparison;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.report.StudyReport;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cohort by definition over the health records of four sites, under masks. */
class CohortFederationTest {
  /** The steps of sql/06_attrition_celecoxib_by_site.sql, but for those who are not observed. */
  private static final String STUDY =
      """
      study: celecoxib
      sites: [s0, s1, s2, s3]
      cohort:
        from: omop
        definition: |
          concepts:
            celecoxib: {ids: [1118084], descendants: false}
            naproxen: {ids: [1115008], descendants: false}
            bleed: {ids: [192671], descendants: false}
          entry: {drug era: celecoxib, first: true, observed: [-365d, 0d]}
          require:
            - {name: adults, age: [18, all]}
          exclude:
            - {name: no bleed, condition: bleed, window: [all, -1d], outside observation: true}
            - {name: no naproxen, drug era: naproxen, window: [all, -1d], outside observation: true}
      columns:
        sex: {levels: [male, female]}
        age: {type: number, range: [0, 120], unit: year}
      analyses:
        - {name: table-one, type: summary, columns: [age], by: sex}
        - {name: sexes, type: crosstab, columns: [sex]}
        - {name: steps, type: attrition}
      """;

  @TempDir Path folder;

  @Test
  void theMaskedAnswerIsThePooledOneAndTheOracles() throws IOException {
    HealthRecords.split(
        folder.resolve("data"),
        List.of("person", "observation_period", "drug_era", "condition_occurrence"));
    List<SiteId> sites = Stream.of("s0", "s1", "s2", "s3").map(SiteId::new).toList();
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            sites,
            sites,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            Clock.systemUTC(),
            new SecureRandom());
    StudyFile study = StudyFile.of(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml");
    Path federated = folder.resolve("federated");
    Recorder recorder = new Recorder();
    new LocalRun(federation, study, sites, Clock.systemUTC(), new SecureRandom())
        .inOneJvm(federated, SharedSpark::session, recorder, recorder);

    Path pooled = folder.resolve("pooled");
    LocalPooled.run(
        study,
        sites.stream().map(federation::readSite).toList(),
        pooled,
        SharedSpark::session,
        Clock.systemUTC());
    ResultComparison comparison = ResultComparison.between(federated, pooled);
    assertThat(comparison.identical()).as(comparison.text()).isTrue();
    StudyReport report = ResultFolder.read(federated);
    long[] expected = new long[4];
    for (String line :
        Files.readAllLines(
                SharedData.require(
                    "oracles/omop-gibleed/expected/06_attrition_celecoxib_by_site.csv"))
            .stream()
            .skip(1)
            .toList()) {
      String[] counts = line.trim().split(",");
      for (int step = 0; step < expected.length; step++) {
        expected[step] += Long.parseLong(counts[2 + step]);
      }
    }
    assertThat(report.analyses().get(0).persons()).isEqualTo(expected[3]);
    ResultTable steps = report.analyses().get(2).tables().get(0);
    for (int step = 0; step < expected.length; step++) {
      List<Cell> row = steps.rows().get(step);
      assertThat(row.get(steps.column("number_subjects"))).isEqualTo(Cell.of(expected[step]));
      assertThat(row.get(steps.column("excluded_subjects")))
          .isEqualTo(Cell.of(step == 0 ? 0 : expected[step - 1] - expected[step]));
    }
  }
}
