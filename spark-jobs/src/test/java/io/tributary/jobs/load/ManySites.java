package io.tributary.jobs.load;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.FlightExchange;
import io.tributary.connectors.exchange.flight.FlightExchangeServer;
import io.tributary.connectors.exchange.flight.ObjectAccess;
import io.tributary.connectors.exchange.flight.ServerLimits;
import io.tributary.connectors.exchange.flight.SitePatience;
import io.tributary.exchange.CoordinatorListener;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.LocalSummation;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.Schedule;
import io.tributary.exchange.SiteListener;
import io.tributary.exchange.SitePump;
import io.tributary.exchange.StepInput;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.TlsIdentity;
import io.tributary.journal.InMemoryStateStore;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.coordinator.CoordinatorMemory;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteMemory;
import io.tributary.simulation.StepSums;
import io.tributary.study.Consortium;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * One sum of many sites in one process: a coordinator with its Flight server, and sites that each
 * have a thread, a connection over TLS of their own and the real pump; journals are in memory. From
 * the first key to the sum that everybody has heard of.
 */
public final class ManySites {
  private static final SitePatience PATIENCE =
      new SitePatience(
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(2),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30));
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final ServerLimits LIMITS = ServerLimits.defaults();

  private final int sites;
  private final int words;
  private final Duration deadline;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final List<SigningIdentity> identities = new ArrayList<>();
  private final List<TlsIdentity> certificates = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  /**
   * What a run took.
   *
   * @param seconds from the first site's start to the end of the last
   * @param contributors sites in the sum
   * @param heapBytes the most that was in use after a collection
   */
  public record Taken(double seconds, int contributors, long heapBytes) {}

  /**
   * A run to come; keys and certificates are made here.
   *
   * @param sites 3 to 256
   * @param words of one frame
   * @param deadline after which it is given up
   */
  public ManySites(int sites, int words, Duration deadline) {
    this.sites = sites;
    this.words = words;
    this.deadline = deadline;
    for (int i = 0; i <= sites; i++) {
      identities.add(SigningIdentity.generate(random));
      certificates.add(
          TlsIdentity.create(
              i == sites ? "coordinator" : id(i).value(),
              i == sites ? List.of("127.0.0.1") : List.of(),
              clock,
              Duration.ofDays(1),
              random));
    }
  }

  private static SiteId id(int site) {
    return new SiteId("site-%03d".formatted(site));
  }

  /** A site's word at a place. */
  static long word(int site, int place) {
    return (site + 1) * 1_000_003L + place * 7_919L;
  }

  /** Runs it, and compares every word of the sum. */
  public Taken run() throws InterruptedException {
    Map<Digest, SiteId> callers = new HashMap<>();
    for (int i = 0; i < sites; i++) {
      callers.put(certificates.get(i).fingerprint(), id(i));
    }
    StudyTerms terms = terms();
    long begun = System.nanoTime();
    try (AfterCollections heap = AfterCollections.listening();
        InMemoryExchange store = new InMemoryExchange();
        FlightExchangeServer server =
            FlightExchangeServer.start(
                new FlightExchangeServer.Settings(
                    "127.0.0.1",
                    0,
                    certificates.get(sites),
                    callers,
                    new ObjectAccess((site, name) -> true, (site, name) -> true),
                    LIMITS),
                store,
                clock,
                MonotonicTime.SYSTEM,
                failures::add)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < sites; i++) {
        int site = i;
        threads.add(start("site-" + i, () -> contribute(site, terms, server.port())));
      }
      int contributors = coordinate(terms, server);
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(60));
        if (thread.isAlive()) {
          failures.add(new IllegalStateException(thread.getName() + " does not end"));
        }
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      stopping = true;
      if (!failures.isEmpty()) {
        throw new IllegalStateException(failures.size() + " failures", failures.peek());
      }
      return new Taken(seconds, contributors, heap.bytes());
    }
  }

  private Thread start(String name, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                if (!stopping) {
                  failures.add(e);
                }
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void contribute(int site, StudyTerms terms, int port) {
    long[] data = new long[words];
    for (int place = 0; place < words; place++) {
      data[place] = word(site, place);
    }
    try (FlightExchange exchange =
        FlightExchange.open(
            new FlightExchange.Settings(
                "127.0.0.1",
                port,
                certificates.get(site),
                certificates.get(sites).fingerprint(),
                PATIENCE),
            clock,
            MonotonicTime.SYSTEM)) {
      SitePump pump =
          new SitePump(
              new SitePump.Equipment(
                  id(site),
                  identities.get(site),
                  new SiteMemory(new InMemoryStateStore()),
                  exchange,
                  Admission.everything(id(site).value()),
                  clock,
                  random,
                  SiteListener.SILENT),
              terms,
              StepInput.of(List.of(program()), data));
      while (!stopping && !pump.isOver()) {
        pump.run(clock.instant().plus(LOOK));
      }
    }
  }

  private StepSums program() {
    return StepSums.of(sites, words, 1);
  }

  /** How many sites are in the sum, every word of which was compared. */
  private int coordinate(StudyTerms terms, FlightExchangeServer server) {
    int[] contributors = new int[1];
    Instant end = clock.instant().plus(deadline);
    CoordinatorPump pump =
        new CoordinatorPump(
            new CoordinatorPump.Equipment(
                identities.get(sites),
                new CoordinatorMemory(new InMemoryStateStore()),
                server.exchange(),
                clock,
                random,
                new CoordinatorListener() {
                  @Override
                  public void roundTaken(RoundTaken round) {
                    contributors[0] = round.contributors().size();
                  }
                }),
            terms,
            List.of(program()),
            new Schedule(deadline, deadline, deadline, deadline, Duration.ofMillis(100), end),
            new LocalSummation(server.exchange()));
    while (!pump.isOver() && clock.instant().isBefore(end) && failures.isEmpty()) {
      pump.run(clock.instant().plus(LOOK));
    }
    Object result = pump.results().get(0);
    if (!(result instanceof List<?> sums) || sums.size() != 1) {
      stopping = true;
      throw new IllegalStateException(
          "no sum: " + pump.failures() + pump.gaveUp() + failures.peek());
    }
    List<?> sum = (List<?>) sums.get(0);
    for (int place = 0; place < words; place++) {
      long expected = 0;
      for (int site = 0; site < sites; site++) {
        expected += word(site, place);
      }
      if (!sum.get(place).equals(expected)) {
        throw new IllegalStateException("word " + place + " of the sum is wrong");
      }
    }
    return contributors[0];
  }

  private StudyTerms terms() {
    List<Consortium.Member> members = new ArrayList<>();
    List<SiteId> ids = new ArrayList<>();
    for (int i = 0; i < sites; i++) {
      ids.add(id(i));
      members.add(
          new Consortium.Member(
              id(i),
              "organisation " + i,
              identities.get(i).verifyingKey().hex(),
              certificates.get(i).fingerprint().hex()));
    }
    Consortium consortium =
        new Consortium(
            "load",
            1,
            Instant.EPOCH,
            Instant.MAX,
            members,
            List.of(),
            new Consortium.Party(
                "coordinator",
                "coordinator",
                identities.get(sites).verifyingKey().hex(),
                Optional.of(certificates.get(sites).fingerprint().hex())));
    Study study =
        new Study(
            "load",
            ids,
            3,
            1,
            Optional.empty(),
            "analyst",
            "",
            Instant.MAX,
            new Study.Cohort("data", Optional.empty(), Map.of(), Optional.empty()),
            Map.of(),
            List.of(new Study.AnalysisSpec("sum", "sums", Map.of())),
            Study.ReleaseFloor.DEFAULT);
    Digest digest = Digest.sha256("load".getBytes(StandardCharsets.UTF_8));
    return new StudyTerms(consortium, digest, study, digest);
  }

  /** The most of the heap that was in use after a collection. */
  private static final class AfterCollections implements NotificationListener, AutoCloseable {
    private static final List<String> HEAP_POOLS =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .toList();

    private final AtomicLong most = new AtomicLong();

    static AfterCollections listening() {
      AfterCollections listener = new AfterCollections();
      ManagementFactory.getGarbageCollectorMXBeans()
          .forEach(
              bean -> ((NotificationEmitter) bean).addNotificationListener(listener, null, null));
      return listener;
    }

    @Override
    public void handleNotification(Notification notification, Object handback) {
      if (notification.getUserData() instanceof CompositeData data
          && notification
              .getType()
              .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
        Map<String, MemoryUsage> after =
            GarbageCollectionNotificationInfo.from(data).getGcInfo().getMemoryUsageAfterGc();
        long used = HEAP_POOLS.stream().map(after::get).mapToLong(MemoryUsage::getUsed).sum();
        most.accumulateAndGet(used, Math::max);
      }
    }

    /** Bytes; what is in use now if there was no collection. */
    long bytes() {
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return most.get() == 0 ? used : most.get();
    }

    @Override
    public void close() {
      try {
        for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
          ((NotificationEmitter) bean).removeNotificationListener(this);
        }
      } catch (ListenerNotFoundException e) {
        throw new IllegalStateException("the listener was added before", e);
      }
    }
  }
}
