package io.tributary.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.jobs.Stopping;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real standalone cluster on loopback from the runtime that the build assembles: a master and two
 * workers, each in a JVM of its own, on ports that the system chooses. Only the first worker offers
 * the resource that binds drivers to it.
 *
 * <pre>
 *   FOLDER/conf, conf-1       what the daemons, and whoever submits, find in SPARK_CONF_DIR
 *   FOLDER/work-1, work-2     drivers and executors of each worker
 *   FOLDER/blocks             shuffle files and what does not fit in memory
 *   FOLDER/events             event logs
 *   FOLDER/logs               output of every process that was started here
 * </pre>
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Path SPARK_HOME = Path.of("target", "spark-home").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final int LAST_LINES = 15;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final Path folder;
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private final Stopping stopping = Stopping.before(this::close);
  private String master = "";
  private String page = "";

  private StandaloneCluster(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts the three daemons and waits until both workers have registered.
   *
   * @param folder new or empty
   * @param defaults settings beside those of the folders above
   * @param ofFirstWorker settings of the first worker alone
   */
  static StandaloneCluster start(
      Path folder, Map<String, String> defaults, Map<String, String> ofFirstWorker)
      throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    try {
      Map<String, String> settings = new LinkedHashMap<>(defaults);
      settings.put("spark.eventLog.enabled", "true");
      settings.put(
          "spark.eventLog.dir",
          Files.createDirectories(folder.resolve("events")).toUri().toString());
      cluster.configure("conf", settings);
      settings.putAll(ofFirstWorker);
      cluster.configure("conf-1", settings);
      cluster.startDaemons();
      return cluster;
    } catch (RuntimeException | AssertionError | IOException e) {
      e.addSuppressed(new AssertionError(cluster.lastWords()));
      cluster.close();
      throw e;
    }
  }

  private void configure(String name, Map<String, String> settings) throws IOException {
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + " " + value));
    Path conf = Files.createDirectories(folder.resolve(name));
    Files.write(conf.resolve("spark-defaults.conf"), lines);
  }

  private void startDaemons() throws IOException {
    String deploy = "spark-class org.apache.spark.deploy.";
    run(
        "master",
        "conf",
        Map.of(),
        deploy + "master.Master --host 127.0.0.1 --port 0 --webui-port 0");
    master = await("the master", () -> logged("master", "Starting Spark master at (spark://\\S+)"));
    page = await("its page", () -> logged("master", "MasterWebUI.* started at (http://\\S+)"));
    for (int worker = 1; worker <= 2; worker++) {
      // Cores and memory are what it offers: nothing is set aside for them.
      run(
          "worker-" + worker,
          worker == 1 ? "conf-1" : "conf",
          Map.of("SPARK_LOCAL_DIRS", folder.resolve("blocks").toString()),
          deploy
              + "worker.Worker --host 127.0.0.1 --port 0 --webui-port 0 --cores 16 --memory 16g"
              + " --work-dir "
              + work(worker)
              + " "
              + master);
    }
    for (int worker = 1; worker <= 2; worker++) {
      String log = "worker-" + worker;
      await(log, () -> logged(log, "(Successfully registered with master)"));
    }
  }

  /** Starts a line of a shell as an engineer at this cluster would; it ends with the cluster. */
  Process run(String name, Map<String, String> variables, String line) {
    return run(name, "conf", variables, line);
  }

  private Process run(String name, String conf, Map<String, String> variables, String line) {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", "exec " + line);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.matches("(SPARK|HADOOP|YARN)_.*"));
    environment.put("PATH", SPARK_HOME.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_CONF_DIR", folder.resolve(conf).toString());
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    // Many JVMs start here, and none runs for long.
    environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    environment.putAll(variables);
    Path log = log(name);
    try {
      Files.createDirectories(log.getParent());
      Process process =
          builder
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(new File("/dev/null"))
              .start();
      synchronized (processes) {
        processes.put(name, process);
      }
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String master() {
    return master;
  }

  Path work(int worker) {
    return folder.resolve("work-" + worker);
  }

  Path folder(String name) {
    return folder.resolve(name);
  }

  Path log(String name) {
    return folder.resolve("logs").resolve(name + ".log");
  }

  /** What a process's log says at the first place where a pattern's group is found. */
  Optional<String> logged(String name, String pattern) {
    try {
      Matcher found = Pattern.compile(pattern).matcher(Files.readString(log(name)));
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ends of all logs, for whoever looks into a failure. */
  String lastWords() {
    StringBuilder words = new StringBuilder();
    for (Path file :
        SecretSearch.files(
            folder, each -> each.toString().matches(".*(logs/.*[.]log|driver-.*/stderr)"))) {
      try {
        List<String> lines = Files.readAllLines(file);
        words.append("--- ").append(folder.relativize(file)).append('\n');
        lines
            .subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
            .forEach(each -> words.append(each).append('\n'));
      } catch (IOException e) {
        words.append(e).append('\n');
      }
    }
    return words.toString();
  }

  /** The master's own account of workers, applications and drivers. */
  JsonNode state() {
    try {
      return JSON.readTree(get(page + "/json/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Web addresses of the running applications, by their ids. */
  Map<String, String> applications() {
    Map<String, String> addresses = new LinkedHashMap<>();
    Pattern.compile("appId=(app-[0-9-]+).*?href=\"(http[^\"]+)\"", Pattern.DOTALL)
        .matcher(get(page + "/"))
        .results()
        .forEach(row -> addresses.putIfAbsent(row.group(1), row.group(2)));
    List<String> active = new ArrayList<>();
    state().path("activeapps").forEach(app -> active.add(app.path("id").asText()));
    addresses.keySet().retainAll(active);
    return addresses;
  }

  /** Address of the master's page. */
  String page() {
    return page;
  }

  /**
   * JVMs that the workers have started: drivers and executors. What has no command line is no JVM
   * but the remains of a shell's child that nobody waits for.
   */
  List<ProcessHandle> started() {
    List<ProcessHandle> started = new ArrayList<>();
    synchronized (processes) {
      for (int worker = 1; worker <= 2; worker++) {
        Process process = processes.get("worker-" + worker);
        if (process != null) {
          process
              .descendants()
              .filter(each -> each.info().commandLine().isPresent())
              .forEach(started::add);
        }
      }
    }
    return started;
  }

  /** What is at an address, which has to answer. */
  static String get(String address) {
    return answer(address).orElseThrow(() -> new AssertionError(address + " does not answer"));
  }

  /** What is at an address; empty if it answers with anything but 200. */
  static Optional<String> answer(String address) {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Waits until there is something. */
  static <T> T await(String what, Supplier<Optional<T>> look) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      try {
        Thread.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what);
  }

  /** Waits until something holds. */
  static void awaitThat(String what, Supplier<Boolean> holds) {
    await(what, () -> holds.get() ? Optional.of(true) : Optional.empty());
  }

  /** Waits until a process has ended by itself; its exit code. */
  static int exit(Process process) {
    awaitThat("the end of " + process.info().commandLine(), () -> !process.isAlive());
    return process.exitValue();
  }

  /** Every process that {@link #run} has started. */
  List<Process> ran() {
    synchronized (processes) {
      return new ArrayList<>(processes.values());
    }
  }

  /** Ends what runs, the last one started first, then what the workers have left. */
  @Override
  public void close() {
    stopping.close();
    List<ProcessHandle> left = started();
    List<Process> running = ran();
    for (int i = running.size() - 1; i >= 0; i--) {
      running.get(i).destroy();
    }
    long until = System.nanoTime() + GRACE.toNanos();
    for (Process process : running) {
      try {
        if (!process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
    left.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public String toString() {
    return "StandaloneCluster[" + master + "]";
  }
}
