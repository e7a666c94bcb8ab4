package io.tributary.jobs.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.FileStateStore;
import io.tributary.simulation.ForwardingExchange;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
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
import java.util.Optional;
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

  private void told(Exception failure, ErrorCode code) throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/east"));
    Files.writeString(data.resolve("t.csv"), "age\n40\n");
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            List.of(SITE, new SiteId("north"), new SiteId("south")),
            List.of(SITE),
            LocalFederation.Transport.FILES,
            Duration.ofSeconds(20),
            CLOCK,
            RANDOM);
    StudyFile study =
        StudyFile.of(
            """
            study: trial
            sites: [east, north, south]
            cohort: {from: t}
            analyses: [{name: n, type: summary, columns: [age]}]
            """
                .getBytes(StandardCharsets.UTF_8),
            "study.yaml");
    SiteConfig config = federation.readSite(SITE);
    StringWriter shown = new StringWriter();
    PrintWriter console = new PrintWriter(shown);
    try (InMemoryExchange exchange = new InMemoryExchange();
        FileStateStore store = FileStateStore.open(config.state(), RANDOM)) {
      Submission.put(exchange, study, signature(federation, study));
      try (SiteService service =
          new SiteService(
              config,
              ConsortiumFile.read(config.consortium(), CLOCK),
              KeyFile.read(config.identity().key(), Optional.empty()),
              new Failing(exchange, failure),
              store,
              () -> {
                throw new AssertionError("no row is needed");
              },
              CLOCK,
              RANDOM,
              SiteFailures.of(new Console(console, console, CLOCK, Console.Form.PLAIN)))) {
        assertThatThrownBy(() -> service.run(Optional.of(study.digest())))
            .isInstanceOfSatisfying(
                TributaryException.class, e -> assertThat(e.code()).isEqualTo(code));
      }
    }
    assertThat(shown.toString()).contains(code.name());
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
