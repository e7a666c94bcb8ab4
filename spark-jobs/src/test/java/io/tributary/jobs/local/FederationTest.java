package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultComparison;
import io.tributary.report.ResultFolder;
import io.tributary.report.StudyReport;
import io.tributary.report.StudyReport.SiteParticipation;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole protocol over real tables in one process: masked answers are the pooled bits. */
class FederationTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String STUDY =
      """
      study: lung
      sites: [north, south, east, west]
      cohort: {from: lung, derive: {dead: status - 1}}
      columns:
        sex: {levels: ["1", "2"]}
        age: {type: number, range: [0, 120], unit: year}
        dead: {type: integer, range: [0, 1]}
        time: {type: integer, range: [0, 1100], unit: day}
      analyses:
        - {name: table-one, type: summary, columns: [age, wt.loss], by: sex}
        - {name: outcome, type: crosstab, columns: [sex, dead]}
        - {name: model, type: glm, formula: "dead ~ age + sex", family: binomial}
      """;

  /** A model whose states hold event times, and whose sums are about single persons. */
  private static final String SURVIVAL =
      """
        - {name: hazards, type: cox, formula: "Surv(time, dead) ~ age + sex", sparse: allow}
      """;

  @TempDir Path folder;

  @Test
  void theMaskedAnswerIsThePooledOneBitForBit() throws IOException {
    List<SiteId> sites = sites("north", "south", "east", "west");
    LocalFederation federation = federation(sites, sites);

    Path federated = run(federation, STUDY + SURVIVAL, sites);

    Path pooled = folder.resolve("pooled");
    LocalPooled.run(
        study(STUDY + SURVIVAL),
        sites.stream().map(federation::readSite).toList(),
        pooled,
        SharedSpark::session,
        CLOCK);
    ResultComparison comparison = ResultComparison.between(federated, pooled);
    assertThat(comparison.columns()).hasSizeGreaterThan(20);
    assertThat(comparison.identical()).as(comparison.text()).isTrue();
    StudyReport report = ResultFolder.read(federated);
    assertThat(report.sites()).extracting(SiteParticipation::role).containsOnly("CONTRIBUTED");
    assertThat(report.rounds()).hasSizeGreaterThan(6);
    assertThat(report.shape()).startsWith("QUORUM of 4 sites");
    assertThat(federated.resolve("model/coefficients.parquet")).exists();
    assertThat(report.analyses()).extracting(AnalysisReport::outcome).containsOnly("OK");
  }

  @Test
  void aSiteAwayFromTheStartIsLeftOutAndNamed() throws IOException {
    List<SiteId> present = sites("north", "south", "east");
    LocalFederation federation = federation(sites("north", "south", "east", "west"), present);

    StudyReport report = ResultFolder.read(run(federation, STUDY, present));

    assertThat(report.sites())
        .extracting(site -> site.site() + " " + site.role())
        .containsExactlyInAnyOrder(
            "east CONTRIBUTED", "north CONTRIBUTED", "south CONTRIBUTED", "west ABSENT");
    assertThat(report.shape()).startsWith("ALL of 3 sites");
    assertThat(report.analyses().get(0).persons()).isEqualTo(200);
  }

  @Test
  void aPolicyThatForbidsAnAnalysisEndsTheStudyWithItsCode() throws IOException {
    List<SiteId> sites = sites("north", "south", "east");
    String study = STUDY.replace(", west]", "]");
    Files.createDirectories(folder.resolve("data/north"));
    Files.writeString(
        folder.resolve("data/north/site.yaml"),
        """
        catalog: {lung: {format: csv, path: lung.csv}}
        policy: {datasets: [lung], columns: [all], analyses: [summary], analysts: [all], purposes: all, approval: rules}
        """);
    LocalFederation federation = federation(sites, sites);

    assertThatThrownBy(() -> run(federation, study, sites))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.POLICY_REFUSED);
              assertThat(e.code().exitCode()).isEqualTo(3);
              assertThat(e.remedy()).isNotBlank();
            });
    assertThat(folder.resolve("federated")).doesNotExist();
  }

  @Test
  void aValueBeyondItsRangeEndsTheStudyWithItsCodeAndNoResult() throws IOException {
    List<SiteId> sites = sites("north", "south", "east");
    String study = STUDY.replace(", west]", "]").replace("[0, 120]", "[0, 70]");
    LocalFederation federation = federation(sites, sites);

    assertThatThrownBy(() -> run(federation, study, sites))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("VALUE_OUT_OF_BOUNDS");
    assertThat(folder.resolve("federated")).doesNotExist();
  }

  private Path run(LocalFederation federation, String study, List<SiteId> present) {
    Path out = folder.resolve("federated");
    Recorder recorder = new Recorder();
    new LocalRun(federation, study(study), present, CLOCK, new SecureRandom())
        .inOneJvm(out, SharedSpark::session, recorder, recorder);
    return out;
  }

  private LocalFederation federation(List<SiteId> sites, List<SiteId> present) throws IOException {
    split(present);
    return LocalFederation.create(
        folder.resolve("home"),
        folder.resolve("data"),
        sites,
        present,
        LocalFederation.Transport.FILES,
        Duration.ofSeconds(present.size() < sites.size() ? 3 : 180),
        CLOCK,
        new SecureRandom());
  }

  /** Rows 1-90 to the first site, 91-150, 151-200, and the rest. */
  private void split(List<SiteId> sites) throws IOException {
    List<String> lines;
    try (InputStream table =
        FederationTest.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      lines = new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    int[] ends = {90, 150, 200, lines.size() - 1};
    int from = 0;
    for (int i = 0; i < sites.size(); i++) {
      Path site = Files.createDirectories(folder.resolve("data").resolve(sites.get(i).value()));
      StringBuilder text = new StringBuilder(lines.get(0)).append('\n');
      lines.subList(from + 1, ends[i] + 1).forEach(line -> text.append(line).append('\n'));
      Files.writeString(site.resolve("lung.csv"), text);
      from = ends[i];
    }
  }

  private static StudyFile study(String yaml) {
    return StudyFile.of(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private static List<SiteId> sites(String... names) {
    return java.util.Arrays.stream(names).map(SiteId::new).toList();
  }
}
