package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Slot;
import io.tributary.codec.AnalystConfigParser;
import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.Exchanges;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.jobs.site.SiteJob;
import io.tributary.jobs.study.PublishedRelease;
import io.tributary.jobs.study.PublishedStatus;
import io.tributary.jobs.study.StudyFile;
import io.tributary.jobs.study.Submission;
import io.tributary.privacy.NoisePlan;
import io.tributary.privacy.SiteGuard;
import io.tributary.privacy.StudyBudget;
import io.tributary.protocol.Strength;
import io.tributary.study.AnalystConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary study ...}: a study from its file to its results. */
@Command(
    name = "study",
    description = "A study: check, sign, submit, follow, fetch.",
    subcommands = {
      StudyCommand.Check.class,
      StudyCommand.Sign.class,
      StudyCommand.Submit.class,
      StudyCommand.Status.class,
      StudyCommand.Results.class
    })
final class StudyCommand {

  /** {@code study check}. */
  @Command(
      name = "check",
      description = "Validate a study; print its sums and what they reveal. Touches no row.")
  static final class Check implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--against", description = "A site's site.yaml: judge by its policy too.")
    private Path against;

    @Option(names = "--analyst", description = "Who would sign; default: the study's analyst.")
    private String analyst;

    @Parameters(description = "STUDY.yaml")
    private Path study;

    @Override
    public Integer call() {
      StudyFile file = StudyFile.read(study);
      Study parsed = file.study();
      Console console = common.console();
      requireStrength(parsed);
      describe(console, file);
      return against == null
          ? 0
          : PolicyCommand.explain(console, parsed, analyst, SiteJob.config(against));
    }

    /** With each site an organisation of its own, the strongest that its roster can be. */
    private static void requireStrength(Study study) {
      List<String> organisations = study.sites().stream().map(SiteId::value).toList();
      Strength.of(
              Strength.shapeOf(study, organisations.size()),
              organisations,
              study.minContributors(),
              study.colluding())
          .require();
    }

    /** What a study asks for, its sums, and what they reveal. */
    static void describe(Console console, StudyFile file) {
      Study parsed = file.study();
      console.result("study " + parsed.name() + ", digest " + file.digest().hex());
      SiteGuard.asks(parsed).forEach(line -> console.result("asks for " + line));
      StudyBudget.of(parsed).ifPresent(budget -> privacy(console, parsed, budget));
      for (int job = 0; job < parsed.analyses().size(); job++) {
        analysis(console, parsed, Catalog.create(parsed, job), parsed.analyses().get(job));
      }
    }

    private static void privacy(Console console, Study study, StudyBudget budget) {
      console.result(
          "privacy: rho %s for a person at up to %d sites; epsilon %.2f proven, about %.2f by the Gaussian curve, at delta %s"
              .formatted(
                  budget.total(),
                  budget.privacy().sitesPerPerson(),
                  budget.epsilon(budget.total()),
                  budget.aboutEpsilon(budget.total()),
                  budget.privacy().delta()));
      console.result(
          "noise rests on %d honest sites in every sum (minContributors less colluding)"
              .formatted(StudyBudget.honest(study)));
    }

    private static Rho cost(List<NoisePlan> plans) {
      return plans.stream().map(NoisePlan::cost).reduce(Rho.ZERO, Rho::plus);
    }

    private static void noise(Console console, Study study, List<NoisePlan> plans) {
      int all = study.sites().size();
      for (int step = 0; step < plans.size(); step++) {
        NoisePlan plan = plans.get(step);
        console.result("  sum %d costs rho %s".formatted(step + 1, plan.cost()));
        for (NoisePlan.SlotNoise slot : plan.slots()) {
          console.result(
              "    %-24s rho %s, noise sd %.4g with %d sites, %.4g with %d"
                  .formatted(
                      slot.slot(),
                      slot.rho(),
                      plan.standardDeviation(slot.slot(), study.minContributors()),
                      study.minContributors(),
                      plan.standardDeviation(slot.slot(), all),
                      all));
        }
      }
    }

