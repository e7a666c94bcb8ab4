package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.ResultComparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
  void bothTransportsGiveThePooledBitsWhateverWasKilledMeanwhile()
      throws IOException, InterruptedException {
    try (var in = LocalRunIT.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      Files.copy(in, folder.resolve("lung.csv"));
    }
    Files.writeString(folder.resolve("study.yaml"), STUDY);
    succeeds("local", "split", "--data", "lung.csv", "--into", "3", "--out", "sites");
    succeeds("local", "pooled", "study.yaml", "--sites", "sites", "--out", "pooled");

    succeeds(command("local", "run", "study.yaml", "--sites", "sites", "--out", "flight"));
    requirePooled("flight");

    List<String> files =
        command(
            "local",
            "run",
            "study.yaml",
            "--sites",
            "sites",
            "--transport",
            "files",
            "--state",
            "state",
            "--out",
            "files");
    aKilledSiteEndsTheRunByName(files);
    ctrlCEndsEverything(files);
    succeeds(files);
    requirePooled("files");
  }

  private void aKilledSiteEndsTheRunByName(List<String> command)
      throws IOException, InterruptedException {
    Running run = start(command);
    run.awaitText("sum ");

    ProcessHandle site = run.lastSite();
    signal("KILL", List.of(site));

    Outcome outcome = run.end();
    assertThat(outcome.exit()).as(outcome.text()).isEqualTo(4);
    assertThat(outcome.text())
        .contains("THRESHOLD_LOST", "'site-3'", "killed by signal 9", "--state FOLDER")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("files")).doesNotExist();
  }

  /** A terminal sends SIGINT to every process of the group. */
  private void ctrlCEndsEverything(List<String> command) throws IOException, InterruptedException {
    Running run = start(command);
    // Before its first sum: what is left of the study may take less time than to send signals.
    run.awaitText("status ");
    List<ProcessHandle> all = run.process().descendants().toList();
    assertThat(all).hasSizeGreaterThanOrEqualTo(4);

    signal("INT", all);
    signal("INT", List.of(run.process().toHandle()));

    Outcome outcome = run.end();
    assertThat(outcome.exit()).as(outcome.text()).isEqualTo(130);
    assertThat(outcome.text()).doesNotContain("INTERNAL", "\tat ");
    assertThat(all).noneMatch(ProcessHandle::isAlive);
    assertThat(folder.resolve("files")).doesNotExist();
  }

  private void requirePooled(String out) {
    ResultComparison comparison =
        ResultComparison.between(folder.resolve(out), folder.resolve("pooled"));
    assertThat(comparison.columns()).isNotEmpty();
    assertThat(comparison.identical()).as(comparison.text()).isTrue();
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

    // Found by a task of Spark's, which logs what it throws.
    for (String site : List.of("a", "b", "c")) {
      Path table = folder.resolve("large").resolve(site).resolve("t.csv");
      Files.createDirectories(table.getParent());
      Files.writeString(table, "x\n1\n2\n1e20\n");
    }
    Files.writeString(
        folder.resolve("large.yaml"),
        """
        study: large
        sites: [a, b, c]
        cohort: {from: t}
        analyses: [{name: one, type: summary, columns: [x]}]
        """);
    String[] pooled = {"local", "pooled", "large.yaml", "--sites", "large", "--out", "large-out"};
    Outcome large = run(pooled);
    assertThat(large.exit()).isEqualTo(2);
    assertThat(large.text())
        .contains("error VALUE_OUT_OF_BOUNDS: A row has a value for 'sum' beyond 7.2e+16", "remedy")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("large-out")).doesNotExist();
  }

  private record Outcome(int exit, String text) {}

  /** A command and where its output goes. */
  private record Running(Process process, Path log) {
    String text() throws IOException {
      return Files.readString(log, StandardCharsets.UTF_8);
    }

    void awaitText(String text) throws IOException, InterruptedException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!text().contains(text)) {
        if (!process.isAlive() || System.nanoTime() > until) {
          throw new AssertionError("did not say '" + text + "':\n" + text());
        }
        Thread.sleep(20);
      }
    }

    /** The process that a local run started last: that of the last site. */
    ProcessHandle lastSite() {
      return process.children().max(Comparator.comparingLong(ProcessHandle::pid)).orElseThrow();
    }

    Outcome end() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
        throw new AssertionError("still running: " + process.info() + "\n" + text());
      }
      return new Outcome(process.exitValue(), text());
    }
  }

  private static void signal(String name, List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes.forEach(process -> command.add(Long.toString(process.pid())));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void succeeds(String... arguments) throws IOException, InterruptedException {
    succeeds(command(arguments));
  }

  private void succeeds(List<String> command) throws IOException, InterruptedException {
    Outcome outcome = start(command).end();
    assertThat(outcome.exit()).as(outcome.text()).isZero();
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    return start(command(arguments)).end();
  }

  private Running start(List<String> command) throws IOException {
    Path log = Files.createTempFile(folder, "run", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    return new Running(process, log);
  }
}
