package io.tributary.jobs.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.tributary.journal.FileStateStore;
import io.tributary.report.ReportWriter;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.SiteId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many studies the coordinator's process takes. */
class CoordinatorServiceTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path folder;

  /** The 65th study is looked at when one of 64 is over. */
  @Test
  void studiesBeyond64WaitTheirTurn() throws Exception {
    List<SiteId> sites = List.of(new SiteId("east"), new SiteId("north"), new SiteId("south"));
    Path data = Files.createDirectories(folder.resolve("data/east"));
    Files.writeString(data.resolve("t.csv"), "age\n40\n");
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            sites,
            sites.subList(0, 1),
            LocalFederation.Transport.FILES,
            Duration.ofSeconds(20),
            CLOCK,
            RANDOM);
    CoordinatorConfig config = federation.readCoordinator();
    SigningIdentity analyst =
        KeyFile.read(federation.analystConfig().resolveSibling("identity.key"), Optional.empty());
    PrintWriter console = new PrintWriter(new StringWriter());
    try (InMemoryExchange exchange = new InMemoryExchange();
        FileStateStore store = FileStateStore.open(config.state(), RANDOM)) {
      for (int i = 0; i <= CoordinatorService.MAX_STUDIES; i++) {
        StudyFile study =
            StudyFile.of(
                ("study: trial-"
                        + i
                        + "\nsites: [east, north, south]\ncohort: {from: t}\n"
                        + "analyses: [{name: n, type: summary, columns: [age]}]\n")
                    .getBytes(StandardCharsets.UTF_8),
                "study.yaml");
        Submission.put(
            exchange,
            study,
            StudySignature.sign(study.raw(), LocalFederation.ANALYST, analyst, CLOCK));
      }
      Turnstile turnstile = new Turnstile(exchange);
      Thread serving;
      try (CoordinatorService service =
          new CoordinatorService(
              config,
              ConsortiumFile.read(config.consortium(), CLOCK),
              KeyFile.read(config.identity().key(), Optional.empty()),
              turnstile,
              store,
              () -> {
                throw new AssertionError("nothing is summed");
              },
              new ReportWriter(List.of()),
              CLOCK,
              RANDOM,
              new CoordinatorCommand.Notices(
                  new Console(console, console, CLOCK, Console.Form.PLAIN)))) {
        serving = new Thread(() -> service.run(Optional.empty(), Optional.empty()), "serving");
        serving.start();
        turnstile.await(CoordinatorService.MAX_STUDIES);
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
}
