package io.tributary.jobs.local;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.codec.AnalystConfigParser;
import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.exchange.LocalSummation;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.Stopping;
import io.tributary.jobs.coordinator.CoordinatorNotices;
import io.tributary.jobs.coordinator.CoordinatorService;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.report.ParquetTables;
import io.tributary.jobs.site.SiteNotices;
import io.tributary.jobs.site.SiteService;
import io.tributary.jobs.study.PublishedRelease;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.journal.FileStateStore;
import io.tributary.report.ReportWriter;
import io.tributary.study.AnalystConfig;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * One study over the sites of a local federation, with the whole protocol: by default the
 * coordinator and each site are processes, with {@code oneJvm} they are threads over one Spark
 * session and an exchange in memory.
 */
public final class LocalRun {
  /** A site's heap and cores: several share this machine. */
  private static final List<String> SITE_SUBMIT = List.of("--master", "local[1]");

  /** Events of a site that say why it does not contribute. */
  private static final Set<String> TROUBLES = Set.of("refused", "declined", "failed");

  private static final String AGAIN =
      "Start the run again; with --state FOLDER it goes on where it stopped.";

  /** A process that died by signal n ends with this + n. */
  private static final int SIGNALLED = 128;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalFederation federation;
  private final StudyFile study;
  private final List<SiteId> present;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param present sites that take part; the study may name more
   */
  public LocalRun(
      LocalFederation federation,
      StudyFile study,
      List<SiteId> present,
      Clock clock,
      SecureRandom random) {
    this.federation = federation;
    this.study = study;
    this.present = List.copyOf(present);
    this.clock = clock;
    this.random = random;
  }

  private StudySignature signature() {
    Path file = federation.analystConfig();
    try {
      AnalystConfig analyst = AnalystConfigParser.parse(Files.readAllBytes(file), file);
      SigningIdentity identity = KeyFile.read(analyst.identity().key(), Optional.empty());
      try {
        return StudySignature.sign(study.raw(), analyst.id(), identity, clock);
      } finally {
        identity.destroy();
      }
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check the folder.");
    }
  }

  /**
   * Runs with processes.
   *
   * @param brief as {@link LocalProcesses} takes it
   * @param events told what the coordinator does: an event's name and its fields
   * @throws TributaryException what ended the study, if it did not end well
   */
  @SuppressWarnings("try") // Stopping is there to be closed.
  public void inProcesses(Path out, boolean brief, BiConsumer<String, Map<String, Object>> events) {
    String digest = study.digest().hex();
    AtomicReference<Map<String, Object>> failure = new AtomicReference<>();
    try (LocalProcesses processes = new LocalProcesses(federation, brief);
        Stopping stopping = Stopping.before(processes::close)) {
      Process coordinator =
          processes.start(
              LocalFederation.COORDINATOR,
              List.of(
                  "coordinator",
                  "run",
                  "--config",
                  federation.coordinatorConfig().toString(),
                  "--study",
                  digest,
                  "--out",
                  out.toAbsolutePath().toString(),
                  "--json"),
              SITE_SUBMIT,
              Optional.of(line -> event(line, events, failure)));
      for (SiteId site : present) {
        processes.start(
            site.value(),
            List.of(
                "site",
                "run",
                "--config",
                federation.siteConfig(site).toString(),
                "--study",
                digest,
                "--json"),
            SITE_SUBMIT,
            Optional.of(line -> trouble(site, line, events)));
      }
      submit();
      int exit = follow(coordinator, processes);
      if (exit == 0) {
        processes.await(5);
        fetchIfEarlier(out);
        return;
      }
      throw ended(exit, failure.get());
    }
  }

  /** A study that has ended in an earlier run is not run again: its release is there. */
  private void fetchIfEarlier(Path out) {
    if (!Files.exists(out)) {
      try (Exchange exchange = Exchanges.ofCoordinatorFolder(federation.readCoordinator())) {
        PublishedRelease.fetch(exchange, study.digest(), out);
      }
    }
  }

  /** Waits for the coordinator, but not when a site has died: it would wait for its deadline. */
  private int follow(Process coordinator, LocalProcesses processes) {
    try {
      while (!coordinator.waitFor(200, TimeUnit.MILLISECONDS)) {
        Map<String, Integer> failed = processes.failed();
        failed.remove(LocalFederation.COORDINATOR);
        if (!failed.isEmpty() && !coordinator.waitFor(3, TimeUnit.SECONDS)) {
          String site = failed.keySet().iterator().next();
          throw siteDied(site, failed.get(site));
        }
      }
      return coordinator.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.protocol(ErrorCode.INTERRUPTED, "The run was interrupted.", "", AGAIN);
    }
  }

  private TributaryException siteDied(String site, int exit) {
    Optional<Map<String, Object>> said = lastError(federation.log(site));
    String cause =
        said.map(error -> error.get("problem") + " " + error.get("remedy"))
            .orElse(exit > SIGNALLED ? signal(exit) : "");
    ErrorCode code =
        said.map(error -> ErrorCode.valueOf(error.get("code").toString()))
            .orElse(exit > SIGNALLED ? ErrorCode.THRESHOLD_LOST : ErrorCode.INTERNAL);
    return Errors.protocol(
        code,
        "Site '" + site + "' has ended with exit code " + exit + ".",
        cause,
        AGAIN + " The site's log is then kept in FOLDER/logs/" + site + ".log.");
  }

