package io.tributary.codec;

import io.tributary.study.ColumnRole;
import io.tributary.study.Rho;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Allowed;
import io.tributary.study.SitePolicy.Approval;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.SitePolicy.Cohorts;
import io.tributary.study.SitePolicy.Columns;
import io.tributary.study.SitePolicy.ContributorScope;
import io.tributary.study.SitePolicy.Limits;
import io.tributary.study.SitePolicy.Named;
import io.tributary.study.SitePolicy.Validity;
import io.tributary.study.Study.SupportRound;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the section {@code policy} of site.yaml (annotated in conf/site.yaml). Names stand alone in
 * a list, or with details in a mapping; the word {@code all} is everything.
 */
final class SitePolicyParser {
  private static final String ALL = "all";
  private static final int MAX_ROUNDS = 200;

  private final YamlSection policy;

  private SitePolicyParser(YamlSection policy) {
    this.policy = policy;
  }

  /** The policy of a site; {@link SitePolicy#DENY} if the file has none. */
  static SitePolicy parse(YamlSection top) {
    return top.has("policy")
        ? new SitePolicyParser(top.section("policy")).parse()
        : SitePolicy.DENY;
  }

  private SitePolicy parse() {
    SitePolicy deny = SitePolicy.DENY;
    double saturation = policy.number("maxSaturation", deny.maxSaturation(), 1e-6, 0.5);
    SitePolicy parsed =
        new SitePolicy(
            validity(),
            policy
                .choice("approval", Map.of("manual", Approval.MANUAL, "rules", Approval.RULES))
                .orElse(deny.approval()),
            datasets(),
            analyses(saturation),
            allowed("analysts"),
            allowed("purposes"),
            budgets(),
            policy.whole("minContributors", deny.minContributors(), 3, StudyParser.MAX_SITES),
            policy.whole("minColluding", deny.minColluding(), 1, StudyParser.MAX_SITES),
            policy.whole("minCell", deny.minCell(), 3, 20),
            policy.whole("minPersons", deny.minPersons(), 3, 1_000_000),
            saturation,
            policy.number("maxShare", deny.maxShare(), 0.01, 1),
            policy
                .choice(
                    "contributorScope",
                    Map.of(
                        "population", ContributorScope.POPULATION,
                        "study", ContributorScope.STUDY))
                .orElse(deny.contributorScope()),
            policy.flag("ownTotalsMayBeInferred", deny.ownTotalsMayBeInferred()),
            policy
                .choice(
                    "supportRound",
                    Map.of("none", SupportRound.NONE, "required", SupportRound.REQUIRED))
                .orElse(deny.supportRound()),
            policy
                .choice(
                    "cohorts", Map.of("compared", Cohorts.COMPARED, "unchecked", Cohorts.UNCHECKED))
                .orElse(deny.cohorts()));
    policy.end();
    return parsed;
  }

  private Validity validity() {
    Instant from =
        policy
            .optionalText("validFrom")
            .map(text -> StudyParser.instant(policy, "validFrom", text, LocalTime.MIDNIGHT))
            .orElse(Validity.ALWAYS.from());
    Instant until =
        policy
            .optionalText("validUntil")
            .map(text -> StudyParser.instant(policy, "validUntil", text, StudyParser.LAST_SECOND))
            .orElse(Validity.ALWAYS.until());
    if (until.isBefore(from)) {
      throw policy.invalid(
          "validUntil", "it ends before it begins.", "Set validUntil after validFrom.");
    }
    return new Validity(from, until);
  }

  // ---- names -----------------------------------------------------------------------------------

  /** The word {@code all}, or a list; nothing if the key is absent. */
  private Allowed allowed(String key) {
    List<String> names = policy.texts(key);
    return names.equals(List.of(ALL)) ? Allowed.ALL : new Allowed(false, distinct(key, names));
  }

  private List<String> distinct(String key, List<String> names) {
    if (new HashSet<>(names).size() < names.size()) {
      throw policy.invalid(key, "a name stands here twice.", "Name each one once.");
    }
    return names;
  }

  private <T> Named<T> named(String key, T each) {
    Allowed allowed = allowed(key);
    if (allowed.all()) {
      return Named.all(each);
    }
    Map<String, T> listed = new LinkedHashMap<>();
    allowed.names().forEach(name -> listed.put(name, each));
    return new Named<>(Optional.empty(), listed);
  }

