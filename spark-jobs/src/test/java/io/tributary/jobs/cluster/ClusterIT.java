package io.tributary.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.cli.Main;
import io.tributary.jobs.cluster.SecretSearch.Find;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.local.LocalFederation.Transport;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.ResultComparison;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A federation on a real standalone cluster, by the very lines of SUBMITTING.md: site north in
 * client mode, site south in cluster mode, each with two executors on two workers; site east has a
 * machine of its own. The coordinator begins the study in client mode, is stopped after its first
 * sum, and ends it in cluster mode over the same state. Everything runs once; the tests look at
 * what it left.
 */
class ClusterIT {
  private static final List<SiteId> SITES =
      List.of(new SiteId("north"), new SiteId("south"), new SiteId("east"));
  private static final int PARTS = 2;

  /** It names the person, whose rows are counted together: that is a shuffle. */
  private static final String STUDY =
      """
      study: cluster
      sites: [north, south, east]
      cohort: {from: lung, person: id, derive: {dead: status - 1}}
      columns:
        age: {range: [0, 120]}
        sex: {levels: ["1", "2"]}
        dead: {type: integer, range: [0, 1]}
      analyses:
        - {name: table-one, type: summary, columns: [age], by: sex}
        - {name: model, type: glm, formula: "dead ~ age + sex", family: gaussian}
      """;

  private static final Pattern EXECUTOR = Pattern.compile("\"id\" : \"[0-9]+\"");
  private static final Path LAUNCHER =
      Path.of("..", "scripts", "tributary").toAbsolutePath().normalize();

  /** As an administrator may have set them; nothing is compressed, so that it can be searched. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("spark.serializer", "org.apache.spark.serializer.KryoSerializer"),
          Map.entry("spark.sql.shuffle.partitions", "2"),
          Map.entry("spark.ui.port", "0"),
          Map.entry("spark.master.rest.enabled", "false"),
          Map.entry("spark.eventLog.compress", "false"),
          Map.entry("spark.shuffle.compress", "false"),
          Map.entry("spark.shuffle.spill.compress", "false"),
          Map.entry("spark.broadcast.compress", "false"));

  @TempDir private static Path folder;

  private static SubmittingPage page;
  private static StandaloneCluster cluster;
  private static LocalFederation federation;

  private static ResultComparison comparison;
  private static final Map<String, EventLog> logs = new TreeMap<>();

  /** What the search found where nothing may be found, and in the driver, where keys are. */
  private static final Set<Find> leaks = new LinkedHashSet<>();

  private static final Set<Find> inDriver = new LinkedHashSet<>();
  private static final List<String> searched = new ArrayList<>();
  private static final Map<String, byte[]> secrets = new LinkedHashMap<>();
  private static List<ProcessHandle> started;
  private static List<ProcessHandle> left;

  @BeforeAll
  @Timeout(value = 400, unit = TimeUnit.SECONDS)
  static void runOnce() throws Exception {
    page = SubmittingPage.read();
    Map<String, String> ofFirstWorker = offerKeys(folder.resolve("parties"));
    cluster = StandaloneCluster.start(folder.resolve("cluster"), DEFAULTS, ofFirstWorker);
    try {
      deal(folder.resolve("sites"));
      federation =
          LocalFederation.create(
              folder.resolve("home"),
              folder.resolve("sites"),
              SITES,
              SITES,
              Transport.FLIGHT,
              LocalFederation.SETUP,
              Clock.systemUTC(),
              new SecureRandom());
      try (KeptSecrets north = new KeptSecrets(federation.readSite(SITES.get(0)));
          KeptSecrets south = new KeptSecrets(federation.readSite(SITES.get(1)))) {
        run(north, south);
      }
    } catch (Exception | AssertionError e) {
      e.addSuppressed(new AssertionError(cluster.lastWords()));
      throw e;
    } finally {
      cluster.close();
    }
  }

