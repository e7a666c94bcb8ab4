package io.tributary.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process does when it ends, seen in a process that ends. */
class StoppingTest {
  @TempDir Path folder;

  /** Ends with three actions; the second one fails. */
  static final class Ending {
    private Ending() {}

    @SuppressWarnings("MustBeClosedChecker")
    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      Stopping.before(() -> make(folder.resolve("first")));
      Stopping.before(
          () -> {
            throw new IllegalStateException("cannot be ended");
          });
      Stopping.before(() -> make(folder.resolve("last")));
      System.exit(0);
    }

    private static void make(Path file) {
      try {
        Files.createFile(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void actionThatFailsDoesNotKeepTheOthersFromBeingDone() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Ending.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("last")).exists();
    assertThat(folder.resolve("first")).exists();
    assertThat(folder.resolve("out")).content().contains("cannot be ended");
  }
}
