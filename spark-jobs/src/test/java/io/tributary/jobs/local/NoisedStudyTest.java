package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.connectors.SharedSpark;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.ledger.LedgerEntry;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.report.StudyReport;
import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study with noise from its YAML to its report, over real tables in one process. */
class NoisedStudyTest {
  private static final List<SiteId> SITES =
      List.of(new SiteId("east"), new SiteId("north"), new SiteId("south"));

  private static final String STUDY =
      """
      study: noised
      sites: [north, south, east]
      cohort: {from: lung, derive: {dead: status - 1}}
      columns:
        sex: {levels: ["1", "2"]}
        age: {type: number, range: [0, 120], unit: year}
        dead: {type: integer, range: [0, 1]}
      analyses:
        - {name: outcome, type: crosstab, columns: [sex, dead]}
        - {name: ages, type: histogram, column: age, bins: 6}
        - {name: table-one, type: summary, columns: [age], by: sex}
      privacy: {rho: 900, unit: person, sitesPerPerson: 1}
      """;

  @TempDir Path folder;

  private static final Budget BUDGET =
      new Budget("lung", Optional.empty(), Optional.empty(), Rho.of(1000, 1));

  private LocalFederation federation;
  private List<String> rows;

  @Test
  void theReportSaysWhatWasCountedWhatItCostAndHowNoisyItIs() throws IOException {
    Path results = run(STUDY);

    StudyReport report = ResultFolder.read(results);
    AnalysisReport outcome = report.analyses().get(0);
    assertThat(((Cell.Text) outcome.facts().get("rho")).value()).isEqualTo("300/1");
    assertThat(outcome.facts()).containsKeys("epsilon_proven", "epsilon_about", "delta");
    ResultTable counts = outcome.tables().get(0);
    // Three shares for two honest sites: variance 3 / (2 * 300 * 2).
    double sd = Math.sqrt(3 / (2 * 300.0 * 2));
    double off = 0;
    int cells = 0;
    for (List<Cell> row : counts.rows()) {
      if (!text(row.get(0)).startsWith("(") && !text(row.get(1)).startsWith("(")) {
        double truth = count(text(row.get(0)), text(row.get(1)));
        assertThat(real(row.get(2))).isEqualTo(truth, within(6 * sd)).isNotEqualTo(truth);
        assertThat(real(row.get(3))).isEqualTo(sd, within(0.02 * sd));
        off += Math.abs(real(row.get(2)) - truth);
        cells++;
      }
    }
    assertThat(cells).isEqualTo(4);
    assertThat(off).isPositive();
    double sum = 0;
    for (List<Cell> row : report.analyses().get(1).tables().get(0).rows()) {
      sum += real(row.get(2));
    }
    assertThat(sum).isEqualTo(rows.size(), within(6 * sd * Math.sqrt(8)));
    List<Cell> all = report.analyses().get(2).tables().get(0).rows().get(2);
    double mean = rows.stream().mapToDouble(row -> number(row, "age")).average().orElseThrow();
    assertThat(real(all.get(5))).isEqualTo(mean, within(0.3));
    assertThat(real(all.get(6))).isEqualTo(9.07 / Math.sqrt(rows.size()), within(0.03));
    assertThat(report.rules().get(0)).contains("rho 900/1");
    assertThat(Files.readString(results.resolve("report.html"))).contains("epsilon 1119.87 proven");

    // What every site paid is what the study states; the same again is not there.
    for (SiteId site : SITES) {
      List<LedgerEntry> entries =
          PrivacyLedger.read(federation.readSite(site).state().resolve("ledger"));
      assertThat(entries).filteredOn(LedgerEntry.Debited.class::isInstance).hasSize(3);
      // How often persons were clipped stands in the site's ledger and nowhere else.
      assertThat(entries)
          .filteredOn(LedgerEntry.Clipped.class::isInstance)
          .extracting(LedgerEntry.Clipped.class::cast)
          .hasSize(3)
          .allSatisfy(
              own -> {
                assertThat(own.persons()).isBetween(1L, (long) rows.size());
                assertThat(own.slots()).hasSameSizeAs(own.clipped()).isNotEmpty();
                assertThat(own.clipped()).allSatisfy(clips -> assertThat(clips).isZero());
              });
      assertThat(PrivacyLedger.spent(entries, BUDGET)).isEqualTo(Rho.of(900, 1));
      List<String> lines = new ArrayList<>();
      EvidenceJournal.read(
          federation.readSite(site).state(),
          (head, entry) ->
              entry
                  .filter(line -> line.event() == EvidenceEvent.BUDGET)
                  .ifPresent(line -> lines.add(line.words())));
      assertThat(lines).hasSize(3);
      assertThat(lines.get(2)).contains("spent for sum 1 of analysis", "left");
    }
    Files.move(results, folder.resolve("first"));
    assertThatThrownBy(() -> run(STUDY.replace("study: noised", "study: again")))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DP_BUDGET_SPENT));
    assertThat(folder.resolve("federated")).doesNotExist();
    // A cheaper one is.
    run(STUDY.replace("study: noised", "study: cheap").replace("rho: 900", "rho: 100"));
    for (SiteId site : SITES) {
      assertThat(
              PrivacyLedger.spent(
                  PrivacyLedger.read(federation.readSite(site).state().resolve("ledger")), BUDGET))
          .isEqualTo(Rho.of(1000, 1));
    }
  }

  @Test
  void aStudyBeyondTheBudgetOfASiteIsRefusedBeforeAnythingLeaves() throws IOException {
    Path own = Files.createDirectories(folder.resolve("data/north"));
    Files.writeString(
        own.resolve("site.yaml"),
        """
        catalog: {lung: {format: csv, path: lung.csv}}
        policy:
          datasets: all
          columns: all
          analyses: all
          analysts: all
          purposes: all
          approval: rules
          budgets: [{dataset: lung, rho: 1/10}]
        """);
    assertThatThrownBy(() -> run(STUDY))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DP_BUDGET_SPENT));
    assertThat(folder.resolve("federated")).doesNotExist();
  }

  private long count(String sex, String dead) {
    return rows.stream()
        .filter(row -> number(row, "sex") == Double.parseDouble(sex))
        .filter(row -> number(row, "status") - 1 == Double.parseDouble(dead))
        .count();
  }

  private double number(String row, String column) {
    return Double.parseDouble(row.split(",")[header.indexOf(column)]);
  }

  private static String text(Cell cell) {
    return ((Cell.Text) cell).value();
  }

  private static double real(Cell cell) {
    return ((Cell.Real) cell).value();
  }

  private List<String> header;

  private Path run(String yaml) throws IOException {
    List<String> lines;
    try (InputStream table =
        NoisedStudyTest.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      lines = new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    header = List.of(lines.get(0).replace("\"", "").split(","));
    rows = lines.subList(1, lines.size());
    for (int site = 0; site < SITES.size(); site++) {
      List<String> own = new ArrayList<>(List.of(lines.get(0)));
      for (int row = site; row < rows.size(); row += SITES.size()) {
        own.add(rows.get(row));
      }
      Path data = Files.createDirectories(folder.resolve("data").resolve(SITES.get(site).value()));
      Files.write(data.resolve("lung.csv"), own);
    }
    if (federation == null) {
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
    Path out = folder.resolve("federated");
    Recorder recorder = new Recorder();
    StudyFile study = StudyFile.of(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
    new LocalRun(federation, study, SITES, Clock.systemUTC(), new SecureRandom())
        .inOneJvm(out, SharedSpark::session, recorder, recorder);
    return out;
  }
}
