package io.tributary.jobs.local;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The processes of a local federation: the coordinator and each site in a JVM of its own, started
 * by the launcher and through SparkSubmit. Closing ends those that still run, by their own handles.
 */
public final class LocalProcesses implements AutoCloseable {
  /** Environment variable in which the launcher says where it is. */
  public static final String LAUNCHER = "TRIBUTARY_LAUNCHER";

  /** Options for the JVM of a job, see the launcher. */
  private static final String JAVA_OPTIONS = "TRIBUTARY_JAVA_OPTS";

  private static final long GRACE_SECONDS = 15;

  private final LocalFederation federation;
  private final Path launcher;
  private final boolean brief;
  // Guarded by itself: a shutdown closes while the others are still being started.
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param brief the work takes seconds: the processes compile quickly rather than well, which
   *     halves the processor time of their start
   */
  public LocalProcesses(LocalFederation federation, boolean brief) {
    this(federation, launcher(), brief);
  }

  LocalProcesses(LocalFederation federation, Path launcher, boolean brief) {
    this.federation = federation;
    this.launcher = launcher;
    this.brief = brief;
  }

  private static Path launcher() {
    String path = System.getenv(LAUNCHER);
    if (path == null || !Files.isExecutable(Path.of(path))) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          LAUNCHER,
          "does not name the launcher.",
          "Start this command with scripts/tributary, or use --one-jvm.");
    }
    return Path.of(path);
  }

  /**
   * Starts {@code tributary ARGUMENTS -- SUBMIT}; its standard output goes to its log.
   *
   * @param party coordinator or site id, for the log's name
   * @param events told each line of standard error, on a thread of its own; empty sends them to the
   *     log
   * @throws TributaryException INTERRUPTED after {@link #close}, and nothing is started
   */
  public Process start(
      String party,
      List<String> arguments,
      List<String> submit,
      Optional<Consumer<String>> events) {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(arguments);
    if (!submit.isEmpty()) {
      command.add("--");
      command.addAll(submit);
    }
    Path log = federation.log(party);
    try {
      Files.createDirectories(log.getParent());
      ProcessBuilder builder = new ProcessBuilder(command);
      if (brief) {
        builder.environment().putIfAbsent(JAVA_OPTIONS, "-XX:TieredStopAtLevel=1");
      }
      builder.redirectInput(new File("/dev/null"));
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      if (events.isEmpty()) {
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      }
      Process process = start(party, builder);
      events.ifPresent(listener -> follow(party, process, log, listener));
      return process;
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The process of " + party + " cannot be started: " + e.getMessage() + ".",
          "Check the launcher and the folder " + federation.home() + ".",
          e);
    }
  }

  private Process start(String party, ProcessBuilder builder) throws IOException {
    synchronized (processes) {
      if (closed) {
        throw Errors.protocol(
            ErrorCode.INTERRUPTED,
            "The run was told to end before all of its processes were started.",
            "",
            "Start it again.");
      }
      Process process = builder.start();
      processes.put(party, process);
      return process;
    }
  }

  private Map<String, Process> started() {
    synchronized (processes) {
      return new LinkedHashMap<>(processes);
    }
  }

  private static void follow(String party, Process process, Path log, Consumer<String> listener) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                      new BufferedReader(
                          new java.io.InputStreamReader(
                              process.getErrorStream(), StandardCharsets.UTF_8));
                  var copy =
                      Files.newBufferedWriter(
                          log,
                          java.nio.file.StandardOpenOption.CREATE,
                          java.nio.file.StandardOpenOption.APPEND)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  copy.append(line).append('\n').flush();
                  listener.accept(line);
                }
              } catch (IOException e) {
                // The process is gone; its exit code says how.
              }
            },
            "events-of-" + party);
    thread.setDaemon(true);
    thread.start();
  }

  /** Parties whose process has ended with an error. */
  public Map<String, Integer> failed() {
    Map<String, Integer> failed = new LinkedHashMap<>();
    started()
        .forEach(
            (party, process) -> {
              if (!process.isAlive() && process.exitValue() != 0) {
                failed.put(party, process.exitValue());
              }
            });
    return failed;
  }

  /** Waits until all have ended by themselves, at most this long. */
  public void await(long seconds) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (Process process : started().values()) {
      try {
        process.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * Asks every process to end, after a grace of some seconds makes it, and returns when all have.
   */
  @Override
  public void close() {
    synchronized (processes) {
      closed = true;
    }
    started().values().forEach(Process::destroy);
    await(GRACE_SECONDS);
    started().values().forEach(Process::destroyForcibly);
    await(GRACE_SECONDS);
  }
}
