package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.DefinitionWords;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.jobs.site.Approvals;
import io.tributary.jobs.site.Approvals.Asked;
import io.tributary.jobs.site.SiteJob;
import io.tributary.ledger.StewardDecision;
import io.tributary.ledger.StewardDecision.Verdict;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary approve ...}: what a site's steward is asked, and decides. */
@Command(
    name = "approve",
    description = "A site's steward: studies that wait for a decision, and the decision.",
    subcommands = {
      ApproveCommand.ListStudies.class,
      ApproveCommand.Show.class,
      ApproveCommand.Grant.class,
      ApproveCommand.Deny.class
    })
final class ApproveCommand {
  private static final int LONGEST_GRANT_DAYS = 3650;

  /** What every verb needs. */
  static final class Place {
    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    private SiteConfig site() {
      return SiteJob.config(config);
    }

    private static SigningIdentity identity(SiteConfig site) {
      return KeyFile.read(site.identity().key(), PasswordFile.read(site.identity().passwordFile()));
    }

    private Approvals approvals() {
      SiteConfig site = site();
      SigningIdentity identity = identity(site);
      try {
        return new Approvals(site.state(), identity.verifyingKey());
      } finally {
        identity.destroy();
      }
    }

    private void decide(
        Console console, String reference, Verdict verdict, Duration term, String by, String why) {
      requireShort("--by", by);
      requireShort("--reason", why);
      SiteConfig site = site();
      SigningIdentity identity = identity(site);
      try {
        Approvals approvals = new Approvals(site.state(), identity.verifyingKey());
        Asked asked = approvals.find(reference);
        Instant now = Clock.systemUTC().instant();
        StewardDecision decision =
            new StewardDecision(
                site.site(), asked.study().digest(), verdict, now, now.plus(term), by, why);
        approvals.decide(decision, identity);
        print(
            console,
            asked.study().study().name() + ": " + words(decision),
            fields(
                "study", asked.study().study().name(),
                "digest", asked.study().digest().hex(),
                "verdict", verdict,
                "until", decision.until(),
                "steward", by));
      } finally {
        identity.destroy();
      }
    }
  }

  private static void requireShort(String option, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > StewardDecision.MAX_TEXT_BYTES) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          option,
          "has more than " + StewardDecision.MAX_TEXT_BYTES + " bytes.",
          "Say it in fewer words.");
    }
  }

  private static void print(Console console, String line, Map<String, Object> fields) {
    if (console.form() == Console.Form.JSON_LINES) {
      console.result(fields);
    } else {
      console.result(line);
    }
  }

  private static String words(StewardDecision decision) {
    String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
    return decision.verdict() == Verdict.GRANTED
        ? "granted until " + decision.until() + " by " + decision.steward() + reason
        : "denied at " + decision.at() + " by " + decision.steward() + reason;
  }

  /** {@code approve list}. */
  @Command(name = "list", description = "Studies that the steward is or was asked about.")
  static final class ListStudies implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Place place;

    @Override
    public Integer call() {
      Console console = common.console();
      List<Asked> all = place.approvals().all();
      for (Asked asked : all) {
        String state = asked.decision().map(ApproveCommand::words).orElse("waits for a decision");
        print(
            console,
            "%s  %-24s by %-12s %s"
                .formatted(
                    asked.study().digest().shortHex(),
                    asked.study().study().name(),
                    asked.analyst(),
                    state),
            fields(
                "digest", asked.study().digest().hex(),
                "study", asked.study().study().name(),
                "analyst", asked.analyst(),
                "state", state));
      }
      if (all.isEmpty() && console.form() != Console.Form.JSON_LINES) {
        console.result("No study was put before this site's steward.");
      }
      return 0;
    }
  }

  /** {@code approve show}. */
  @Command(
      name = "show",
      description = "A study in plain words: who asks, what for, what leaves, what rules say.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Place place;

    @Parameters(description = "The study's name, or the first 8 or more digits of its digest.")
    private String study;

    @Override
    public Integer call() {
      Console console = common.console();
      Asked asked = place.approvals().find(study);
      console.result("signed by " + asked.analyst());
      cohort(console, asked.study().study().cohort());
      StudyCommand.Check.describe(console, asked.study());
      PolicyCommand.explain(console, asked.study().study(), asked.analyst(), place.site());
      console.result(
          "steward: " + asked.decision().map(ApproveCommand::words).orElse("has not decided"));
      return 0;
    }

    /** Who is in it, and what is made of the columns before anything is computed. */
    private static void cohort(Console console, Study.Cohort cohort) {
      String rows =
          cohort.rowsPerPerson() == 1 ? "" : ", up to " + cohort.rowsPerPerson() + " rows";
      console.result(
          "persons: dataset "
              + cohort.from()
              + cohort.person().map(name -> ", a person is a " + name + rows).orElse(""));
      cohort
          .definition()
          .map(text -> text.getBytes(StandardCharsets.UTF_8))
          .map(text -> DefinitionReader.read(text, "cohort.definition"))
          .map(DefinitionWords::of)
          .orElse(List.of())
          .forEach(line -> console.result("  " + line));
      cohort.derive().forEach((name, text) -> console.result("derived: " + name + " = " + text));
      console.result("filter: " + cohort.where().orElse("none"));
    }
  }

  /** {@code approve grant}. */
  @Command(name = "grant", description = "Let a study run, for a time. The site goes on by itself.")
  static final class Grant implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Place place;

    @Option(names = "--by", required = true, description = "Who decides.")
    private String by;

    @Option(
        names = "--days",
        defaultValue = "30",
        description = "How long; default ${DEFAULT-VALUE}.")
    private int days;

    @Option(names = "--reason", defaultValue = "", description = "Kept with the decision.")
    private String reason;

    @Parameters(description = "The study's name, or the first 8 or more digits of its digest.")
    private String study;

    @Override
    public Integer call() {
      if (days < 1 || days > LONGEST_GRANT_DAYS) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--days " + days,
            "is no time that a grant can have.",
            "Write 1 to " + LONGEST_GRANT_DAYS + " days.");
      }
      place.decide(common.console(), study, Verdict.GRANTED, Duration.ofDays(days), by, reason);
      return 0;
    }
  }

  /** {@code approve deny}. */
  @Command(name = "deny", description = "Refuse a study; one that runs stops before its next sum.")
  static final class Deny implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Place place;

    @Option(names = "--by", required = true, description = "Who decides.")
    private String by;

    @Option(names = "--reason", required = true, description = "Stays at the site.")
    private String reason;

    @Parameters(description = "The study's name, or the first 8 or more digits of its digest.")
    private String study;

    @Override
    public Integer call() {
      place.decide(common.console(), study, Verdict.DENIED, Duration.ZERO, by, reason);
      return 0;
    }
  }
}
