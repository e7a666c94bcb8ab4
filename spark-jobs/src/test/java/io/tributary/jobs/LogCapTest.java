package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.sbom.ClassPath;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.Test;

/** The logging that the launcher sets up, under a flood, in a process of its own. */
class LogCapTest {
  @Test
  void aFloodOfWarningsIsCutOff() throws Exception {
    Path classes =
        Path.of(
            URI.create(
                LogCapTest.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    String classPath =
        ClassPath.jars().stream()
            .map(Path::toString)
            .filter(jar -> jar.contains("log4j-"))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile="
                    + Path.of("..", "conf", "log4j2.properties").toAbsolutePath().toUri(),
                "-cp",
                classes + File.pathSeparator + classPath,
                Flood.class.getName())
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    assertThat(text).contains("ERROR first: a first line", "refused caller 0");
    assertThat(text.lines().count()).isBetween(400L, 900L);
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
