package io.tributary.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checked-in vectors are what the slow implementation writes today, byte for byte. */
class VectorsAreReproducibleTest {
  private static final Path CHECKED_IN = Path.of("src/test/resources/vectors/v1");
  private static final Path GENERATOR = Path.of("src/test/python/generate_vectors.py");
  private static final int PATIENCE_SECONDS = 300;

  @TempDir private Path folder;

  @Test
  void theGeneratorWritesTheSameFiles() throws Exception {
    // Left out only on a developer's machine without Python; in CI its absence is a failure.
    assumeTrue(System.getenv("CI") != null || isPythonThere());

    run("python3", "-B", GENERATOR.toString(), folder.toString());

    List<String> names = names(CHECKED_IN);
    assertThat(names).isNotEmpty().isEqualTo(names(folder));
    for (String name : names) {
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(CHECKED_IN.resolve(name));
    }
  }

  private static boolean isPythonThere() {
    try {
      return new ProcessBuilder("python3", "--version")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
