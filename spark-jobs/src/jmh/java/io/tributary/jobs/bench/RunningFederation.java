package io.tributary.jobs.bench;

import io.tributary.codec.AnalystConfigParser;
import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.LocalSummation;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.coordinator.CoordinatorNotices;
import io.tributary.jobs.coordinator.CoordinatorService;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.report.ParquetTables;
import io.tributary.jobs.site.SiteNotices;
import io.tributary.jobs.site.SiteService;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.FileStateStore;
import io.tributary.protocol.AttemptId;
import io.tributary.report.ReportWriter;
import io.tributary.study.AnalystConfig;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Services of a coordinator and its sites, up and serving in this process, each with its keys, its
 * journal on disk and its own end of a real exchange.
 */
final class RunningFederation implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final LocalFederation federation;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Digest, CompletableFuture<Path>> ends = new ConcurrentHashMap<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private Exchange exchange;

  private RunningFederation(LocalFederation federation) {
    this.federation = federation;
  }

  static RunningFederation start(
      Path home,
      Path data,
      List<SiteId> sites,
      LocalFederation.Transport transport,
      Supplier<SparkSession> spark) {
    RunningFederation running =
        new RunningFederation(
            LocalFederation.create(
                home,
                data,
                sites,
                sites,
                transport,
                Duration.ofMinutes(2),
                Clock.systemUTC(),
                new SecureRandom()));
    running.startCoordinator();
    sites.forEach(site -> running.startSite(site, spark));
    return running;
  }

  private void startCoordinator() {
    CoordinatorConfig config = federation.readCoordinator();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), clock);
    Exchanges.CoordinatorEnd end =
        Exchanges.ofCoordinator(config, consortium.consortium(), clock, refusal -> {});
    open.push(end);
    exchange = end.exchange();
    FileStateStore store = FileStateStore.open(config.state(), random);
    open.push(store);
    CoordinatorService service =
        new CoordinatorService(
            config,
            consortium,
            KeyFile.read(config.identity().key(), Optional.empty()),
            exchange,
            store,
            () -> new LocalSummation(exchange),
            new ReportWriter(List.of(new ParquetTables())),
            clock,
            random,
            new Ends());
    open.push(service);
    serve("coordinator", () -> service.run(Optional.empty(), Optional.empty()));
  }

  private void startSite(SiteId id, Supplier<SparkSession> spark) {
    SiteConfig config = federation.readSite(id);
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), clock);
    Exchange own = Exchanges.ofSite(config, consortium.consortium(), clock);
    open.push(own);
    FileStateStore store = FileStateStore.open(config.state(), random);
    open.push(store);
    SiteService service =
        new SiteService(
            config,
            consortium,
            KeyFile.read(config.identity().key(), Optional.empty()),
            own,
            store,
            spark,
            clock,
            random,
            new Ends());
    open.push(service);
    serve("site-" + id, () -> service.run(Optional.empty()));
  }

  private static void serve(String name, Runnable service) {
    Thread thread =
        new Thread(
            () -> {
              try {
                service.run();
              } catch (TributaryException e) {
                // The exchange was closed under it at the end of the benchmark.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Submits a study and waits for its results. */
  Path run(String yaml) throws Exception {
    StudyFile study = StudyFile.of(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
    CompletableFuture<Path> end =
        ends.computeIfAbsent(study.digest(), d -> new CompletableFuture<>());
    rounds.set(0);
    Submission.put(exchange, study, sign(study));
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private StudySignature sign(StudyFile study) throws Exception {
    Path file = federation.analystConfig();
    AnalystConfig analyst = AnalystConfigParser.parse(Files.readAllBytes(file), file);
    SigningIdentity identity = KeyFile.read(analyst.identity().key(), Optional.empty());
    return StudySignature.sign(study.raw(), analyst.id(), identity, clock);
  }

  /** Sums that the last study took. */
  int roundsOfLast() {
    return rounds.get();
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.err.println("bench: closing: " + e);
      }
    }
  }

  /** Hears of the ends of studies. */
  private final class Ends implements CoordinatorNotices, SiteNotices {
    @Override
    public void ready() {}

    @Override
    public void studyAwaitsSteward(Study study, Digest digest) {}

    @Override
    public void studyTaken(Study study, Digest digest) {}

    @Override
    public void studyRefused(Digest digest, TributaryException why) {
      fail(digest, why);
    }

    @Override
    public void status(Study study, Digest digest, CoordinatorPump.Status status) {}

    @Override
    public void roundTaken(Study study, Digest digest, CoordinatorListener.RoundTaken round) {
      rounds.incrementAndGet();
    }

    @Override
    public void analysisFailed(Study study, String analysis, TributaryException why) {}

    @Override
    public void refusedObject(String name, TributaryException why) {
      System.err.println("bench: refused " + name + ": " + why.getMessage());
    }

    @Override
    public void released(Study study, Digest digest, Path results) {
      ends.computeIfAbsent(digest, d -> new CompletableFuture<>()).complete(results);
    }

    @Override
    public void studyFailed(Digest digest, TributaryException why) {
      fail(digest, why);
    }

    private void fail(Digest digest, TributaryException why) {
      ends.computeIfAbsent(digest, d -> new CompletableFuture<>()).completeExceptionally(why);
    }

    @Override
    public void attempt(Study study, AttemptId id, String state) {}

    @Override
    public void sent(Study study, AttemptId id, int frame, int frames, int bytes) {}

    @Override
    public void declined(Study study, AttemptId id, TributaryException why) {
      System.err.println("bench: declined " + id + ": " + why.getMessage());
    }

    @Override
    public void studyEnded(Study study, Digest digest) {}

    @Override
    public void exchangeLost(TributaryException why) {
      System.err.println("bench: " + why.getMessage());
    }
  }
}