  private static void run(KeptSecrets ofNorth, KeptSecrets ofSouth) throws Exception {
    Process north = submit("site.yaml", "client", "north", "sites/north");
    Process south = submit("site.yaml", "cluster", "south", "sites/south");
    Process first =
        submit("coordinator.yaml", "client", "coordinator", LocalFederation.COORDINATOR);
    Path study = sign();
    String digest = StudyFile.read(study).digest().hex();
    Process pooled =
        launch(
            "pooled", "local pooled $FOLDER/study.yaml --sites $FOLDER/sites --out $FOLDER/pooled");
    Process east =
        launch(
            "east",
            "site run --config $FOLDER/home/sites/east/site.yaml --study "
                + digest
                + " -- --master local[1]");
    Map<String, String> applications =
        StandaloneCluster.await(
            "both sites' executors",
            () -> Optional.of(cluster.applications()).filter(ClusterIT::haveExecutors));
    assertThat(StandaloneCluster.exit(pooled)).isZero();
    StandaloneCluster.await("the server", () -> cluster.logged("coordinator", "(?m)^(ready)"));
    analyst("study", "submit", study.toString());

    StandaloneCluster.await("the first sum", () -> cluster.logged("coordinator", "(?m)^(sum) "));
    first.destroy();
    StandaloneCluster.exit(first);
    Process second =
        submit("coordinator.yaml", "cluster", "coordinator-again", LocalFederation.COORDINATOR);
    // Until it is there the study stands still: tables are cached, drivers hold their keys.
    name(ofNorth.secrets(), "north");
    name(ofSouth.secrets(), "south");
    SecretSearch search = new SecretSearch(secrets);
    lookIntoPages(search, applications);
    lookIntoJvms(search, north);
    lookIntoFolders(search);

    assertThat(StandaloneCluster.exit(second)).isZero();
    Path federated = folder.resolve("federated");
    analyst(
        "study",
        "results",
        study.toString(),
        "--out",
        federated.toString(),
        "--wait-seconds",
        "60");
    comparison = ResultComparison.between(federated, folder.resolve("pooled"));
    assertThat(StandaloneCluster.exit(east)).isZero();
    started = cluster.started();
    stop(north, south);
    name(ofNorth.secrets(), "north");
    name(ofSouth.secrets(), "south");
    lookIntoFolders(new SecretSearch(secrets));
    for (Path log : SecretSearch.files(cluster.folder("events"), ClusterIT::isEventLog)) {
      logs.put(log.getFileName().toString(), EventLog.read(log));
    }
    left = cluster.started();
  }

  // ---- what runs
  // ---------------------------------------------------------------------------------