    private static <S> void analysis(
        Console console, Study parsed, StudyAnalysis<S, ?> analysis, Study.AnalysisSpec spec) {
      Layout layout = analysis.layout(analysis.start());
      if (console.form() == Console.Form.JSON_LINES) {
        console.result(
            fields(
                "analysis", spec.name(),
                "type", spec.type(),
                "firstSumWords", layout.words(),
                "firstSumBytesPerSite", layout.words() * Long.BYTES,
                "rho", cost(analysis.noise()).toString(),
                "reveals", String.join(" ", analysis.reveals())));
        return;
      }
      console.result("");
      console.result(spec.name() + " (" + spec.type() + ")");
      console.result(
          "  first sum: %d words, %d bytes a site"
              .formatted(layout.words(), layout.words() * Long.BYTES));
      for (Slot slot : layout.slots()) {
        console.result(
            "    %-24s [%d x %d] %s, resolution %.3g, at most %.6g a person"
                .formatted(
                    slot.name(),
                    layout.rows(),
                    slot.size(),
                    slot.unit(),
                    slot.resolution(),
                    slot.boundPerPerson()));
      }
      noise(console, parsed, analysis.noise());
      console.result("  the coordinator learns:");
      analysis.reveals().forEach(sentence -> console.result("    " + sentence));
    }
  }

  /** {@code study sign}. */
  @Command(name = "sign", description = "Sign a study; writes STUDY.yaml.sig beside it.")
  static final class Sign implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "analyst.yaml")
    private Path config;

    @Parameters(description = "STUDY.yaml")
    private Path study;

    @Override
    public Integer call() {
      sign(common, analyst(config), study);
      return 0;
    }

    /** Signs a study and puts the signature beside it. */
    static void sign(CommonOptions common, AnalystConfig analyst, Path study) {
      StudyFile file = StudyFile.read(study);
      for (int job = 0; job < file.study().analyses().size(); job++) {
        Catalog.create(file.study(), job);
      }
      Clock clock = Clock.systemUTC();
      SigningIdentity identity =
          KeyFile.read(
              analyst.identity().key(), PasswordFile.read(analyst.identity().passwordFile()));
      StudySignature signature = StudySignature.sign(file.raw(), analyst.id(), identity, clock);
      identity.destroy();
      signature.verify(
          file.raw(),
          file.study(),
          ConsortiumFile.read(analyst.consortium(), clock).consortium(),
          clock);
      try {
        Files.write(StudyFile.signatureOf(study), signature.bytes());
      } catch (IOException e) {
        throw Errors.storageFailed(
            "The signature cannot be written beside " + study + ".",
            "Check the folder's permissions.",
            e);
      }
      common
          .console()
          .result(
              common.json()
                  ? json(file)
                  : "signed " + file.study().name() + ", digest " + file.digest().hex());
    }

    private static String json(StudyFile file) {
      return "{\"study\":\""
          + file.study().name()
          + "\",\"digest\":\""
          + file.digest().hex()
          + "\"}";
    }
  }

  /** {@code study submit}. */
  @Command(name = "submit", description = "Put a signed study on the exchange.")
  static final class Submit implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "analyst.yaml")
    private Path config;

    @Option(names = "--sign", description = "Sign it first, as 'study sign' does.")
    private boolean sign;

    @Parameters(description = "STUDY.yaml, signed")
    private Path study;

    @Override
    public Integer call() {
      AnalystConfig analyst = analyst(config);
      if (sign) {
        Sign.sign(common, analyst, study);
      }
      Clock clock = Clock.systemUTC();
      ConsortiumFile consortium = ConsortiumFile.read(analyst.consortium(), clock);
      StudyFile file = StudyFile.read(study);
      StudySignature signature = StudyFile.readSignature(study);
      signature.verify(file.raw(), file.study(), consortium.consortium(), clock);
      try (Exchange exchange = Exchanges.ofAnalyst(analyst, consortium.consortium(), clock)) {
        Submission.put(exchange, file, signature);
      }
      common.console().result("submitted " + file.digest().hex());
      return 0;
    }
  }

  /** {@code study status}. */
  @Command(name = "status", description = "Where a study stands, and whom it waits for.")
  static final class Status implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "analyst.yaml")
    private Path config;

    @Parameters(description = "STUDY.yaml, or the study's digest")
    private String study;

    @Override
    public Integer call() {
      AnalystConfig analyst = analyst(config);
      Clock clock = Clock.systemUTC();
      ConsortiumFile consortium = ConsortiumFile.read(analyst.consortium(), clock);
      Digest digest = digest(study);
      Console console = common.console();
      try (Exchange exchange = Exchanges.ofAnalyst(analyst, consortium.consortium(), clock)) {
        Map<String, Object> status = PublishedStatus.read(exchange, digest);
        if (common.json()) {
          console.result(status);
        } else {
          status.forEach((key, value) -> console.result(key + ": " + value));
        }
      }
      return 0;
    }
  }

  /** {@code study results}. */
  @Command(name = "results", description = "Fetch what was released, or wait for it.")
  static final class Results implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(500);

    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "analyst.yaml")
    private Path config;

    @Option(names = "--out", required = true, description = "New folder for the results.")
    private Path out;

    @Option(
        names = "--wait-seconds",
        defaultValue = "0",
        description = "Wait this long for the study to end, 0 to 604800.")
    private long waitSeconds;

    @Parameters(description = "STUDY.yaml, or the study's digest")
    private String study;

    @Override
    public Integer call() {
      if (waitSeconds < 0 || waitSeconds > Duration.ofDays(7).toSeconds()) {
        throw Errors.invalid(
            ErrorCode.USAGE, "--wait-seconds", "must be 0 to 604800.", "Give another number.");
      }
      AnalystConfig analyst = analyst(config);
      Clock clock = Clock.systemUTC();
      ConsortiumFile consortium = ConsortiumFile.read(analyst.consortium(), clock);
      Digest digest = digest(study);
      Instant until = clock.instant().plusSeconds(waitSeconds);
      try (Exchange exchange = Exchanges.ofAnalyst(analyst, consortium.consortium(), clock)) {
        Optional<String> ended = PublishedRelease.ended(exchange, digest);
        while (ended.isEmpty() && clock.instant().isBefore(until)) {
          pause();
          ended = PublishedRelease.ended(exchange, digest);
        }
        PublishedRelease.fetch(exchange, digest, out);
        return report(ended);
      }
    }

    /** The study's own end is this command's end too: a failed analysis is no success. */
    private int report(Optional<String> ended) {
      common.console().result("results in " + out);
      if (ended.isPresent() && !ended.get().equals(PublishedRelease.OK)) {
        ErrorCode code = PublishedRelease.code(ended.get());
        common.console().result("the study ended with " + code);
        return code.exitCode();
      }
      return 0;
    }

    private static void pause() {
      try {
        Thread.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static AnalystConfig analyst(Path file) {
    try {
      return AnalystConfigParser.parse(Files.readAllBytes(file), file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check the path.");
    }
  }

  private static Digest digest(String studyOrDigest) {
    Path file = Path.of(studyOrDigest);
    return Files.exists(file)
        ? StudyFile.read(file).digest()
        : StudyFile.digest(studyOrDigest).orElseThrow();
  }
}
