package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.sbom.ClassPath;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.Test;

/** The logging that the launcher sets up, in a process of its own. */
class LogCapTest {
  @Test
  void aFloodOfWarningsIsCutOff() throws Exception {
    String text = run(Flood.class);
    assertThat(text).contains("ERROR first: a first line", "refused caller 0");
    assertThat(text.lines().count()).isBetween(400L, 900L);
  }

  @Test
  void stackTracesAreLoggedIfAskedForOnly() throws Exception {
    String[] told = {
      "ERROR Executor: a task failed", "Lost task 0.0: why", "Caused by: ", "deeper"
    };
    assertThat(run(Failure.class)).contains(told).doesNotContain("\tat ", "... ");
    assertThat(run(Failure.class, "-Dtributary.log.without=x^")).contains(told).contains("\tat ");
  }

  private static String run(Class<?> main, String... options) throws Exception {
    Path classes =
        Path.of(
            URI.create(
                LogCapTest.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    String classPath =
        ClassPath.jars().stream()
            .map(Path::toString)
            .filter(jar -> jar.contains("log4j-"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add(
        "-Dlog4j2.configurationFile="
            + Path.of("..", "conf", "log4j2.properties").toAbsolutePath().toUri());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classes + File.pathSeparator + classPath, main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  /** Logs as Spark does when a task fails: the exception beside a message, and within one. */
  static final class Failure {
    private Failure() {}

    public static void main(String[] args) {
      Exception failure = new IllegalStateException("why", new IllegalArgumentException("deeper"));
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      LogManager.getLogger("org.apache.spark.executor.Executor").error("a task failed", failure);
      LogManager.getLogger("org.apache.spark.scheduler.TaskSetManager")
          .warn("Lost task 0.0: why\n{}", trace);
    }
  }

  /** Writes a hundred thousand lines as quickly as it can. */
  static final class Flood {
    private Flood() {}

    public static void main(String[] args) {
      LogManager.getLogger("io.tributary.first").error("a first line");
      for (int i = 0; i < 50_000; i++) {
        LogManager.getLogger("io.tributary.flood").error("refused caller {}", i);
        LogManager.getLogger("org.apache.spark.flood").warn("lost task {}", i);
      }
    }
  }
}
