package io.tributary.jobs.site.desk;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteConfigParser;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PartyCard;
import io.tributary.jobs.keys.PartyFolder;
import io.tributary.jobs.site.Approvals;
import io.tributary.jobs.site.Steward;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.ledger.LedgerEntry.Clipped;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.StepId;
import io.tributary.study.Rho;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A site with a queue, a journal and budgets, and the desk over it. */
final class Desk implements AutoCloseable {
  /** A purpose, a filter and a column that try to be markup. */
  static final String HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\\\"'>&amp;";

  private final Path config;
  private final SiteConfig site;
  private final DeskServer server;
  private final StudyFile waiting;

  Desk(Path folder) {
    SecureRandom random = new SecureRandom();
    Clock clock = Clock.systemUTC();
    List<PartyCard> cards = new ArrayList<>();
    for (String id : List.of("hub", "ada", "north")) {
      PartyCard.Role role =
          id.equals("hub")
              ? PartyCard.Role.COORDINATOR
              : id.equals("ada") ? PartyCard.Role.ANALYST : PartyCard.Role.SITE;
      cards.add(
          PartyFolder.create(
              folder.resolve(id),
              new SiteId(id),
              role,
              List.of(),
              Duration.ofDays(3),
              Optional.empty(),
              clock,
              random));
    }
    Instant now = clock.instant();
    ConsortiumFile consortium =
        ConsortiumFile.write(
            folder.resolve("consortium.yaml"),
            ConsortiumFile.with(
                Optional.empty(),
                cards,
                "One",
                "trial",
                Instant.ofEpochSecond(now.getEpochSecond() - 60),
                Instant.ofEpochSecond(now.getEpochSecond() + 3600)));
    try {
      this.config =
          Files.writeString(
              folder.resolve("site.yaml"),
              """
              site: north
              identity: {key: north/identity.key}
              consortium: {file: consortium.yaml, digest: %s}
              exchange: {type: files, path: exchange}
              state: state
              catalog: {lung: {format: csv, path: lung.csv}}
              policy:
                datasets: all
                columns: all
                analyses: [summary, crosstab]
                analysts: [ada]
                purposes: all
                budgets: [{dataset: lung, rho: 1}, {dataset: lung, analyst: ada, rho: 1/2}]
              """
                  .formatted(consortium.digest().hex()));
      this.site = SiteConfigParser.parse(Files.readAllBytes(config), config);
      this.waiting = ask("asks-first", "ethics vote 12 " + HOSTILE);
      ask("second-look", "follow-up");
      StudyFile over = ask("ran-by-rules", "before decisions were asked for");
      ledger(random, clock, over.digest());
      journal(random, clock, over.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Steward steward = new Steward(site, clock);
    this.server = DeskServer.start(0, steward, new DeskPages(config, site, steward, clock), random);
  }

  private StudyFile ask(String name, String purpose) throws IOException {
    StudyFile study =
        StudyFile.of(
            """
            study: %s
            purpose: "%s"
            sites: [east, north, south, west]
            cohort: {from: lung, derive: {months: age * 12}, where: "age >= 18 and `<b>x</b>` = 1"}
            columns: {sex: {levels: [f, m]}, months: {range: [0, 1440]}}
            analyses:
              - {name: table-one, type: summary, columns: [months], by: sex}
              - {name: cells, type: crosstab, columns: [sex]}
            """
                .formatted(name, purpose)
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    Path place = place(study.digest());
    Files.createDirectories(place);
    Files.write(place.resolve("study.yaml"), study.raw());
    Files.writeString(place.resolve("analyst"), "ada");
    return study;
  }

  private void ledger(SecureRandom random, Clock clock, Digest over) {
    try (PrivacyLedger ledger = PrivacyLedger.open(site.state().resolve("ledger"), random)) {
      ledger.debit(
          new Debited(
              Digest.ZERO, clock.instant(), new StepId(0, 0), "lung", "ada", "", Rho.of(1, 4)),
          site.policy().budgets());
      ledger.clipped(
          new Clipped(over, clock.instant(), new StepId(0, 0), 120, List.of("cells"), List.of(7L)));
    }
  }

  private void journal(SecureRandom random, Clock clock, Digest over) {
    try (EvidenceJournal journal =
        EvidenceJournal.open(site.state(), "site", "north", "key", clock, random)) {
      journal.append(
          Optional.of(waiting.digest()),
          EvidenceEvent.ASKED,
          Map.of("analyst", "ada", "name", "asks-first", "asks", HOSTILE));
      journal.append(
          Optional.of(over),
          EvidenceEvent.ENDED,
          Map.of("name", "ran-by-rules", "outcome", "every analysis is over"));
    }
  }

  Path place(Digest study) {
    return site.state().resolve(Approvals.FOLDER).resolve(study.hex());
  }

  /** How many decisions lie on the study that waits. */
  int decisions() {
    try (var files = Files.list(place(waiting.digest()))) {
      return (int) files.filter(file -> file.toString().endsWith(".decision")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path config() {
    return config;
  }

  SiteConfig site() {
    return site;
  }

  DeskServer server() {
    return server;
  }

  StudyFile waiting() {
    return waiting;
  }

  @Override
  public void close() {
    server.close();
  }
}
