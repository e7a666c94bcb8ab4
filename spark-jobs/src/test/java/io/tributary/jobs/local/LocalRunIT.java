package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.ResultComparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shaded jar through SparkSubmit, coordinator and each site in a JVM of its own, over both
 * exchanges.
 */
class LocalRunIT {
  private static final Path LAUNCHER =
      Path.of("..", "scripts", "tributary").toAbsolutePath().normalize();
  private static final String STUDY =
      """
      study: three
      sites: [site-1, site-2, site-3]
      cohort: {from: lung, derive: {dead: status - 1}}
      columns:
        sex: {levels: ["1", "2"]}
        dead: {type: integer, range: [0, 1]}
      analyses:
        - {name: table-one, type: summary, columns: [age], by: sex}
        - {name: model, type: glm, formula: "dead ~ age + sex", family: binomial}
      """;
  private static final long PATIENCE_SECONDS = 400;

  @TempDir Path folder;

  @Test
  void bothTransportsGiveThePooledBits() throws IOException, InterruptedException {
    Path table = folder.resolve("lung.csv");
    try (var in = LocalRunIT.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      Files.copy(in, table);
    }
    Files.writeString(folder.resolve("study.yaml"), STUDY);
    succeeds("local", "split", "--data", "lung.csv", "--into", "3", "--out", "sites");

    succeeds("local", "pooled", "study.yaml", "--sites", "sites", "--out", "pooled");
    for (String transport : List.of("flight", "files")) {
      succeeds(
          "local",
          "run",
          "study.yaml",
          "--sites",
          "sites",
          "--out",
          transport,
          "--transport",
          transport);
      ResultComparison comparison =
          ResultComparison.between(folder.resolve(transport), folder.resolve("pooled"));
      assertThat(comparison.columns()).isNotEmpty();
      assertThat(comparison.identical()).as(comparison.text()).isTrue();
    }
  }

  @Test
  void mistakesHaveTheirExitCodesAndNoStackTrace() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("study.yaml"), STUDY.replace("glm", "glmm"));
    Outcome unknown = run("study", "check", "study.yaml");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.text()).contains("STUDY_INVALID", "glmm", "remedy").doesNotContain("\tat ");

    Outcome usage = run("local", "run", "study.yaml");
    assertThat(usage.exit()).isEqualTo(2);
    assertThat(usage.text()).contains("--sites").doesNotContain("\tat ");

    Outcome missing = run("study", "check", "nowhere.yaml");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.text()).contains("nowhere.yaml").doesNotContain("\tat ");
  }

  private record Outcome(int exit, String text) {}

  private void succeeds(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = run(arguments);
    assertThat(outcome.exit()).as(outcome.text()).isZero();
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile(folder, "run", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroy();
      process.waitFor(30, TimeUnit.SECONDS);
      throw new AssertionError("still running: " + command + "\n" + Files.readString(log));
    }
    return new Outcome(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }
}
