package io.tributary.jobs.markers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.analysis.Aggregate;
import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.omop.StudyTable;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.cli.Main;
import io.tributary.jobs.cluster.KeptSecrets;
import io.tributary.jobs.cluster.SecretSearch;
import io.tributary.jobs.cluster.SecretSearch.Find;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.local.LocalFederation.Transport;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.ResultFolder;
import io.tributary.study.SiteId;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of one person's row is anywhere but in the site's table. One site and the coordinator are
 * processes of their own, through the launcher, with every logger at its most talkative, event log,
 * metrics and web pages on and nothing compressed; a study is killed in its middle and goes on, a
 * second one is refused by the policy, a third meets a value that it cannot read. Then all that was
 * written is searched for the row's values, for the site's partials and for its keys.
 */
class MarkersIT {
  private static final SiteId EAST = new SiteId("east");
  private static final SiteId MARKED = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final List<SiteId> SITES = List.of(EAST, MARKED, SOUTH);
  private static final int PERSONS = 40;
  private static final Path LAUNCHER =
      Path.of("..", "scripts", "tributary").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** It names the person, so that rows are brought together by person: that is a shuffle. */
  private static final String GOOD =
      """
      study: good
      sites: [east, north, south]
      cohort: {from: visits, person: id}
      columns:
        age: {type: number, range: [0, 120], unit: year}
        bmi: {type: number, range: [10, 60]}
        sex: {levels: [female, male]}
      analyses:
        - {name: table-one, type: summary, columns: [age, bmi], by: sex}
        - {name: model, type: glm, formula: "bmi ~ age + sex"}
      """;

  private static final String REFUSED =
      GOOD.replace("study: good", "study: refused").replaceAll("(?s)analyses:.*", "analyses:\n")
          + "  - {name: cells, type: crosstab, columns: [sex, dead]}\n";

  /** The marked row has a text where this study expects a number. */
  private static final String UNREADABLE =
      GOOD.replace("study: good", "study: unreadable")
              .replace("bmi: {type: number, range: [10, 60]}", "note: {type: number}")
              .replaceAll("(?s)analyses:.*", "analyses:\n")
          + "  - {name: notes, type: summary, columns: [note]}\n";

  private static final String POLICY =
      """
      catalog: {visits: {format: csv, path: visits.csv}}
      policy:
        datasets: {visits: {columns: {id: all, age: all, sex: all, bmi: all, note: all}}}
        analyses: [summary, glm]
        analysts: [all]
        purposes: [all]
        approval: rules
      """;

  private static final String TALKATIVE =
      """
      status = error
      rootLogger.level = trace
      rootLogger.appenderRef.file.ref = file
      # Most of what Spark says: how plans change, before any row is read.
      logger.rules.name = org.apache.spark.sql.catalyst.rules
      logger.rules.level = info
      logger.analysis.name = org.apache.spark.sql.catalyst.analysis
      logger.analysis.level = info
      logger.internal.name = org.apache.spark.sql.internal
      logger.internal.level = info
      appender.file.type = File
      appender.file.name = file
      appender.file.fileName = ${sys:tributary.trace}
      appender.file.layout.type = PatternLayout
      appender.file.layout.pattern = %d{HH:mm:ss} %p %c: %m%n%ex
      """;

  @TempDir private static Path folder;

  private static LocalFederation federation;
  private static final List<Process> processes = new ArrayList<>();
  private static SecretSearch search;
  private static final Set<Find> leaks = new LinkedHashSet<>();
  private static final Set<String> searched = new LinkedHashSet<>();
  private static final Map<String, Integer> exits = new TreeMap<>();
  private static List<String> shuffled = List.of();
  private static String limits = "";
  private static String flags = "";

