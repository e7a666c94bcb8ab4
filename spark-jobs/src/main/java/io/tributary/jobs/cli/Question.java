package io.tributary.jobs.cli;

import io.tributary.codec.AnalystConfigParser;
import io.tributary.exchange.Exchange;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.Folders;
import io.tributary.jobs.SparkSessions;
import io.tributary.jobs.Stopping;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.coordinator.CoordinatorCommand;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.jobs.local.LocalFederation;
import io.tributary.jobs.local.LocalRun;
import io.tributary.jobs.site.SiteFailures;
import io.tributary.jobs.study.PublishedRelease;
import io.tributary.jobs.study.PublishedStatus;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.report.ResultFolder;
import io.tributary.report.StudyReport;
import io.tributary.study.AnalystConfig;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Options of commands that make a study, sign and submit it, wait for it and show the answer: whom
 * they ask, and where the results are kept.
 */
final class Question {
  private static final Duration LOOK = Duration.ofMillis(300);
  private static final Duration MOST_PATIENCE = Duration.ofDays(7);

  @ArgGroup(multiplicity = "1")
  private Whom whom;

  /** A federation, or a folder of sites on this machine. */
  static final class Whom {
    @Option(names = "--config", description = "analyst.yaml: ask the sites of its consortium.")
    private Path config;

    @Option(
        names = "--sites",
        description = "Ask a folder of sites on this machine, with the whole protocol.")
    private Path sites;
  }

  @Option(
      names = "--site",
      split = ",",
      description = "Ask these sites only; at least three. Default: all.")
  private List<String> only = List.of();

  @Option(names = "--purpose", defaultValue = "", description = "What for, for the stewards.")
  private String purpose;

  @Option(names = "--out", description = "Folder for the results, to keep them.")
  private Path out;

  @Option(
      names = "--wait-seconds",
      defaultValue = "86400",
      description = "With --config: wait this long, 1 to 604800 (default a day).")
  private long waitSeconds;

  String purpose() {
    return purpose;
  }

  /** What a study that was made by a command came to. */
  record Answer(StudyReport report, Optional<ErrorCode> ended) {
    int exitCode() {
      return ended.map(ErrorCode::exitCode).orElse(0);
    }
  }

  /** The sites that are named, in byte order; none for all. */
  List<SiteId> named() {
    return only.isEmpty() ? List.of() : asked();
  }

  /** The sites that are asked, in byte order. */
  List<SiteId> asked() {
    List<SiteId> known =
        whom.sites != null
            ? LocalFederation.sitesIn(whom.sites)
            : consortium(Clock.systemUTC()).sites().stream().map(Consortium.Member::id).toList();
    if (only.isEmpty()) {
      return known;
    }
    List<SiteId> asked = only.stream().map(SiteId::new).sorted().toList();
    for (SiteId site : asked) {
      if (!known.contains(site)) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--site",
            "there is no site '" + site + "'.",
            "The sites are " + known + ".");
      }
    }
    return asked;
  }

  private AnalystConfig analyst() {
    try {
      return AnalystConfigParser.parse(Files.readAllBytes(whom.config), whom.config);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, whom.config.toString(), "cannot be read.", "Check the path.");
    }
  }

  private Consortium consortium(Clock clock) {
    return ConsortiumFile.read(analyst().consortium(), clock).consortium();
  }

  /** Runs a study to its end. What ends it without a release is thrown. */
  @SuppressWarnings("try") // Stopping is there to be closed.
  Answer ask(StudyFile study, Console console) throws IOException {
    if (waitSeconds < 1 || waitSeconds > MOST_PATIENCE.toSeconds()) {
      throw Errors.invalid(
          ErrorCode.USAGE, "--wait-seconds", "must be 1 to 604800.", "Give another number.");
    }
    for (int job = 0; job < study.study().analyses().size(); job++) {
      Catalog.create(study.study(), job);
    }
    Path home = Files.createTempDirectory("tributary-question-");
    Path results = out != null ? out : home.resolve("results");
    try (Stopping stopping = Stopping.before(() -> remove(home))) {
      Optional<ErrorCode> ended = Optional.empty();
      if (whom.sites != null) {
        ended = here(study, home, results, console);
      } else {
        ended = there(study, results, console);
      }
      return new Answer(ResultFolder.read(results), ended);
    } finally {
      remove(home);
    }
  }

  private Optional<ErrorCode> here(StudyFile study, Path home, Path results, Console console) {
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    List<SiteId> sites = study.study().sites();
    LocalFederation federation =
        LocalFederation.create(
            home.resolve("federation"),
            whom.sites,
            sites,
            sites,
            LocalFederation.Transport.FILES,
            LocalFederation.SETUP,
            clock,
            random);
    try (SparkSessions spark = new SparkSessions("tributary-question")) {
      new LocalRun(federation, study, sites, clock, random)
          .inOneJvm(
              results, spark, new CoordinatorCommand.Notices(console), SiteFailures.of(console));
      return Optional.empty();
    } catch (TributaryException ended) {
      // What was written says why nothing is shown.
      if (ended.code() == ErrorCode.SUPPRESSED && Files.exists(results)) {
        return Optional.of(ended.code());
      }
      throw ended;
    }
  }

  private Optional<ErrorCode> there(StudyFile study, Path results, Console console) {
    AnalystConfig analyst = analyst();
    Clock clock = Clock.systemUTC();
    Consortium consortium = ConsortiumFile.read(analyst.consortium(), clock).consortium();
    SigningIdentity identity =
        KeyFile.read(
            analyst.identity().key(), PasswordFile.read(analyst.identity().passwordFile()));
    StudySignature signature = StudySignature.sign(study.raw(), analyst.id(), identity, clock);
    identity.destroy();
    signature.verify(study.raw(), study.study(), consortium, clock);
    Instant until = clock.instant().plusSeconds(waitSeconds);
    try (Exchange exchange = Exchanges.ofAnalyst(analyst, consortium, clock)) {
      Submission.put(exchange, study, signature);
      console.event(
          "submitted",
          Commands.fields("study", study.study().name(), "digest", study.digest().hex()));
      Optional<String> ended = PublishedRelease.ended(exchange, study.digest());
      while (ended.isEmpty() && clock.instant().isBefore(until)) {
        Map<String, Object> status = PublishedStatus.read(exchange, study.digest());
        status.remove("digest");
        console.progress("status", status);
        pause();
        ended = PublishedRelease.ended(exchange, study.digest());
      }
      if (ended.isEmpty()) {
        throw Errors.data(
            ErrorCode.DATA_MISSING,
            "study " + study.digest().shortHex(),
            "it has not ended within " + waitSeconds + " seconds; it goes on.",
            "Look at 'tributary study status "
                + study.digest().hex()
                + "', and fetch it with 'tributary study results'.");
      }
      PublishedRelease.fetch(exchange, study.digest(), results);
      return ended.filter(word -> !word.equals(PublishedRelease.OK)).map(ErrorCode::valueOf);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Path home) {
    try {
      Folders.remove(home);
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The temporary folder " + home + " cannot be removed: " + e.getMessage() + ".",
          "Remove it by hand.",
          e);
    }
  }
}
