package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.site.PolicyJudgement;
import io.tributary.jobs.site.SiteJob;
import io.tributary.jobs.study.StudyFile;
import io.tributary.privacy.Judgement;
import io.tributary.privacy.Judgement.RuleResult;
import io.tributary.study.ColumnRole;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Columns;
import io.tributary.study.SitePolicy.Limits;
import io.tributary.study.SitePolicy.Named;
import io.tributary.study.Study;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary policy ...}: what a site allows, and how it judges a study. */
@Command(
    name = "policy",
    description = "A site's policy: show it, and explain how it judges a study.",
    subcommands = {PolicyCommand.Show.class, PolicyCommand.Explain.class})
final class PolicyCommand {

  /** {@code policy show}. */
  @Command(name = "show", description = "What a site allows; what is not listed is denied.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Override
    public Integer call() {
      SitePolicy policy = SiteJob.config(config).policy();
      Console console = common.console();
      rule(console, "validity", "", policy.validity().words());
      rule(console, "approval", "", policy.approval().name().toLowerCase(Locale.ROOT));
      rule(console, "analysts", "", policy.analysts().words());
      rule(console, "purposes", "", policy.purposes().words());
      list(console, "datasets", policy.datasets(), PolicyCommand::words);
      list(console, "analyses", policy.analyses(), PolicyCommand::words);
      policy
          .budgets()
          .forEach(budget -> rule(console, "budgets", budget.words(), "rho " + budget.total()));
      rule(console, "minContributors", "", policy.minContributors());
      rule(console, "minColluding", "", policy.minColluding());
      rule(console, "minCell", "", policy.minCell());
      rule(console, "minPersons", "", policy.minPersons());
      rule(console, "maxSaturation", "", policy.maxSaturation());
      rule(console, "maxShare", "", policy.maxShare());
      rule(
          console,
          "contributorScope",
          "",
          policy.contributorScope().name().toLowerCase(Locale.ROOT));
      rule(console, "ownTotalsMayBeInferred", "", policy.ownTotalsMayBeInferred());
      rule(console, "supportRound", "", policy.supportRound().name().toLowerCase(Locale.ROOT));
      rule(console, "cohorts", "", policy.cohorts().name().toLowerCase(Locale.ROOT));
      return 0;
    }

    private static <T> void list(
        Console console, String rule, Named<T> named, Function<T, String> words) {
      named.others().ifPresent(each -> rule(console, rule, "all", words.apply(each)));
      named.listed().forEach((name, each) -> rule(console, rule, name, words.apply(each)));
      if (named.others().isEmpty() && named.listed().isEmpty()) {
        rule(console, rule, "", "nothing");
      }
    }
  }

  private static String words(Columns columns) {
    Named<Set<ColumnRole>> roles = columns.roles();
    return roles.others().isPresent()
        ? "every column"
        : roles.listed().keySet().stream()
            .map(name -> name + ": " + columns.words(name))
            .collect(Collectors.joining("; "));
  }

  private static String words(Limits limits) {
    return "%d columns crossed, %d bins, %d rounds, %s parameters per person%s"
        .formatted(
            limits.maxWays(),
            limits.maxBins(),
            limits.maxRounds(),
            limits.maxSaturation(),
            limits.sparse() ? ", sums over fewer persons than minCell" : "");
  }

  /** {@code policy explain}. */
  @Command(
      name = "explain",
      description = "Judge a study by a site's policy, rule by rule. Reads no row.")
  static final class Explain implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Option(names = "--analyst", description = "Who would sign; default: the study's analyst.")
    private String analyst;

    @Parameters(description = "STUDY.yaml")
    private Path study;

    @Override
    public Integer call() {
      return explain(
          common.console(), StudyFile.read(study).study(), analyst, SiteJob.config(config));
    }
  }

  private static void show(Console console, String line, Map<String, Object> fields) {
    if (console.form() == Console.Form.JSON_LINES) {
      console.result(fields);
    } else {
      console.result(line);
    }
  }

  private static void rule(Console console, String rule, String of, Object allows) {
    String what = of.isEmpty() ? rule : rule + " " + of;
    show(
        console,
        "%-34s %s".formatted(what, allows),
        fields("rule", rule, "of", of, "allows", allows));
  }

  /** Prints the whole judgement; 3 if a rule refuses. */
  static int explain(Console console, Study study, String analyst, SiteConfig site) {
    String signer = analyst != null ? analyst : study.analyst();
    Judgement judgement = PolicyJudgement.of(study, signer, site, Clock.systemUTC());
    for (RuleResult result : judgement.results()) {
      show(
          console,
          "%-7s %-34s asks for %s; allows %s"
              .formatted(
                  result.passed() ? "passes" : "REFUSES",
                  result.rule(),
                  result.asked(),
                  result.allowed()),
          fields(
              "passed", result.passed(),
              "rule", result.rule(),
              "asked", result.asked(),
              "allowed", result.allowed()));
    }
    long refused = judgement.results().stream().filter(result -> !result.passed()).count();
    boolean manual = site.policy().approval() == SitePolicy.Approval.MANUAL;
    String approval = site.policy().approval().name().toLowerCase(Locale.ROOT);
    show(
        console,
        judgement.admits()
            ? "site %s admits study %s: all %d rules pass; approval: %s"
                .formatted(
                    site.site(),
                    study.name(),
                    judgement.results().size(),
                    approval + (manual ? ", it waits for the steward's decision" : ""))
            : "site %s refuses study %s: %d of %d rules refuse"
                .formatted(site.site(), study.name(), refused, judgement.results().size()),
        fields(
            "study", study.name(),
            "site", site.site().value(),
            "admitted", judgement.admits(),
            "approval", approval,
            "rules", judgement.results().size(),
            "refused", refused));
    return judgement.admits() ? 0 : ErrorCode.POLICY_REFUSED.exitCode();
  }
}