  @BeforeAll
  @Timeout(value = 400, unit = TimeUnit.SECONDS)
  static void runOnce() throws Exception {
    for (SiteId site : SITES) {
      Path data = Files.createDirectories(folder.resolve("sites").resolve(site.value()));
      Files.write(data.resolve("visits.csv"), rows(site));
      Files.writeString(data.resolve("site.yaml"), POLICY);
    }
    for (String name : List.of("work", "tmp", "local", "events", "metrics", "logs")) {
      Files.createDirectories(folder.resolve(name));
    }
    Files.writeString(folder.resolve("talkative.properties"), TALKATIVE);
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
    search = Markers.search();
    partials();
    try (KeptSecrets secrets = new KeptSecrets(federation.readSite(MARKED))) {
      run();
      secrets.secrets().forEach(search::andSecret);
    }
    look();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly();
      process.waitFor(20, TimeUnit.SECONDS);
    }
  }

  private static List<String> rows(SiteId site) {
    List<String> rows = new ArrayList<>(List.of(Markers.HEADER));
    for (int i = 0; i < PERSONS; i++) {
      int n = SITES.indexOf(site) * 100 + i;
      String sex = n % 2 == 0 ? "female" : "male";
      rows.add(
          "p%d,%d,%s,%.1f,%d,%d"
              .formatted(n, 40 + n * 7 % 41, sex, 20 + n % 13 * 0.7, n / 3 % 2, n));
    }
    if (site.equals(MARKED)) {
      rows.add(Markers.row());
    }
    return rows;
  }

  /** The words of the marked site's first partial of each analysis, which no other site has. */
  private static void partials() {
    StudyFile study = StudyFile.of(GOOD.getBytes(StandardCharsets.UTF_8), "study.yaml");
    try (SiteTable table =
        StudyTable.open(
            SharedSpark.session(),
            federation.readSite(MARKED).catalog().get("visits"),
            study.study(),
            Map.of(),
            SiteTable.Traces.NONE)) {
      for (int job = 0; job < study.study().analyses().size(); job++) {
        partial(Catalog.create(study.study(), job), job, table);
      }
    }
  }

  private static <S, R> void partial(StudyAnalysis<S, R> analysis, int job, SiteTable table) {
    Aggregate sum = Pooled.sum(analysis, analysis.start(), List.of(table));
    for (int block = 0; block < sum.layout().blocks(); block++) {
      search.andPartial("partial of analysis " + job, sum.words(block));
    }
  }

  // ---- what runs -------------------------------------------------------------------------------

  private static void run() throws Exception {
    Process coordinator =
        start(
            "coordinator",
            List.of(),
            "coordinator",
            "run",
            "--config",
            federation.coordinatorConfig().toString());
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Process site = marked(port);
    await("coordinator", "\"event\":\"ready\"");
    await("north", "\"event\":\"ready\"");
    limits = Files.readString(Path.of("/proc", Long.toString(site.pid()), "limits"));
    flags = flags(site);
    Path good = signed("good", GOOD);
    List<Thread> others = submit(good);
    await("north", "\"event\":\"sent\"");
    site.destroyForcibly();
    site.waitFor();
    // What a killed process leaves behind, before anything can clear it away.
    shuffled =
        SecretSearch.files(folder.resolve("local"), file -> true).stream()
            .map(file -> file.getFileName().toString())
            .filter(name -> name.startsWith("shuffle_") && name.endsWith(".data"))
            .toList();
    for (String place : List.of("local", "tmp")) {
      leaks.addAll(search.under(folder.resolve(place), file -> true));
    }
    site = marked(port);
    results(good, "good", others);
    lookIntoPages(port);
    Path refused = signed("refused", REFUSED);
    results(refused, "refused", submit(refused));
    Path unreadable = signed("unreadable", UNREADABLE);
    results(unreadable, "unreadable", submit(unreadable));
    for (Process process : List.of(site, coordinator)) {
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static String flags(Process jvm) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked = new ProcessBuilder(jcmd, Long.toString(jvm.pid()), "VM.flags").start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Process marked(int port) throws IOException {
    List<String> submit = new ArrayList<>(List.of("--master", "local[2]"));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.ui.enabled", "true");
    settings.put("spark.ui.port", Integer.toString(port));
    settings.put("spark.eventLog.enabled", "true");
    settings.put("spark.eventLog.dir", folder.resolve("events").toUri().toString());
    settings.put("spark.eventLog.compress", "false");
    settings.put("spark.eventLog.logStageExecutorMetrics", "true");
    settings.put("spark.local.dir", folder.resolve("local").toString());
    settings.put("spark.sql.shuffle.partitions", "2");
    // What a shuffle has written stays until the end, so that a killed process leaves it.
    settings.put("spark.cleaner.referenceTracking", "false");
    settings.put("spark.shuffle.compress", "false");
    settings.put("spark.shuffle.spill.compress", "false");
    settings.put("spark.broadcast.compress", "false");
    settings.put("spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink");
    settings.put("spark.metrics.conf.*.sink.csv.period", "1");
    settings.put("spark.metrics.conf.*.sink.csv.directory", folder.resolve("metrics").toString());
    settings.forEach((key, value) -> submit.addAll(List.of("--conf", key + "=" + value)));
    return start(
        "north", submit, "site", "run", "--config", federation.siteConfig(MARKED).toString());
  }

  private static Process start(String party, List<String> submit, String... words)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(words));
    command.addAll(List.of("--json", "--stacktrace", "--"));
    command.addAll(submit);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.resolve("work").toFile());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_DRIVER_MEMORY", "1g");
    builder
        .environment()
        .put(
            "TRIBUTARY_JAVA_OPTS",
            "-XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile=file:%s -Dtributary.trace=%s -Djava.io.tmpdir=%s"
                .formatted(
                    folder.resolve("talkative.properties"),
                    folder.resolve("logs").resolve(party + ".trace"),
                    folder.resolve("tmp")));
    File log = log(party).toFile();
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .redirectInput(new File("/dev/null"))
            .start();
    processes.add(process);
    return process;
  }

  private static Path log(String party) {
    return folder.resolve("logs").resolve(party + ".log");
  }

  private static void await(String party, String words) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(log(party)).contains(words)) {
      if (System.nanoTime() > until || processes.stream().noneMatch(Process::isAlive)) {
        throw new AssertionError(
            party + " did not say " + words + ":\n" + Files.readString(log(party)));
      }
      Thread.sleep(20);
    }
  }

  private static Path signed(String name, String text) throws IOException {
    Path study = folder.resolve("work").resolve(name + ".yaml");
    Files.writeString(study, text);
    analyst("study", "sign", study.toString());
    return study;
  }

  /** Submits a study, in which the other sites take part from this process. */
  private static List<Thread> submit(Path study) {
    String digest = StudyFile.read(study).digest().hex();
    analyst("study", "submit", study.toString());
    List<Thread> others = new ArrayList<>();
    for (SiteId site : List.of(EAST, SOUTH)) {
      String config = federation.siteConfig(site).toString();
      Thread thread =
          new Thread(
              () -> Main.run("site", "run", "--config", config, "--study", digest), "run-" + site);
      thread.setDaemon(true);
      thread.start();
      others.add(thread);
    }
    return others;
  }

  private static void results(Path study, String name, List<Thread> others)
      throws InterruptedException {
    int exit =
        Main.run(
            "study",
            "results",
            study.toString(),
            "--config",
            federation.analystConfig().toString(),
            "--out",
            folder.resolve("out").resolve(name).toString(),
            "--wait-seconds",
            "180");
    exits.put(name, exit);
    for (Thread other : others) {
      other.join(PATIENCE.toMillis());
      assertThat(other.isAlive()).isFalse();
    }
  }

  private static void analyst(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--config", federation.analystConfig().toString()));
    assertThat(Main.run(words.toArray(String[]::new))).as("%s", words).isZero();
  }

  // ---- where it is looked for ------------------------------------------------------------------

  /** Spark's pages and their data, while the marked site serves. */
  private static void lookIntoPages(int port) throws Exception {
    String address = "http://127.0.0.1:" + port;
    String rest = address + "/api/v1/applications";
    Matcher id = Pattern.compile("\"id\" : \"([^\"]+)\"").matcher(get(rest));
    assertThat(id.find()).isTrue();
    for (String page :
        List.of(
            "/environment",
            "/jobs",
            "/stages?details=true&withSummaries=true",
            "/allexecutors",
            "/executors/driver/threads",
            "/storage/rdd",
            "/sql?details=true&planDescription=true&length=1000")) {
      look(rest + "/" + id.group(1) + page);
    }
    for (String page :
        List.of("/environment/", "/jobs/", "/stages/", "/storage/", "/executors/", "/SQL/")) {
      look(address + page);
    }
  }

  private static void look(String address) throws Exception {
    searched.add(address);
    leaks.addAll(search.in(address, get(address).getBytes(StandardCharsets.UTF_8)));
  }

  private static String get(String address) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(address).isEqualTo(200);
    return answer.body();
  }

  private static void look() {
    for (Path file : SecretSearch.files(folder, file -> !isWhereItBelongs(file))) {
      searched.add(folder.relativize(file).toString());
      leaks.addAll(search.in(file));
      if (file.startsWith(folder.resolve("out")) && file.toString().endsWith(".parquet")) {
        String rows =
            String.join(
                "\n",
                SharedSpark.session().read().parquet(file.toString()).toJSON().collectAsList());
        leaks.addAll(search.in(file + ", rows", rows.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  /** The table itself, and the files that exist to hold keys. */
  private static boolean isWhereItBelongs(Path file) {
    return file.equals(folder.resolve("sites/north/visits.csv"))
        || List.of(
                federation.readSite(MARKED).identity().key(),
                federation.readSite(MARKED).tls().orElseThrow().key(),
                federation.readSite(MARKED).state().resolve("store.key"))
            .contains(file);
  }

  // ---- tests -----------------------------------------------------------------------------------

  @Test
  void nothingOfThePersonThePartialsAndTheKeysIsAnywhere() {
    assertThat(leaks).isEmpty();
  }

  @Test
  void aProcessThatCrashesWritesNoMemoryIntoAFile() {
    assertThat(limits).containsPattern("(?m)^Max core file size +0 +0 ");
    assertThat(flags).contains("-XX:-CreateCoredumpOnCrash").doesNotContain("-XX:+HeapDump");
  }

  @Test
  void everyStudyEndedAsItShould() throws IOException {
    assertThat(exits).containsEntry("good", 0).containsEntry("refused", 3);
    assertThat(exits.get("unreadable")).isNotZero();
    // The site was killed after its first frame had left: what it sent again had the same bytes.
    assertThat(ResultFolder.read(folder.resolve("out/good")).analyses())
        .hasSize(2)
        .allSatisfy(analysis -> assertThat(analysis.outcome()).isEqualTo("OK"));
    assertThat(Files.readString(log("north")))
        .contains("POLICY_REFUSED", "a number is expected and text is found");
  }

  @Test
  void theSearchWentWhereSomethingCouldBe() throws IOException {
    assertThat(shuffled).isNotEmpty();
    assertThat(searched)
        .anyMatch(place -> place.startsWith("events/"))
        .anyMatch(place -> place.startsWith("metrics/"))
        .anyMatch(
            place -> place.matches("home/coordinator/state/exchange/.*/upload-north-[0-9a-f]+"))
        .anyMatch(place -> place.equals("home/coordinator/state/journal"))
        .anyMatch(place -> place.equals("home/sites/north/state/journal"))
        .anyMatch(place -> place.startsWith("home/sites/north/state/ledger/cohorts/"))
        .anyMatch(place -> place.startsWith("home/sites/north/state/secrets/"))
        .anyMatch(place -> place.startsWith("out/good/") && place.endsWith(".parquet"))
        .anyMatch(place -> place.endsWith("/SQL/"));
    for (String party : List.of("north", "coordinator")) {
      assertThat(folder.resolve("logs").resolve(party + ".trace"))
          .content(StandardCharsets.ISO_8859_1)
          .contains(" TRACE ", " DEBUG io.grpc.netty");
    }
  }

  /** In each of these places each kind of value is found, so it would have been. */
  @Test
  void aPlantedLeakIsFound() throws IOException {
    for (String place : List.of("events", "local", "home/sites/north/state", "out/good", "logs")) {
      Path file = Files.createFile(folder.resolve(place).resolve("planted"));
      ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putDouble(Markers.BMI).order(ByteOrder.BIG_ENDIAN).putDouble(Markers.AGE);
      try {
        Files.write(file, bytes.array());
        Files.writeString(
            file,
            "{\"id\":\"" + Markers.PERSON + "\"}",
            StandardCharsets.UTF_16LE,
            java.nio.file.StandardOpenOption.APPEND);
        assertThat(search.under(folder.resolve(place), each -> !isWhereItBelongs(each)))
            .filteredOn(find -> find.place().equals(file.toString()))
            .extracting(Find::secret)
            .containsOnly("bmi", "age", "person");
      } finally {
        Files.delete(file);
      }
    }
  }
}
