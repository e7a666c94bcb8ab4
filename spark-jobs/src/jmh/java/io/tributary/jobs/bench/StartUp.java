package io.tributary.jobs.bench;

import io.tributary.bench.Bench;
import io.tributary.bench.Measurement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * From the command to the first masked sum, and to the results: {@code local run} of a logistic
 * model over four hospitals, in one JVM, and in five processes beside the command's own. The first
 * run of each warms the machine's caches and is not counted.
 */
final class StartUp implements Bench {
  private static final int MEASURED = 3;
  private static final double ONE_JVM_GOAL = 12;
  private static final double PROCESSES_GOAL = 45;
  private static final double NANOS = 1e9;
  private static final long PATIENCE_SECONDS = 300;

  @Override
  public String name() {
    return "start-up";
  }

  @Override
  public String about() {
    return "from the command to the first masked sum, in one JVM and in five processes";
  }

  @Override
  public void run(Consumer<Measurement> out) throws Exception {
    try (Scratch scratch = Scratch.make()) {
      Path data = WarmStudy.write(scratch.folder().resolve("data"));
      Path study =
          Files.writeString(scratch.folder().resolve("study.yaml"), WarmStudy.study("start-up"));
      measure("one-jvm", ONE_JVM_GOAL, command(study, data, "--one-jvm"), scratch.folder(), out);
      measure("processes", PROCESSES_GOAL, command(study, data), scratch.folder(), out);
    }
  }

  private static List<String> command(Path study, Path data, String... more) {
    String launcher = System.getenv("TRIBUTARY_LAUNCHER");
    List<String> command =
        new ArrayList<>(List.of(launcher, "local", "run", study.toString(), "--json"));
    command.addAll(List.of("--sites", data.toString()));
    command.addAll(List.of(more));
    return command;
  }

  private static void measure(
      String how, double goal, List<String> command, Path folder, Consumer<Measurement> out)
      throws IOException, InterruptedException {
    double first = Double.MAX_VALUE;
    double whole = Double.MAX_VALUE;
    for (int i = 0; i <= MEASURED; i++) {
      List<String> run = new ArrayList<>(command);
      run.addAll(List.of("--out", folder.resolve("out-" + how + "-" + i).toString()));
      Times times = once(run);
      if (i > 0) {
        first = Math.min(first, times.firstSum());
        whole = Math.min(whole, times.whole());
      }
    }
    String size = "hospitals=4 rows=920 best-of=" + MEASURED;
    out.accept(
        Measurement.of("start-up/" + how + "-first-sum", size, first, "s")
            .goal(new Measurement.Goal.ValueAtMost(goal)));
    out.accept(Measurement.of("start-up/" + how + "-results", size, whole, "s"));
  }

  /** Seconds since the command. */
  private record Times(double firstSum, double whole) {}

  private static Times once(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    double first = Double.NaN;
    List<String> said = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        if (Double.isNaN(first) && line.contains("\"event\":\"sum\"")) {
          first = (System.nanoTime() - start) / NANOS;
        }
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("the run failed: " + said);
      }
    } finally {
      process.destroy();
    }
    if (Double.isNaN(first)) {
      throw new IllegalStateException("no sum was told: " + said);
    }
    return new Times(first, (System.nanoTime() - start) / NANOS);
  }
}
