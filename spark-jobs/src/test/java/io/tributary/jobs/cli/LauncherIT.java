package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code scripts/tributary} decides before any Java runs, and that it reaches the commands.
 */
class LauncherIT {
  private static final Path LAUNCHER = Path.of("..", "scripts", "tributary").toAbsolutePath();

  @TempDir private Path folder;

  private record Run(int exitCode, String out, String err) {}

  @Test
  void startsCommandsFromAnyFolderAndThroughLinks() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("trib"), LAUNCHER);

    Run run = run(link, Map.of(), "version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("tributary ").contains("spark 4.1.");
    assertThat(run.out()).contains("\njar " + sha256(Path.of("target", "tributary.jar")) + "\n");
    assertThat(run.err()).isEmpty();
  }

  private static String sha256(Path file) throws IOException {
    return Digest.sha256(Files.readAllBytes(file)).hex();
  }

  @Test
  void anotherJavaIsRefused() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Path home = folder.resolve("jdk");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");

    Run run = run(LAUNCHER, Map.of("JAVA_HOME", home.toString()), "version");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("Java 17 is needed", "JAVA_HOME is " + home + ", version 21", "remedy:");
  }

  @Test
  void anotherSparkIsRefused() throws Exception {
    Files.createFile(
        Files.createDirectories(folder.resolve("jars")).resolve("spark-core_2.13-3.5.6.jar"));

    Run run = run(LAUNCHER, Map.of("SPARK_HOME", folder.toString()), "version");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("wrong version", "spark-core_2.13-3.5.6.jar", "SPARK_HOME to a Spark 4.1");
  }

  /** A distribution's jars with a spark-submit that tells how it was called. */
  @Test
  void theDistributionInSparkHomeIsUsed() throws Exception {
    Path home = Files.createDirectories(folder.resolve("spark"));
    Files.createSymbolicLink(
        home.resolve("jars"), Path.of("target", "spark-home", "jars").toAbsolutePath());
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(
        submit, "#!/bin/sh\necho \"$0\"\necho \"$SPARK_HOME\"\nprintf '%s ' \"$@\"\n");
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment = Map.of("SPARK_HOME", home.toString());

    Run job = run(LAUNCHER, environment, "site", "run", "--config", "s.yaml", "--", "--name", "x");
    Run light = run(LAUNCHER, environment, "version");

    assertThat(job.exitCode()).as(job.err()).isZero();
    assertThat(job.out().lines().toList().subList(0, 2))
        .containsExactly(submit.toString(), home.toString());
    assertThat(job.out())
        .contains("--name x --class io.tributary.jobs.cli.Main ")
        .contains("tributary.jar site run --config s.yaml");
    assertThat(light.exitCode()).as(light.err()).isZero();
    assertThat(light.out()).contains("spark 4.1.");
  }

  @Test
  void aFolderWithoutSparkIsRefused() throws Exception {
    Run run = run(LAUNCHER, Map.of("SPARK_HOME", folder.toString()), "version");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no Spark found", "remedy:");
  }

  @Test
  void optionsAfterTwoDashesReachSpark() throws Exception {
    Run run = run(LAUNCHER, Map.of(), "site", "run", "--", "--master", "nonsense");

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("Master must either be");
  }

  /** The session is started beside other work; its failure ends the job all the same. */
  @Test
  void aSparkThatDoesNotStartEndsTheSite() throws Exception {
    for (String site : List.of("east", "north", "south")) {
      Files.writeString(
          Files.createDirectories(folder.resolve("sites").resolve(site)).resolve("a.csv"),
          "x\n1\n");
    }
    Run prepared =
        run(
            LAUNCHER,
            Map.of(),
            "local",
            "prepare",
            "--sites",
            "sites",
            "--home",
            "home",
            "--transport",
            "files");
    assertThat(prepared.exitCode()).as(prepared.err()).isZero();

    Files.createDirectories(folder.resolve("home/exchange"));

    Run run =
        run(
            LAUNCHER,
            Map.of(),
            "site",
            "run",
            "--config",
            "home/sites/east/site.yaml",
            "--",
            "--master",
            "local[many]");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err())
        .contains("SPARK_FAILED", "Could not parse Master URL", "remedy:")
        .doesNotContain("\tat ");
  }

  private Run run(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no answer in two minutes: " + process.info());
    }
    return new Run(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
