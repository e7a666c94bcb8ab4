package io.tributary.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.connectors.SharedSpark;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.LocalSummation;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.coordinator.CoordinatorCommand;
import io.tributary.jobs.coordinator.CoordinatorService;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.report.ParquetTables;
import io.tributary.jobs.site.SiteFailures;
import io.tributary.jobs.site.SiteService;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.FileStateStore;
import io.tributary.report.ReportWriter;
import io.tributary.report.ResultComparison;
import io.tributary.simulation.ForwardingExchange;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site whose frames arrive damaged, over the services that the commands run: {@code east} writes
 * to the exchange through a wire that cuts or swaps what it carries.
 */
class ExchangeFaultsTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path folder;
  private Trial trial;
  private final StringWriter shown = new StringWriter();

  @BeforeEach
  void prepare() throws IOException {
    trial = Trial.in(folder);
  }

  @Test
  void aFrameThatWasCutIsAskedForAgainAndTheAnswerIsTheSame() throws IOException {
    Damage cutOnce = new Damage(1, bytes -> Arrays.copyOf(bytes, bytes.length - 8));

    run(cutOnce, CLOCK);

    assertThat(cutOnce.done()).isEqualTo(1);
    trial.prepare("--transport", "files");
    Trial.command(
            "local",
            "pooled",
            trial.at("study.yaml"),
            "--sites",
            trial.at("sites"),
            "--out",
            trial.at("pooled"))
        .done();
    ResultComparison comparison = ResultComparison.between(trial.out(), trial.path("pooled"));
    assertThat(comparison.columns()).isNotEmpty();
    assertThat(comparison.identical()).as(comparison.text()).isTrue();
  }

  @Test
  void framesThatAlwaysArriveSwappedEndTheStudyWithoutAResult() {
    byte[][] last = {{1}};
    Leap clock = new Leap();
    Damage swap =
        new Damage(
            Integer.MAX_VALUE,
            bytes -> {
              byte[] earlier = last[0];
              last[0] = bytes;
              if (earlier.length > 1) {
                // Two attempts are enough: the study's deadline comes.
                clock.ahead = Duration.ofHours(1);
              }
              return earlier;
            });

    assertThatThrownBy(() -> run(swap, clock))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.THRESHOLD_LOST);
              assertThat(e.code().exitCode()).isEqualTo(4);
              assertThat(e.remedy()).isNotBlank();
            });
    assertThat(swap.done()).isGreaterThanOrEqualTo(2);
    assertThat(trial.out()).doesNotExist();
    assertThat(shown.toString()).contains("suspects=[east]", "Suspected: east");
  }

  /** The coordinator's clock, which a test can have jump. */
  private static final class Leap extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return CLOCK.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return CLOCK.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("UTC only");
    }
  }

  private interface Change {
    byte[] of(byte[] bytes);
  }

  /** Alters the first so many frames that pass. */
  private static final class Damage {
    private final int times;
    private final Change change;
    private final AtomicInteger done = new AtomicInteger();

    Damage(int times, Change change) {
      this.times = times;
      this.change = change;
    }

    byte[] pass(String name, byte[] bytes) {
      boolean frame = name.contains("/f/");
      return frame && done.get() < times && done.incrementAndGet() <= times
          ? change.of(bytes)
          : bytes;
    }

    int done() {
      return done.get();
    }
  }

  /** A site's view of the exchange over a bad wire. */
  private static final class Wire extends ForwardingExchange {
    private final Damage damage;

    Wire(Exchange below, Damage damage) {
      super(below);
      this.damage = damage;
    }

    @Override
    public void put(String name, byte[] bytes) {
      super.put(name, damage.pass(name, bytes));
    }
  }

  private void run(Damage damage, Clock coordinatorClock) throws IOException {
    List<SiteId> ids = Trial.SITES.stream().map(SiteId::new).toList();
    LocalFederation federation =
        LocalFederation.create(
            trial.path("bad"),
            trial.path("sites"),
            ids,
            ids,
            LocalFederation.Transport.FILES,
            Duration.ofSeconds(20),
            CLOCK,
            RANDOM);
    CoordinatorConfig config = federation.readCoordinator();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), CLOCK);
    StudyFile study = StudyFile.read(trial.path("study.yaml"));
    Optional<Digest> only = Optional.of(study.digest());
    Console console =
        new Console(new PrintWriter(shown), new PrintWriter(shown), CLOCK, Console.Form.PLAIN);
    List<AutoCloseable> open = new ArrayList<>();
    try (InMemoryExchange exchange = new InMemoryExchange()) {
      SigningIdentity analyst =
          KeyFile.read(federation.analystConfig().resolveSibling("identity.key"), Optional.empty());
      Submission.put(
          exchange,
          study,
          StudySignature.sign(study.raw(), LocalFederation.ANALYST, analyst, CLOCK));
      for (SiteId id : ids) {
        SiteConfig site = federation.readSite(id);
        FileStateStore store = FileStateStore.open(site.state(), RANDOM);
        open.add(0, store);
        SiteService service =
            new SiteService(
                site,
                consortium,
                KeyFile.read(site.identity().key(), Optional.empty()),
                id.value().equals("east") ? new Wire(exchange, damage) : exchange,
                store,
                SharedSpark::session,
                CLOCK,
                RANDOM,
                SiteFailures.of(console));
        open.add(0, service);
        Thread thread = new Thread(() -> service.run(only), "site-" + id);
        thread.setDaemon(true);
        thread.start();
      }
      try (FileStateStore store = FileStateStore.open(config.state(), RANDOM);
          CoordinatorService service =
              new CoordinatorService(
                  config,
                  consortium,
                  KeyFile.read(config.identity().key(), Optional.empty()),
                  exchange,
                  store,
                  () -> new LocalSummation(exchange),
                  new ReportWriter(List.of(new ParquetTables())),
                  coordinatorClock,
                  RANDOM,
                  new CoordinatorCommand.Notices(console))) {
        service.run(only, Optional.of(trial.out()));
      }
    } finally {
      for (AutoCloseable each : open) {
        close(each);
      }
    }
  }

  private static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
