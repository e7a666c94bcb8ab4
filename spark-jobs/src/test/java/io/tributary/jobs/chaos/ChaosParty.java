package io.tributary.jobs.chaos;

import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.FlightExchange;
import io.tributary.connectors.exchange.flight.SitePatience;
import io.tributary.exchange.CoordinatorListener;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.LocalSummation;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.Schedule;
import io.tributary.exchange.SiteListener;
import io.tributary.exchange.SitePump;
import io.tributary.exchange.StepInput;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.TlsIdentity;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.journal.FileStateStore;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process of one party, without Spark: the real pumps over the real exchanges and stores. It
 * takes orders from standard input ({@code run HOME PORT END}, {@code clock MILLIS}, {@code end})
 * and says on standard output how it fares: {@code done SUMS}, {@code error CODE}, {@code broken
 * CLASS}, {@code ended}.
 */
public final class ChaosParty {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final SitePatience PATIENCE =
      new SitePatience(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofSeconds(10));

  private final String name;
  private final ShiftedClock clock = new ShiftedClock();
  private volatile boolean stopping;

  /** A clock that jumps when it is told to. */
  private static final class ShiftedClock extends Clock {
    private final AtomicLong millis = new AtomicLong();

    @Override
    public Instant instant() {
      return Instant.now(Clock.systemUTC()).plusMillis(millis.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private ChaosParty(String name) {
    this.name = name;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    new ChaosParty(args[0]).obey();
  }

  private void obey() throws IOException, InterruptedException {
    Thread work = new Thread(() -> {});
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] words = order.split(" ");
      switch (words[0]) {
        case "run" -> {
          stopping = false;
          work = new Thread(() -> run(words), "party");
          work.setDaemon(true);
          work.start();
        }
        case "clock" -> clock.millis.set(Long.parseLong(words[1]));
        case "end" -> {
          stopping = true;
          work.interrupt();
          work.join();
          say("ended");
        }
        default -> throw new IllegalArgumentException(order);
      }
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void run(String[] order) {
    LocalFederation federation = LocalFederation.open(Path.of(order[1]));
    int port = Integer.parseInt(order[2]);
    try {
      if (name.equals(LocalFederation.COORDINATOR)) {
        coordinate(federation, Instant.ofEpochMilli(Long.parseLong(order[3])));
      } else {
        contribute(federation, new SiteId(name), port);
      }
    } catch (TributaryException e) {
      if (!stopping) {
        say("error " + e.code());
      }
    } catch (RuntimeException e) {
      if (!stopping) {
        say("broken " + e + " at " + List.of(e.getStackTrace()).subList(0, 3));
      }
    }
  }

  private void contribute(LocalFederation federation, SiteId site, int port) {
    SiteConfig config = federation.readSite(site);
    ConsortiumFile consortium = ChaosStudy.consortium(federation, Clock.systemUTC());
    SigningIdentity identity = KeyFile.read(config.identity().key(), Optional.empty());
    try (FileStateStore store = FileStateStore.open(config.state(), RANDOM);
        PrivacyLedger ledger = PrivacyLedger.open(ChaosBudget.folder(config.state()), RANDOM);
        Exchange exchange = exchange(config, consortium, port)) {
      SiteMemory memory = new SiteMemory(store);
      StudyTerms terms = ChaosStudy.terms(consortium);
      Admission budget =
          new ChaosBudget(
              site.value(),
              ledger,
              terms.studyDigest(),
              memory.records(terms.studyDigest()),
              clock);
      Optional<SitePump> pump = Optional.empty();
      while (!stopping) {
        try {
          if (pump.isEmpty()) {
            pump =
                Optional.of(
                    new SitePump(
                        new SitePump.Equipment(
                            site,
                            identity,
                            memory,
                            exchange,
                            budget,
                            clock,
                            RANDOM,
                            SiteListener.SILENT),
                        terms,
                        StepInput.of(List.of(ChaosStudy.program()), ChaosStudy.data(site))));
          }
          pump.get().run(clock.instant().plus(LOOK));
          if (pump.get().isOver()) {
            return;
          }
        } catch (TributaryException e) {
          if (e.code() != ErrorCode.EXCHANGE_FAILED) {
            throw e;
          }
          pause();
        }
      }
    }
  }

  private Exchange exchange(SiteConfig config, ConsortiumFile consortium, int port) {
    if (port == 0) {
      return Exchanges.ofSite(config, consortium.consortium(), clock);
    }
    SiteConfig.Flight flight = (SiteConfig.Flight) config.exchange();
    SiteConfig.Tls tls = config.tls().orElseThrow();
    return FlightExchange.open(
        new FlightExchange.Settings(
            flight.host(),
            port,
            TlsIdentity.read(tls.certificate(), tls.key(), Optional.empty()),
            Digest.ofHex(consortium.consortium().coordinator().tlsFingerprint().orElseThrow()),
            PATIENCE),
        clock,
        MonotonicTime.SYSTEM);
  }

  private void coordinate(LocalFederation federation, Instant end) {
    CoordinatorConfig config = federation.readCoordinator();
    ConsortiumFile consortium = ChaosStudy.consortium(federation, Clock.systemUTC());
    SigningIdentity identity = KeyFile.read(config.identity().key(), Optional.empty());
    try (FileStateStore store = FileStateStore.open(config.state(), RANDOM);
        Exchanges.CoordinatorEnd exchange =
            Exchanges.ofCoordinator(config, consortium.consortium(), clock, refusal -> {})) {
      CoordinatorMemory memory = new CoordinatorMemory(store);
      CoordinatorPump pump =
          new CoordinatorPump(
              new CoordinatorPump.Equipment(
                  identity, memory, exchange.exchange(), clock, RANDOM, CoordinatorListener.SILENT),
              ChaosStudy.terms(consortium),
              List.of(ChaosStudy.program()),
              new Schedule(
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(2),
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(1),
                  Duration.ofMillis(100),
                  end),
              new LocalSummation(exchange.exchange()));
      while (!stopping && !pump.isOver()) {
        try {
          pump.run(clock.instant().plus(LOOK));
        } catch (TributaryException e) {
          if (e.code() != ErrorCode.EXCHANGE_FAILED) {
            throw e;
          }
          pause();
        }
      }
      if (pump.isOver()) {
        report(pump);
      }
      // The server stays up until it is told to end: sites hear of the end through it.
      while (!stopping) {
        pause();
      }
    }
  }

  private static void report(CoordinatorPump pump) {
    Optional<TributaryException> failure =
        pump.gaveUp().or(() -> pump.failures().values().stream().findFirst());
    if (failure.isPresent()) {
      say("error " + failure.get().code());
    } else {
      say("done " + pump.results().get(0).toString().replace(" ", ""));
    }
  }

  private void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }
}
