package io.tributary.jobs.site;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Digest;
import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.SparkSessions;
import io.tributary.jobs.Stopping;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.site.desk.DeskPages;
import io.tributary.jobs.site.desk.DeskServer;
import io.tributary.jobs.study.Rounds;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.StudyRows;
import io.tributary.privacy.SiteGuard;
import io.tributary.protocol.AttemptId;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary site ...}: a site's process. */
@Command(
    name = "site",
    description = "A site: its rows stay, its masked sums leave.",
    subcommands = {SiteCommand.Run.class, SiteCommand.Check.class, SiteCommand.Desk.class})
public final class SiteCommand {

  /** {@code site run}. */
  @Command(name = "run", description = "Serve studies until stopped, or one study to its end.")
  static final class Run implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Option(names = "--study", description = "Digest of the one study to serve, in hex.")
    private String study;

    @Override
    public Integer call() {
      SiteJob.run(config, StudyFile.digest(study), new Notices(common.console()));
      return 0;
    }
  }

  /** {@code site check}. */
  @Command(
      name = "check",
      description = "Check configuration, keys and consortium; with a study, policy and table too.")
  static final class Check implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Option(names = "--analyst", description = "Who would sign the study.")
    private String analyst;

    @Parameters(arity = "0..1", description = "A study to judge by this site's policy.")
    private Path study;

    @Override
    public Integer call() {
      Console console = common.console();
      SiteConfig site = SiteJob.config(config);
      ConsortiumFile consortium = ConsortiumFile.read(site.consortium(), Clock.systemUTC());
      if (consortium.consortium().site(site.site()).isEmpty()) {
        throw Errors.invalid(
            ErrorCode.CONSORTIUM_INVALID,
            "site '" + site.site() + "'",
            "is not in the consortium file.",
            "Ask the consortium's keeper to add it, then pin the new digest.");
      }
      console.result("site " + site.site() + ": configuration, consortium and pin are in order");
      if (study == null) {
        return 0;
      }
      Study parsed = StudyFile.read(study).study();
      SiteGuard.asks(parsed).forEach(line -> console.result("  asks for " + line));
      String signer = analyst != null ? analyst : parsed.analyst();
      PolicyJudgement.of(parsed, signer, site, Clock.systemUTC()).require();
      console.result("study " + parsed.name() + ": the policy admits it");
      table(site, parsed, console);
      return 0;
    }

    private static void table(SiteConfig site, Study study, Console console) {
      SiteConfig.Dataset source = site.catalog().get(study.cohort().from());
      try (SparkSessions spark = new SparkSessions("tributary-check");
          KeptCohorts cohorts = new KeptCohorts();
          SiteTable table =
              StudyRows.open(spark.get(), site, study, SiteTable.Traces.NONE, cohorts)) {
        console.result(
            "dataset " + source.name() + ": " + table.rowCount() + " rows in the cohort");
      }
    }
  }

  /** {@code site console}. */
  @Command(
      name = "console",
      description =
          "The steward's desk for a browser on this machine: studies that wait, decisions, budgets,"
              + " the journal. Whoever has the printed address may decide; it ends with this"
              + " process.")
  static final class Desk implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Option(
        names = "--port",
        defaultValue = "0",
        description = "Port on 127.0.0.1; default a free one.")
    private int port;

    @Override
    @SuppressWarnings("try") // Stopping is there to be closed.
    public Integer call() {
      if (port < 0 || port > 65535) {
        throw Errors.invalid(
            ErrorCode.USAGE, "--port " + port, "is no port.", "Write 1 to 65535, or leave it out.");
      }
      Clock clock = Clock.systemUTC();
      SiteConfig site = SiteJob.config(config);
      Steward steward = new Steward(site, clock);
      // A key that cannot be read is found now, not at the first decision.
      steward.key();
      CountDownLatch ended = new CountDownLatch(1);
      try (DeskServer desk =
              DeskServer.start(
                  port, steward, new DeskPages(config, site, steward, clock), new SecureRandom());
          Stopping stopping = Stopping.before(ended::countDown)) {
        Console console = common.console();
        console.result(desk.address());
        console.event(
            "open",
            Map.of("in", "a browser on this machine; keep the address to yourself; Ctrl-C ends"));
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return 0;
    }
  }

  /** Shows what a site does. */
  static final class Notices implements SiteNotices {
    private final Console console;

    Notices(Console console) {
      this.console = console;
    }

    @Override
    public void ready() {
      console.event("ready", Map.of());
    }

    @Override
    public void studyAwaitsSteward(Study study, Digest digest) {
      console.event(
          "waits",
          fields(
              "name", study.name(),
              "digest", digest.hex(),
              "for", "this site's steward: tributary approve show " + study.name()));
    }

    @Override
    public void studyTaken(Study study, Digest digest) {
      console.event("study", fields("name", study.name(), "digest", digest.hex()));
    }

    @Override
    public void studyRefused(Digest digest, TributaryException why) {
      console.event(
          "refused", fields("digest", digest.hex(), "code", why.code(), "problem", why.problem()));
    }

    @Override
    public void attempt(Study study, AttemptId id, String state) {
      console.progress("attempt", with(Rounds.fields(study, id), "state", state));
    }

    @Override
    public void sent(Study study, AttemptId id, int frame, int frames, int bytes) {
      Map<String, Object> line = Rounds.fields(study, id);
      line.put("frame", (frame + 1) + "/" + frames);
      line.put("bytes", bytes);
      console.progress("sent", line);
    }

    @Override
    public void declined(Study study, AttemptId id, TributaryException why) {
      Map<String, Object> line = Rounds.fields(study, id);
      line.put("code", why.code());
      line.put("problem", why.problem());
      line.put("remedy", why.remedy());
      console.event("declined", line);
    }

    @Override
    public void refusedObject(String name, TributaryException why) {
      console.event(
          "refused-object", fields("name", name, "code", why.code(), "problem", why.problem()));
    }

    @Override
    public void studyEnded(Study study, Digest digest) {
      console.event("ended", fields("name", study.name(), "digest", digest.hex()));
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

    @Override
    public void exchangeLost(TributaryException why) {
      console.progress("waiting", fields("code", why.code(), "problem", why.problem()));
    }
  }

  private static Map<String, Object> with(Map<String, Object> fields, String key, Object value) {
    fields.put(key, value);
    return fields;
  }
}
