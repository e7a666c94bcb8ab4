package io.tributary.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.Outcome;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultFolder;
import io.tributary.report.StudyReport;
import io.tributary.study.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one site's data, or a site that stays away, does to a whole study. Faults of single values
 * are in {@link TableFaultsTest}; here they go through the protocol.
 */
class FederationFaultsTest {
  @TempDir Path folder;
  private Trial trial;

  @BeforeEach
  void prepare() throws IOException {
    trial = Trial.in(folder);
  }

  @Test
  void aBadValueAtOneSiteEndsTheStudyWithTheSitesReasonAndNoResult() throws IOException {
    trial.firstRow("north", "p0,fifty,male,20,0");

    trial
        .run()
        .refused(
            ErrorCode.DATA_INVALID,
            "Site 'north' does not contribute to analysis 'table-one'",
            "column 'age': in 1 row (first: row 1) a number is expected and text is found")
        .withoutStackTrace();

    assertThat(trial.out()).doesNotExist();
    assertThat(folder).isDirectoryNotContaining("glob:**.out*");
  }

  @Test
  void aSiteWithoutPersonsAndOneWithAllMissingContributeNothingAndWorks() throws IOException {
    trial.rows("east", List.of("p0,110,male,,0"));
    trial.rows("north", List.of("p100,,,,", "p101,,,,"));
    trial.study(Trial.STUDY.replace("from: visits", "from: visits, where: not (age > 100)"));

    trial.run().done();

    StudyReport report = ResultFolder.read(trial.out());
    assertThat(report.sitesOf("CONTRIBUTED")).containsExactly("east", "north", "south");
    assertThat(report.analyses().get(0).persons()).isEqualTo(24);
  }

  @Test
  void nobodyAtAnySiteIsANamedOutcome() throws IOException {
    trial.rows("south", Trial.goodRows(2, 1));
    trial.study(
        Trial.STUDY.replace("from: visits", "from: visits, where: age > 119")
            + "  - {name: model, type: glm, formula: \"dead ~ age\", family: binomial}\n"
            + "  - {name: table, type: crosstab, columns: [sex, dead]}\n");

    trial
        .run()
        .refused(
            ErrorCode.SUPPRESSED,
            "Nothing of study 'trial' could be released",
            "table-one TOO_FEW_PERSONS, model TOO_FEW_PERSONS, table TOO_FEW_PERSONS")
        .withoutStackTrace();

    assertThat(ResultFolder.read(trial.out()).analyses())
        .extracting(AnalysisReport::persons)
        .containsOnly(-1L);
  }

  @Test
  void anAnalysisThatAPolicyForbidsIsRefusedWithTheRule() throws IOException {
    Files.writeString(
        trial.table("east").resolveSibling("site.yaml"),
        """
        catalog: {visits: {format: csv, path: visits.csv}}
        policy:
          datasets: [visits]
          columns: [all]
          analyses: [glm]
          analysts: [all]
          purposes: [all]
        """);

    trial
        .run()
        .refused(ErrorCode.POLICY_REFUSED, "east", "'analyses' refuses", "type 'summary'")
        .withoutStackTrace();

    assertThat(trial.out()).doesNotExist();
  }

  @Test
  void aSiteWithoutAFolderIsNamedBeforeAnythingStarts() throws IOException {
    Files.delete(trial.table("east"));
    Files.delete(trial.table("east").getParent());

    trial.run().refused(ErrorCode.DATA_MISSING, "'east'", "--absent").withoutStackTrace();
    assertThat(trial.out()).doesNotExist();
  }

  @Test
  void aFolderOfOtherFilesIsNoPlaceForResultsAndThatIsSaidFirst() throws IOException {
    Files.createDirectories(trial.out());
    Path mine = Files.writeString(trial.out().resolve("mine.txt"), "mine");
    String[] pooled = {
      "local",
      "pooled",
      trial.at("study.yaml"),
      "--sites",
      trial.at("sites"),
      "--out",
      trial.at("out")
    };

    for (Outcome outcome : List.of(trial.run(), Trial.command(pooled))) {
      outcome.refused(ErrorCode.RESULTS_FOREIGN, "'mine.txt'").withoutStackTrace();
      assertThat(outcome.err() + outcome.out()).doesNotContain("ready", "status");
    }

    assertThat(mine).hasContent("mine");
    assertThat(trial.out()).isDirectoryNotContaining("glob:**.json");
  }

  @Test
  void fewerSitesThanTheShapeAllowsAreRefusedBeforeAnythingStarts() {
    trial
        .run("--absent", "east")
        .refused(ErrorCode.THRESHOLD_LOST, "needs 3 sites, and 2 take part")
        .withoutStackTrace();
    assertThat(trial.out()).doesNotExist();
  }

  @Test
  void aSiteThatNeverComesEndsTheStudyAtItsDeadlineByName() throws IOException {
    trial.prepare("--transport", "files");
    deadlines("deadlines: {setup: 1s, upload: 1s, unmask: 1s, site: 2s}");
    submit();

    Trial.command(
            "coordinator",
            "run",
            "--config",
            trial.at("home/coordinator/coordinator.yaml"),
            "--study",
            digest(),
            "--out",
            trial.at("out"))
        .refused(ErrorCode.THRESHOLD_LOST, "deadline has passed", "east, north, south")
        .withoutStackTrace();

    assertThat(trial.out()).doesNotExist();
    // Whoever asks for the results later hears the same.
    Trial.command(
            "study",
            "results",
            "--config",
            trial.at("home/analyst/analyst.yaml"),
            "--out",
            trial.at("fetched"),
            digest())
        .refused(ErrorCode.THRESHOLD_LOST, "released nothing")
        .withoutStackTrace();
  }

  @Test
  void aSlowSiteEndsTheStudyAtItsDeadlineByName() throws IOException {
    // A database that takes the connection and never says a word.
    try (ServerSocket database = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          trial.table("east").resolveSibling("site.yaml"),
          """
          catalog:
            visits:
              format: jdbc
              options: {url: "jdbc:postgresql://127.0.0.1:%d/v?sslResponseTimeout=18000", table: visits, user: reader}
          """
              .formatted(database.getLocalPort()));
      trial.prepare("--transport", "files");
      deadlines("deadlines: {setup: 20s, upload: 1s, unmask: 1s, site: 11s}");

      trial
          .run("--state", trial.at("home"))
          .refused(ErrorCode.THRESHOLD_LOST, "deadline has passed", "east")
          .withoutStackTrace();

      assertThat(trial.out()).doesNotExist();
    }
  }

  private void deadlines(String yaml) throws IOException {
    Path config = trial.path("home/coordinator/coordinator.yaml");
    String text = Files.readString(config);
    Files.writeString(config, text.substring(0, text.indexOf("deadlines:")) + yaml + "\n");
  }

  private void submit() {
    Trial.command(
            "study",
            "sign",
            "--config",
            trial.at("home/analyst/analyst.yaml"),
            trial.at("study.yaml"))
        .done();
    assertThat(trial.path("home/exchange").toFile().mkdirs()).isTrue();
    Trial.command(
            "study",
            "submit",
            "--config",
            trial.at("home/analyst/analyst.yaml"),
            trial.at("study.yaml"))
        .done();
  }

  private String digest() {
    return io.tributary.jobs.study.StudyFile.read(trial.path("study.yaml")).digest().hex();
  }
}
