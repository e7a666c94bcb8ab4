package io.tributary.jobs.coordinator;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener.RoundTaken;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.study.Rounds;
import io.tributary.jobs.study.StudyFile;
import io.tributary.report.ResultFolder;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary coordinator ...}: the coordinator's process. */
@Command(
    name = "coordinator",
    description = "The coordinator: adds masked vectors, learns sums and nothing else.",
    subcommands = {CoordinatorCommand.Run.class})
public final class CoordinatorCommand {

  /** {@code coordinator run}. */
  @Command(name = "run", description = "Run announced studies until stopped, or one to its end.")
  static final class Run implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "coordinator.yaml")
    private Path config;

    @Option(names = "--study", description = "Digest of the one study to run, in hex.")
    private String study;

    @Option(names = "--out", description = "With --study: folder for its results.")
    private Path out;

    @Override
    public Integer call() {
      if (out != null) {
        // Before a study's hours, not after them.
        ResultFolder.requireReplaceable(out);
      }
      CoordinatorJob.run(
          config, StudyFile.digest(study), Optional.ofNullable(out), new Notices(common.console()));
      return 0;
    }
  }

  /** Shows what a coordinator does. */
  public static final class Notices implements CoordinatorNotices {
    private final Console console;
    private final Map<Digest, Progress> progress = new ConcurrentHashMap<>();

    public Notices(Console console) {
      this.console = console;
    }

    @Override
    public void ready() {
      console.event("ready", Map.of());
    }

    @Override
    public void studyTaken(Study study, Digest digest) {
      progress.put(digest, Progress.of(study));
      console.event(
          "study",
          fields(
              "name", study.name(), "digest", digest.hex(), "analyses", study.analyses().size()));
    }

    @Override
    public void studyRefused(Digest digest, TributaryException why) {
      console.event(
          "refused", fields("digest", digest.hex(), "code", why.code(), "problem", why.problem()));
    }

    @Override
    public void status(Study study, Digest digest, CoordinatorPump.Status status) {
      Map<String, Object> line =
          status
              .attempt()
              .map(id -> Rounds.fields(study, id))
              .orElseGet(() -> fields("study", study.name()));
      line.put("phase", status.phase().name());
      if (!status.waitingFor().isEmpty()) {
        line.put("waitingFor", new TreeSet<>(status.waitingFor()).toString());
      }
      if (!status.suspects().isEmpty()) {
        line.put("suspects", new TreeSet<>(status.suspects()).toString());
      }
      Progress done = progress.getOrDefault(digest, Progress.NONE);
      line.put("bytes", done.bytes());
      done.secondsLeft().ifPresent(seconds -> line.put("secondsLeftAtMost", seconds));
      console.progress("status", line);
    }

    @Override
    public void roundTaken(Study study, Digest digest, RoundTaken round) {
      Progress done =
          progress.merge(digest, Progress.of(study), (before, none) -> before.after(round));
      Map<String, Object> line = Rounds.fields(study, round.id());
      line.put("contributors", round.contributors().size());
      line.put("words", round.words());
      line.put("ms", round.took().toMillis());
      line.put("bytes", done.bytes());
      done.secondsLeft().ifPresent(seconds -> line.put("secondsLeftAtMost", seconds));
      if (!round.absent().isEmpty()) {
        line.put("absent", new TreeSet<>(round.absent()).toString());
      }
      if (!round.vanished().isEmpty()) {
        line.put("vanished", new TreeSet<>(round.vanished()).toString());
      }
      console.event("sum", line);
    }

    @Override
    public void analysisFailed(Study study, String analysis, TributaryException why) {
      console.event(
          "analysis-failed",
          fields(
              "study",
              study.name(),
              "analysis",
              analysis,
              "code",
              why.code(),
              "problem",
              why.problem()));
    }

    @Override
    public void refusedObject(String name, TributaryException why) {
      console.event(
          "refused-object", fields("name", name, "code", why.code(), "problem", why.problem()));
    }

    @Override
    public void released(Study study, Digest digest, Path results) {
      console.event(
          "released",
          fields("study", study.name(), "digest", digest.hex(), "results", results.toString()));
    }

    @Override
    public void studyFailed(Digest digest, TributaryException why) {
      console.event(
          "failed",
          fields(
              "digest",
              digest.hex(),
              "code",
              why.code(),
              "problem",
              why.problem(),
              "remedy",
              why.remedy()));
    }
  }
}
