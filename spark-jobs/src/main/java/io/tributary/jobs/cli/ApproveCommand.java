package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Digest;
import io.tributary.cohort.DefinitionReader;
import io.tributary.cohort.DefinitionWords;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.site.Approvals.Asked;
import io.tributary.jobs.site.SiteJob;
import io.tributary.jobs.site.Steward;
import io.tributary.ledger.StewardDecision;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** What every verb needs. */
  static final class Place {
    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    private SiteConfig site() {
      return SiteJob.config(config);
    }

    private Steward steward() {
      return new Steward(site(), Clock.systemUTC());
    }
  }

  private static void told(Console console, Asked asked, StewardDecision decision) {
    print(
        console,
        asked.study().study().name() + ": " + Steward.words(decision),
        fields(
            "study", asked.study().study().name(),
            "digest", asked.study().digest().hex(),
            "verdict", decision.verdict(),
            "until", decision.until(),
            "steward", decision.steward()));
  }

  private static void print(Console console, String line, Map<String, Object> fields) {
    if (console.form() == Console.Form.JSON_LINES) {
      console.result(fields);
    } else {
      console.result(line);
    }
  }

  /** {@code approve list}. */
  @Command(name = "list", description = "Studies that the steward is or was asked about.")
  static final class ListStudies implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Place place;

    @Override
    public Integer call() {
      Console console = common.console();
      Steward steward = place.steward();
      List<Asked> all = steward.all();
      Set<Digest> over = steward.over();
      for (Asked asked : all) {
        String undecided =
            over.contains(asked.study().digest()) ? "is over" : "waits for a decision";
        String state = asked.decision().map(Steward::words).orElse(undecided);
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
      Asked asked = place.steward().find(study);
      console.result("signed by " + asked.analyst());
      cohort(console, asked.study().study().cohort());
      StudyCommand.Check.describe(console, asked.study());
      PolicyCommand.explain(console, asked.study().study(), asked.analyst(), place.site());
      console.result("steward: " + asked.decision().map(Steward::words).orElse("has not decided"));
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
      DefinitionReader.of(cohort)
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
      Steward steward = place.steward();
      Asked asked = steward.find(study);
      told(common.console(), asked, steward.grant(asked.study().digest().hex(), days, by, reason));
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
      Steward steward = place.steward();
      Asked asked = steward.find(study);
      told(common.console(), asked, steward.deny(asked.study().digest().hex(), by, reason));
      return 0;
    }
  }
}