  private static Optional<Map<String, Object>> lastError(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      for (int i = lines.size() - 1; i >= 0; i--) {
        if (lines.get(i).contains("\"event\":\"error\"")) {
          return fields(lines.get(i));
        }
      }
    } catch (IOException e) {
      // The log's path is in the remedy.
    }
    return Optional.empty();
  }

  private static String signal(int exit) {
    return "It was killed by signal " + (exit - SIGNALLED) + ".";
  }

  private static TributaryException ended(int exit, Map<String, Object> failure) {
    if (failure == null && exit > SIGNALLED) {
      return Errors.protocol(
          ErrorCode.INTERRUPTED, "The coordinator has ended.", signal(exit), AGAIN);
    } else if (failure == null) {
      return Errors.internal("The coordinator has ended with exit code " + exit + ".", null);
    }
    return Errors.protocol(
        ErrorCode.valueOf(failure.get("code").toString()),
        failure.get("problem").toString(),
        String.valueOf(failure.getOrDefault("cause", "")),
        failure.get("remedy").toString());
  }

  private static void event(
      String line,
      BiConsumer<String, Map<String, Object>> events,
      AtomicReference<Map<String, Object>> failure) {
    fields(line)
        .ifPresent(
            fields -> {
              String event = String.valueOf(fields.remove("event"));
              fields.remove("at");
              if (event.equals("error")) {
                failure.set(fields);
              } else {
                events.accept(event, fields);
              }
            });
  }

  /** What a site refuses or cannot do is for whoever runs all of them on one machine. */
  private static void trouble(
      SiteId site, String line, BiConsumer<String, Map<String, Object>> events) {
    fields(line)
        .filter(fields -> TROUBLES.contains(String.valueOf(fields.get("event"))))
        .ifPresent(
            fields -> {
              Map<String, Object> told = new LinkedHashMap<>();
              told.put("site", site.value());
              fields.remove("at");
              String event = String.valueOf(fields.remove("event"));
              told.putAll(fields);
              events.accept(event, told);
            });
  }

  private static Optional<Map<String, Object>> fields(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(line, new TypeReference<Map<String, Object>>() {}));
    } catch (IOException e) {
      // Something else than an event was printed; it stands in the log.
      return Optional.empty();
    }
  }

  private void submit() {
    CoordinatorConfig config = federation.readCoordinator();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), clock);
    // The coordinator's own folder takes the study before its server is up.
    try (Exchange exchange = Exchanges.ofCoordinatorFolder(config)) {
      // A study that an earlier run has put there goes on; its signature has the time of then.
      StudySignature signature =
          Submission.fetch(exchange, study.digest())
              .map(Submission::signature)
              .orElseGet(this::signature);
      signature.verify(study.raw(), study.study(), consortium.consortium(), clock);
      Submission.put(exchange, study, signature);
    }
  }

  /**
   * Runs in this process.
   *
   * @param spark the one session of all sites
   */
  public void inOneJvm(
      Path out,
      Supplier<SparkSession> spark,
      CoordinatorNotices coordinatorNotices,
      SiteNotices siteNotices) {
    try (InMemoryExchange exchange = new InMemoryExchange()) {
      inOneJvm(out, spark, exchange, Duration.ZERO, coordinatorNotices, siteNotices);
    }
  }

  /**
   * Runs in this process over an exchange that outlives the run.
   *
   * @param patience how long to wait for each site to hear of the end
   */
  void inOneJvm(
      Path out,
      Supplier<SparkSession> spark,
      Exchange exchange,
      Duration patience,
      CoordinatorNotices coordinatorNotices,
      SiteNotices siteNotices) {
    CoordinatorConfig config = federation.readCoordinator();
    ConsortiumFile consortium = ConsortiumFile.read(config.consortium(), clock);
    Optional<Digest> only = Optional.of(study.digest());
    List<AutoCloseable> open = new ArrayList<>();
    List<Thread> sites = new ArrayList<>();
    try {
      Submission.put(exchange, study, signature());
      for (SiteId id : present) {
        SiteConfig site = federation.readSite(id);
        FileStateStore store = FileStateStore.open(site.state(), random);
        open.add(store);
        SiteService service =
            new SiteService(
                site,
                ConsortiumFile.read(site.consortium(), clock),
                KeyFile.read(site.identity().key(), Optional.empty()),
                exchange,
                store,
                spark,
                clock,
                random,
                siteNotices);
        open.add(service);
        Thread thread = new Thread(() -> serve(service, only), "site-" + id);
        thread.setDaemon(true);
        thread.start();
        sites.add(thread);
      }
      try (FileStateStore store = FileStateStore.open(config.state(), random);
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
                  coordinatorNotices)) {
        service.run(only, Optional.of(out));
      } finally {
        join(sites, patience);
      }
    } finally {
      closeAll(open);
    }
  }

  private static void join(List<Thread> sites, Duration patience) {
    try {
      for (Thread site : sites) {
        if (!patience.isZero()) {
          site.join(patience.toMillis());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void serve(SiteService service, Optional<Digest> only) {
    try {
      service.run(only);
    } catch (TributaryException e) {
      // The notices have told it, and the coordinator gets the code.
    }
  }

  private static void closeAll(List<AutoCloseable> open) {
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (Exception e) {
        throw Errors.internal("A part of the federation could not be closed.", e);
      }
    }
  }
}