  /** The worker's settings and the script that the page shows, for the two parties of this test. */
  private static Map<String, String> offerKeys(Path script) throws IOException {
    String echo = page.line("echo '{").replace("[\"north\"]", "[\"south\", \"coordinator\"]");
    Files.writeString(script, page.line("#!/bin/sh") + "\n" + echo + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    String amount = page.line("spark.worker.resource.party.amount").split(" +")[0];
    String discovery = page.line("spark.worker.resource.party.discoveryScript").split(" +")[0];
    return Map.of(amount, "2", discovery, script.toString());
  }

  /** Every site's table as a folder of several files, so that every executor has a task. */
  private static void deal(Path sites) throws IOException {
    List<String> rows;
    try (InputStream in = ClusterIT.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      rows = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    Map<Path, List<String>> files = new LinkedHashMap<>();
    for (int row = 1; row < rows.size(); row++) {
      String site = SITES.get(row % SITES.size()).value();
      int part = row / SITES.size() % PARTS;
      files
          .computeIfAbsent(
              sites.resolve(site).resolve("lung.csv").resolve("part-" + part + ".csv"),
              none -> new ArrayList<>(List.of(rows.get(0))))
          .add(rows.get(row));
    }
    for (Map.Entry<Path, List<String>> file : files.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.write(file.getKey(), file.getValue());
    }
  }

  /** Runs the page's line for this job and mode. */
  private static Process submit(String config, String mode, String name, String party) {
    return cluster.run(
        name,
        Map.of(
            "MASTER", cluster.master(),
            "APP", Path.of("target").toAbsolutePath().toString(),
            "PARTY", federation.home().resolve(party).toString(),
            "CORES", "2",
            "MEMORY", "512m"),
        page.line("spark-submit --master $MASTER --deploy-mode " + mode, config));
  }

  private static Path sign() throws IOException {
    Path study = folder.resolve("study.yaml");
    Files.writeString(study, STUDY);
    analyst("study", "sign", study.toString());
    return study;
  }

  private static void analyst(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--config", federation.analystConfig().toString()));
    assertThat(Main.run(words.toArray(String[]::new))).as("%s", words).isZero();
  }

  /** A command on a machine that is no part of the cluster. */
  private static Process launch(String name, String command) {
    return cluster.run(
        name, Map.of("SPARK_CONF_DIR", "", "FOLDER", folder.toString()), LAUNCHER + " " + command);
  }

  private static boolean haveExecutors(Map<String, String> applications) {
    return applications.size() == 2
        && applications.entrySet().stream().allMatch(app -> executors(app) == 2);
  }

  /** Executors that have registered; a driver that is starting up has no list of them yet. */
  private static long executors(Map.Entry<String, String> application) {
    return StandaloneCluster.answer(rest(application) + "/executors")
        .map(list -> EXECUTOR.matcher(list).results().count())
        .orElse(0L);
  }

  private static String rest(Map.Entry<String, String> application) {
    return application.getValue() + "/api/v1/applications/" + application.getKey();
  }

  /** North by a signal, the drivers of cluster mode by the page's line. */
  private static void stop(Process north, Process south) {
    assertThat(StandaloneCluster.exit(south)).isZero();
    String kill = page.line("Client kill");
    List<Process> kills = new ArrayList<>();
    cluster
        .state()
        .path("activedrivers")
        .forEach(
            driver -> {
              String id = driver.path("id").asText();
              kills.add(
                  cluster.run(
                      "kill-" + id, Map.of("MASTER", cluster.master(), "DRIVER", id), kill));
            });
    assertThat(kills).hasSize(2);
    north.destroy();
    StandaloneCluster.exit(north);
    kills.forEach(StandaloneCluster::exit);
    StandaloneCluster.awaitThat(
        "the end of drivers and executors",
        () ->
            cluster.state().path("activedrivers").isEmpty()
                && cluster.state().path("activeapps").isEmpty()
                && cluster.started().isEmpty());
  }

  // ---- where secrets are looked for
  // --------------------------------------------------------------

  private static void name(Map<String, byte[]> found, String site) {
    found.forEach((name, secret) -> secrets.put(site + ": " + name, secret));
  }

  /** The pages and the JSON of the applications and the daemons, while they run. */
  private static void lookIntoPages(SecretSearch search, Map<String, String> applications) {
    List<String> addresses =
        new ArrayList<>(List.of(cluster.page() + "/", cluster.page() + "/json/"));
    cluster
        .state()
        .path("workers")
        .forEach(worker -> addresses.add(worker.path("webuiaddress").asText() + "/json/"));
    for (Map.Entry<String, String> app : applications.entrySet()) {
      addresses.add(cluster.page() + "/app/?appId=" + app.getKey());
      for (String path :
          List.of(
              "",
              "/environment",
              "/jobs",
              "/stages?details=true&withSummaries=true",
              "/allexecutors",
              "/executors/driver/threads",
              "/storage/rdd",
              "/sql?details=true&planDescription=true&length=1000",
              "/allmiscellaneousprocess")) {
        addresses.add(rest(app) + path);
      }
      for (String path :
          List.of("/environment/", "/jobs/", "/stages/", "/storage/", "/executors/", "/SQL/")) {
        addresses.add(app.getValue() + path);
      }
    }
    for (String address : addresses) {
      look(search, address, StandaloneCluster.get(address).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void look(SecretSearch search, String place, byte[] content) {
    searched.add(place);
    leaks.addAll(search.in(place, content));
  }

  /** Arguments of all JVMs, the heaps of all executors, and of one driver. */
  private static void lookIntoJvms(SecretSearch search, Process north) throws Exception {
    List<ProcessHandle> jvms = new ArrayList<>(cluster.started());
    jvms.add(north.toHandle());
    List<Path> heaps = new ArrayList<>();
    for (ProcessHandle jvm : jvms) {
      String line = jvm.info().commandLine().orElse("");
      look(search, "arguments of " + jvm.pid(), line.getBytes(StandardCharsets.UTF_8));
      if (line.contains("CoarseGrainedExecutorBackend")) {
        Path heap = dump(jvm);
        heaps.add(heap);
        searched.add(heap.toString());
        leaks.addAll(search.in(heap));
        Files.delete(heap);
      }
    }
    assertThat(heaps).hasSize(4);
    Path heap = dump(north.toHandle());
    inDriver.addAll(search.in(heap));
    Files.delete(heap);
  }

  /** With what is garbage already: a key that a task has had may be. */
  private static Path dump(ProcessHandle jvm) throws IOException {
    Path heap = folder.resolve("heap-" + jvm.pid());
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(jvm.pid()),
                "GC.heap_dump",
                "-all",
                heap.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("jcmd.log").toFile())
            .start();
    assertThat(StandaloneCluster.exit(jcmd)).isZero();
    return heap;
  }

  /** Event logs, what the workers keep of drivers and executors, blocks, the daemons' output. */
  private static void lookIntoFolders(SecretSearch search) {
    for (Path place :
        List.of(
            cluster.folder("events"),
            cluster.work(1),
            cluster.work(2),
            cluster.folder("blocks"),
            cluster.folder("logs"),
            cluster.folder("conf"),
            cluster.folder("conf-1"))) {
      SecretSearch.files(place, file -> !file.toString().endsWith(".jar"))
          .forEach(
              file -> {
                // Spark removes blocks that nobody needs any more.
                if (Files.exists(file)) {
                  searched.add(file.toString());
                  leaks.addAll(search.in(file));
                }
              });
    }
  }

  private static boolean isEventLog(Path file) {
    return file.getFileName().toString().startsWith("events_");
  }

  // ---- tests
  // -------------------------------------------------------------------------------------

  @Test
  void theAnswerIsThePooledOneToTheLastBit() {
    assertThat(comparison.columns()).isNotEmpty();
    assertThat(comparison.identical()).as(comparison.text()).isTrue();
  }

  @Test
  void everyTaskRanInAnExecutorAndBothWorkersHadOne() {
    assertThat(logs.values())
        .extracting(log -> log.settings().get("spark.submit.deployMode"))
        .containsExactlyInAnyOrder("client", "cluster");
    assertThat(logs.values())
        .allSatisfy(
            log -> {
              assertThat(log.settings().get("spark.serializer")).endsWith(".KryoSerializer");
              assertThat(log.workers()).containsOnlyKeys("0", "1");
              assertThat(log.distinctWorkers()).hasSize(2);
              assertThat(log.tasks()).containsOnlyKeys("0", "1");
              assertThat(log.shuffledTasks()).isPositive();
            });
  }

  @Test
  void driversOfClusterModeStartWhereTheKeysAre() throws IOException {
    assertThat(drivers(1)).isEqualTo(2);
    assertThat(drivers(2)).isZero();
  }

  private static long drivers(int worker) throws IOException {
    try (var entries = Files.list(cluster.work(worker))) {
      return entries.filter(each -> each.getFileName().toString().startsWith("driver-")).count();
    }
  }

  @Test
  void noSecretIsOutsideTheDrivers() {
    assertThat(leaks).isEmpty();
  }

  @Test
  void theSearchHadWhatToFindAndWhereToLook() {
    assertThat(secrets.keySet())
        .contains("north: identity key", "north: TLS key", "south: store key")
        .anyMatch(name -> name.startsWith("north: epoch key"))
        .anyMatch(name -> name.startsWith("south: channel key"))
        .anyMatch(name -> name.startsWith("north: key of step 0.2"))
        .anyMatch(name -> name.startsWith("south: randomness of step"));
    assertThat(inDriver)
        .extracting(Find::secret)
        .contains("north: identity key", "north: TLS key", "north: store key")
        // Which of a step's keys it holds depends on when the heap was written.
        .anyMatch(name -> name.matches("north: (key of step|channel key).*"));
    assertThat(searched)
        .anyMatch(place -> place.contains("/environment"))
        .anyMatch(place -> place.contains("events_1_"))
        .anyMatch(place -> place.matches(".*work-1/driver-.*/stderr"))
        .anyMatch(place -> place.matches(".*work-2/app-.*/stderr"))
        .anyMatch(place -> place.contains("heap-"))
        .anyMatch(place -> place.contains("/blocks/"));
  }

  @Test
  void whatWasStartedIsGone() {
    // Two executors of each site, and two drivers; they had ended before the workers did.
    assertThat(started).hasSize(6).noneMatch(ProcessHandle::isAlive);
    assertThat(left).isEmpty();
    assertThat(cluster.ran()).hasSizeGreaterThan(9).noneMatch(Process::isAlive);
  }
}
