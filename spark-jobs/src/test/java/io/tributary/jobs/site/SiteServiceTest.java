package io.tributary.jobs.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.Turnstile;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.EvidenceEvent;
import io.tributary.journal.EvidenceJournal;
import io.tributary.journal.FileStateStore;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.simulation.ForwardingExchange;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a study at a site is told there. */
class SiteServiceTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final SiteId SITE = new SiteId("east");

  @TempDir Path folder;

  @Test
  void aCheckedExceptionOfSparkIsTold() throws Exception {
    told(new SparkException("Job aborted."), ErrorCode.INTERNAL);
  }

  @Test
  void aRefusalThatATaskThrewIsToldAsSuch() throws Exception {
    Throwable refusal = Errors.data(ErrorCode.DATA_INVALID, "file", "is damaged.", "Copy it.");
    told(new SparkException("Job aborted.", refusal), ErrorCode.DATA_INVALID);
  }

  private LocalFederation federation() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/east"));
    Files.writeString(data.resolve("t.csv"), "age\n40\n");
    return LocalFederation.create(
        folder.resolve("home"),
        folder.resolve("data"),
        List.of(SITE, new SiteId("north"), new SiteId("south")),
        List.of(SITE),
        LocalFederation.Transport.FILES,
        Duration.ofSeconds(20),
        CLOCK,
        RANDOM);
  }

  private static StudyFile study(String name) {
    return StudyFile.of(
        """
        study: %s
        sites: [east, north, south]
        cohort: {from: t}
        analyses: [{name: n, type: summary, columns: [age]}]
        """
            .formatted(name)
            .getBytes(StandardCharsets.UTF_8),
        "study.yaml");
  }

  private void told(Exception failure, ErrorCode code) throws Exception {
    LocalFederation federation = federation();
    StudyFile study = study("trial");
    SiteConfig config = federation.readSite(SITE);
    StringWriter shown = new StringWriter();
    PrintWriter console = new PrintWriter(shown);
    try (InMemoryExchange exchange = new InMemoryExchange();
        FileStateStore store = FileStateStore.open(config.state(), RANDOM)) {
      Submission.put(exchange, study, signature(federation, study));
      try (SiteService service = service(config, new Failing(exchange, failure), store, console)) {
        assertThatThrownBy(() -> service.run(Optional.of(study.digest())))
            .isInstanceOfSatisfying(
                TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
      }
    }
    assertThat(shown.toString()).contains(code.name());
  }

  private static SiteService service(
      SiteConfig config, Exchange exchange, FileStateStore store, PrintWriter console) {
    return new SiteService(
        config,
        ConsortiumFile.read(config.consortium(), CLOCK),
        KeyFile.read(config.identity().key(), Optional.empty()),
        exchange,
        store,
        () -> {
          throw new AssertionError("no row is needed");
        },
        CLOCK,
        RANDOM,
        SiteFailures.of(new Console(console, console, CLOCK, Console.Form.PLAIN)));
  }

  /** It ran by rules; since then the policy asks the steward. */
  @Test
  void aStudyThatIsOverIsNotPutBeforeTheSteward() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/east"));
    Files.writeString(
        data.resolve("site.yaml"),
        """
        catalog: {t: {format: csv, path: t.csv}}
        policy: {datasets: all, columns: all, analyses: all, analysts: all, purposes: all}
        """);
    LocalFederation federation = federation();
    SiteConfig config = federation.readSite(SITE);
    StudyFile study = study("trial");
    SigningIdentity identity = KeyFile.read(config.identity().key(), Optional.empty());
    try (EvidenceJournal journal =
        EvidenceJournal.open(
            config.state(), "site", SITE.value(), identity.verifyingKey().hex(), CLOCK, RANDOM)) {
      journal.append(
          Optional.of(study.digest()),
          EvidenceEvent.ENDED,
          Map.of("name", "trial", "outcome", "every analysis is over"));
    }
    PrintWriter console = new PrintWriter(new StringWriter());
    try (InMemoryExchange exchange = new InMemoryExchange();
        FileStateStore store = FileStateStore.open(config.state(), RANDOM);
        SiteService service = service(config, exchange, store, console)) {
      Submission.put(exchange, study, signature(federation, study));
      service.run(Optional.of(study.digest()));
    }
    assertThat(new Approvals(config.state(), identity.verifyingKey()).all()).isEmpty();
  }

  /** The ledger is kept elsewhere; the journal beside it is gone. */
  @Test
  void aSiteThatLostItsJournalIsBoundByItsLedger() throws Exception {
    SiteConfig config = federation().readSite(SITE);
    Set<SiteId> sites = Set.of(SITE, new SiteId("north"), new SiteId("south"));
    Digest page = Digest.sha256(new byte[] {1});
    PopulationBinding bound =
        new PopulationBinding(page, sites, Study.Shape.ALL, 3, false, sites, Optional.of(sites));
    try (PrivacyLedger ledger =
        PrivacyLedger.open(config.state().resolve(SiteService.LEDGER), RANDOM)) {
      ledger.bound(page, CLOCK.instant(), bound);
    }
    PrintWriter console = new PrintWriter(new StringWriter());
    try (InMemoryExchange exchange = new InMemoryExchange();
        FileStateStore store = FileStateStore.open(config.state(), RANDOM);
        SiteService started = service(config, exchange, store, console)) {
      assertThat(started).isNotNull();
      assertThat(new SiteMemory(store).book().bindings()).containsExactly(bound);
    }
    try (FileStateStore store = FileStateStore.open(config.state(), RANDOM)) {
      assertThat(new SiteMemory(store).book().binding(page)).contains(sites);
    }
  }

  /** The 65th study is looked at when one of 64 is over. */
  @Test
  void studiesBeyond64WaitTheirTurn() throws Exception {
    LocalFederation federation = federation();
    SiteConfig config = federation.readSite(SITE);
    PrintWriter console = new PrintWriter(new StringWriter());
    try (InMemoryExchange exchange = new InMemoryExchange();
        FileStateStore store = FileStateStore.open(config.state(), RANDOM)) {
      for (int i = 0; i <= SiteService.MAX_STUDIES; i++) {
        StudyFile study = study("trial-" + i);
        Submission.put(exchange, study, signature(federation, study));
      }
      Turnstile turnstile = new Turnstile(exchange);
      Thread serving;
      try (SiteService service = service(config, turnstile, store, console)) {
        serving = new Thread(() -> service.run(Optional.empty()), "serving");
        serving.start();
        turnstile.await(SiteService.MAX_STUDIES);
        turnstile.requireNoMore();
        turnstile.letPass(1);
        turnstile.await(1);
        turnstile.requireNoMore();
        turnstile.letPass(1000);
      }
      serving.join(60_000);
      assertThat(serving.isAlive()).isFalse();
    }
  }

  private static StudySignature signature(LocalFederation federation, StudyFile study)
      throws IOException {
    SigningIdentity analyst =
        KeyFile.read(federation.analystConfig().resolveSibling("identity.key"), Optional.empty());
    return StudySignature.sign(study.raw(), LocalFederation.ANALYST, analyst, CLOCK);
  }

  /** Lists what is there, and fails when it is fetched. */
  private static final class Failing extends ForwardingExchange {
    private final Exception failure;

    Failing(Exchange below, Exception failure) {
      super(below);
      this.failure = failure;
    }

    @Override
    public Optional<byte[]> get(String name) {
      return Failing.<RuntimeException>undeclared(failure);
    }

    /** As Scala throws it. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> Optional<byte[]> undeclared(Exception failure) throws E {
      throw (E) failure;
    }
  }
}
