package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.study.StudyFile;
import io.tributary.ledger.LedgerEntry.CohortUsed;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.report.AnalysisReport;
import io.tributary.report.ResultFolder;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Studies one after the other over the same sites: one whose cohort differs at a site by a few
 * persons from an earlier one is refused there, whatever it computes.
 */
class CloseCohortsTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final List<SiteId> SITES = List.of(new SiteId("east"), NORTH, new SiteId("south"));
  private static final int PERSONS = 40;

  @TempDir private Path folder;
  private LocalFederation federation;

  @BeforeEach
  void federation() throws IOException {
    for (SiteId site : SITES) {
      table(site, PERSONS);
      visits(site);
    }
    federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            SITES,
            SITES,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            Clock.systemUTC(),
            new SecureRandom());
  }

  /** Of 40 persons 14 have no visit, 13 one and 13 two. */
  private void visits(SiteId site) throws IOException {
    StringBuilder text = new StringBuilder("patient,height\n");
    for (int i = 0; i < PERSONS; i++) {
      text.append((site.value() + i + "," + (100 + i) + "\n").repeat(i % 3));
    }
    Files.writeString(folder.resolve("data").resolve(site.value()).resolve("v.csv"), text);
  }

  /** Ages 20, 21, ... */
  private void table(SiteId site, int persons) throws IOException {
    StringBuilder text = new StringBuilder("id,age,height\n");
    for (int i = 0; i < persons; i++) {
      text.append(site).append(i).append(',').append(20 + i).append(',').append(150 + i);
      text.append('\n');
    }
    Path data = Files.createDirectories(folder.resolve("data").resolve(site.value()));
    Files.writeString(data.resolve("t.csv"), text);
  }

  private Path run(String name, String cohort, String column) {
    StudyFile study =
        StudyFile.of(
            """
            study: %s
            sites: [east, north, south]
            cohort: {%s}
            columns: {%s: {range: [0, 250]}}
            analyses: [{name: n, type: histogram, column: %s, breaks: [0, 35, 250]}]
            """
                .formatted(name, cohort, column, column)
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    Path out = folder.resolve("out-" + name);
    Recorder recorder = new Recorder();
    new LocalRun(federation, study, SITES, Clock.systemUTC(), new SecureRandom())
        .inOneJvm(out, SharedSpark::session, recorder, recorder);
    return out;
  }

  private void refused(ErrorCode code, String name, String cohort) {
    assertThatThrownBy(() -> run(name, cohort, "height"))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).as(e.toString()).isEqualTo(code));
    assertThat(folder.resolve("out-" + name)).doesNotExist();
  }

  private Path state(SiteId site) {
    return federation.readSite(site).state();
  }

  private List<CohortUsed> cohorts(SiteId site) {
    return PrivacyLedger.read(state(site).resolve("ledger")).stream()
        .filter(CohortUsed.class::isInstance)
        .map(CohortUsed.class::cast)
        .toList();
  }

  @Test
  void aCohortThatDiffersByAFewPersonsIsRefusedByTheSiteThatHasThem() throws IOException {
    String all = "from: t, person: id";
    run("first", all, "age");
    assertThat(cohorts(NORTH)).singleElement().returns("id", CohortUsed::unit);
    // The same persons, other columns and another study: nothing follows.
    run("same", all, "height");

    // Four fewer at each site, by a filter over a derived column that no analysis reads.
    refused(
        ErrorCode.COHORT_TOO_CLOSE,
        "four-less",
        all + ", derive: {decades: age / 10}, where: decades >= 2.4");
    for (SiteId site : SITES) {
      // Nothing was debited for it.
      assertThat(PrivacyLedger.read(state(site).resolve("ledger")))
          .filteredOn(Debited.class::isInstance)
          .hasSize(2);
      assertThat(cohorts(site)).hasSize(2);
    }
    assertThat(journal(NORTH))
        .contains("REMEMBERED", "COHORT_TOO_CLOSE", "is too close to one that study")
        .doesNotContain("north7");

    AnalysisReport older =
        ResultFolder.read(run("older", all + ", where: age > 30", "height")).analyses().get(0);
    assertThat(older.persons()).isEqualTo(3 * 29);

    // One person more at one site, between two studies.
    table(NORTH, PERSONS + 1);
    refused(ErrorCode.COHORT_TOO_CLOSE, "refreshed", all);

    // A ledger that has forgotten is noticed at the start, also if all of it is gone.
    deleteAll(state(NORTH).resolve("ledger"));
    refused(ErrorCode.STATE_ROLLED_BACK, "forgotten", all);
  }

  @Test
  void joinedRowsAreSummedUnderMasksAndAreHeldAgainstTheirOwnTable() throws IOException {
    String joins = "from: t, person: id, rowsPerPerson: 2, join: {v: {on: {id: patient}}}";
    AnalysisReport answer = ResultFolder.read(run("joined", joins, "v.height")).analyses().get(0);
    // Rows, which the floors count at rowsPerPerson to a person.
    assertThat(answer.persons()).isEqualTo(3 * 39);
    assertThat(cohorts(NORTH)).extracting(CohortUsed::dataset).containsExactly("t", "v");
    run("again", joins, "age");
    refused(ErrorCode.COHORT_TOO_CLOSE, "visits", "from: v, person: patient, rowsPerPerson: 2");
    assertThat(cohorts(NORTH)).hasSize(4);
  }

  private String journal(SiteId site) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(state(site).resolve("evidence"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
