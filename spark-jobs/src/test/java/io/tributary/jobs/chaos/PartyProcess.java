package io.tributary.jobs.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link ChaosParty} seen from outside: started, stopped, killed by its handle. */
final class PartyProcess {
  private final String name;
  private final Path log;
  private BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private Process process;
  private boolean stopped;

  PartyProcess(String name, Path log) {
    this.name = name;
    this.log = log;
  }

  String name() {
    return name;
  }

  void start() throws IOException {
    List<String> command = new ArrayList<>(capabilities());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx160m",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-Dlog4j2.configurationFile="
                + Path.of("..", "conf", "log4j2.properties").toAbsolutePath().normalize().toUri(),
            "-cp",
            System.getProperty("java.class.path"),
            ChaosParty.class.getName(),
            name));
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    stopped = false;
    lines = new LinkedBlockingQueue<>();
    Thread reader = new Thread(() -> read(process, lines), "output-of-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Root may write into folders that are read-only, unless it gives that up. */
  private static List<String> capabilities() {
    boolean root = "root".equals(System.getProperty("user.name"));
    return root && Files.isExecutable(Path.of("/usr/bin/setpriv"))
        ? List.of(
            "/usr/bin/setpriv",
            "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-dac_override,-dac_read_search")
        : List.of();
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // The process is gone.
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  void order(String line) {
    try {
      OutputStream in = process.getOutputStream();
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      // It was killed; whoever starts it again gives the order again.
    }
  }

  /** The next line it said, if there is one. */
  Optional<String> line() {
    return Optional.ofNullable(lines.poll());
  }

  /** Waits until it says this. */
  boolean await(String line, long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < until) {
      String said = lines.poll(50, TimeUnit.MILLISECONDS);
      if (line.equals(said)) {
        return true;
      }
    }
    return false;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void stop() throws IOException, InterruptedException {
    stopped = true;
    tool("kill", "-STOP", Long.toString(process.pid()));
  }

  void resume() throws IOException, InterruptedException {
    if (stopped && process.isAlive()) {
      tool("kill", "-CONT", Long.toString(process.pid()));
    }
    stopped = false;
  }

  /** Limits the size of every file it writes; negative for no limit. */
  void limitFiles(long bytes) throws IOException, InterruptedException {
    if (process.isAlive()) {
      String limit = bytes < 0 ? "unlimited" : Long.toString(bytes);
      tool("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + limit + ":");
    }
  }

  /** What its threads are at, for whoever looks into a defect. */
  void writeThreads(Path file) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.print")
        .redirectErrorStream(true)
        .redirectOutput(file.toFile())
        .start()
        .waitFor();
  }

  private static void tool(String... command) throws IOException, InterruptedException {
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