  // ---- datasets and columns --------------------------------------------------------------------

  /**
   * Datasets in a list share the columns of the policy; in a mapping each has its own, and those of
   * the policy if it names none.
   */
  private Named<Columns> datasets() {
    Columns shared = columns(policy, Columns.of(List.of()));
    if (!policy.isMapping("datasets")) {
      return named("datasets", shared);
    }
    Map<String, Columns> listed = new LinkedHashMap<>();
    policy
        .namedSections("datasets")
        .forEach(
            (name, dataset) -> {
              listed.put(name, columns(dataset, shared));
              dataset.end();
            });
    return new Named<>(Optional.empty(), listed);
  }

  /** {@code all}, a list of columns for any role, or a mapping from columns to roles. */
  private static Columns columns(YamlSection section, Columns byDefault) {
    if (!section.has("columns")) {
      return byDefault;
    }
    if (!section.isMapping("columns")) {
      List<String> names = section.texts("columns");
      return names.equals(List.of(ALL)) ? Columns.ALL : Columns.of(names);
    }
    YamlSection columns = section.section("columns");
    Map<String, Set<ColumnRole>> listed = new LinkedHashMap<>();
    for (String name : columns.names()) {
      listed.put(name, roles(columns, name));
    }
    return new Columns(new Named<>(Optional.empty(), listed));
  }

  private static Set<ColumnRole> roles(YamlSection columns, String name) {
    List<String> words = columns.texts(name);
    if (words.equals(List.of(ALL))) {
      return EnumSet.allOf(ColumnRole.class);
    }
    Set<ColumnRole> roles = EnumSet.noneOf(ColumnRole.class);
    for (String word : words) {
      roles.add(
          Stream.of(ColumnRole.values())
              .filter(role -> role.word().equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      columns.invalid(
                          name,
                          "'" + word + "' is no role of a column.",
                          "The roles are person, filter, group, describe and model; or write"
                              + " all.")));
    }
    if (roles.isEmpty()) {
      throw columns.invalid(
          name, "there is no role.", "Name one, or remove the column: what is unset is denied.");
    }
    return roles;
  }

  // ---- analyses and budgets --------------------------------------------------------------------

  private Named<Limits> analyses(double saturation) {
    Limits byDefault =
        new Limits(
            Limits.DEFAULT.maxWays(),
            Limits.DEFAULT.maxBins(),
            Limits.DEFAULT.maxRounds(),
            saturation,
            Limits.DEFAULT.sparse());
    if (!policy.isMapping("analyses")) {
      return named("analyses", byDefault);
    }
    Map<String, Limits> listed = new LinkedHashMap<>();
    policy
        .namedSections("analyses")
        .forEach((type, section) -> listed.put(type, limits(section, byDefault)));
    return new Named<>(Optional.empty(), listed);
  }

  private static Limits limits(YamlSection section, Limits byDefault) {
    Limits limits =
        new Limits(
            section.whole("maxWays", byDefault.maxWays(), 1, 8),
            section.whole("maxBins", byDefault.maxBins(), 1, 100_000),
            section.whole("maxRounds", byDefault.maxRounds(), 1, MAX_ROUNDS),
            section.number("maxSaturation", byDefault.maxSaturation(), 1e-6, 0.5),
            section
                .choice("sparse", Map.of("allow", true, "refuse", false))
                .orElse(byDefault.sparse()));
    section.end();
    return limits;
  }

  private List<Budget> budgets() {
    List<Budget> budgets = new ArrayList<>();
    for (YamlSection section : policy.sections("budgets")) {
      String text = section.asWritten("rho").orElseThrow(() -> section.missing("rho"));
      Budget budget =
          new Budget(
              section.text("dataset"),
              section.optionalText("analyst"),
              section.optionalText("purpose"),
              rho(section, text));
      section.end();
      if (budgets.stream().anyMatch(other -> other.words().equals(budget.words()))) {
        throw policy.invalid(
            "budgets", "there are two budgets of " + budget.words() + ".", "Keep one of them.");
      }
      budgets.add(budget);
    }
    return budgets;
  }

  private static Rho rho(YamlSection section, String text) {
    try {
      return Rho.parse(text);
    } catch (IllegalArgumentException notARho) {
      throw section.invalid(
          "rho",
          "'" + text + "' is no budget.",
          "Write a number that is not negative, such as 0.5 or 1/3.");
    }
  }
}
