package io.tributary.privacy;

import io.tributary.codec.StudyColumns;
import io.tributary.privacy.Judgement.RuleResult;
import io.tributary.study.ColumnRole;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Allowed;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.SitePolicy.Columns;
import io.tributary.study.SitePolicy.Limits;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;
import io.tributary.study.Study.ReleaseFloor;
import io.tributary.study.Study.SupportRound;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges a study by the site's policy before any row is read: deny by default, and the study as a
 * whole or none of it. Every rule is asked, also after one has refused, so that a steward and an
 * analyst see the whole judgement; of it only a code ever travels.
 */
public final class SiteGuard {
  private final SitePolicy policy;
  private final List<RuleResult> results = new ArrayList<>();

  private SiteGuard(SitePolicy policy) {
    this.policy = policy;
  }

  /**
   * Judges a study.
   *
   * @param study as its analyst signed it
   * @param demands what each of its analyses asks for, by job number
   * @param signer id in the consortium file of the key that signed it; empty if nobody is known
   */
  public static Judgement judge(
      Study study, List<Demand> demands, String signer, SitePolicy policy, Instant now) {
    if (demands.size() != study.analyses().size()) {
      throw new IllegalArgumentException("demands=" + demands.size());
    }
    SiteGuard guard = new SiteGuard(policy);
    guard.asker(study, signer, now);
    guard.columns(study);
    guard.genotypes(study);
    for (int job = 0; job < demands.size(); job++) {
      guard.analysis(study, study.analyses().get(job), demands.get(job));
    }
    guard.floors(study);
    guard.budgets(study, signer);
    return new Judgement(guard.results);
  }

  /** The study's datasets, types of analysis and columns, as a steward would have to allow them. */
  public static List<String> asks(Study study) {
    List<String> asks = new ArrayList<>();
    asks.add(
        "datasets: "
            + study.cohort().from()
            + joined(study).stream().map(name -> ", " + name).collect(Collectors.joining())
            + study.genotypes().map(genotypes -> ", " + genotypes.from()).orElse(""));
    study.cohort().joins().forEach(join -> asks.add("joined: " + join.words()));
    asks.addAll(
        List.of(
            "analyses: "
                + String.join(
                    ", ", study.analyses().stream().map(AnalysisSpec::type).distinct().toList()),
            "columns: "
                + StudyColumns.uses(study).entrySet().stream()
                    .map(SiteGuard::words)
                    .collect(Collectors.joining(", ")),
            "analysts: " + (study.analyst().isEmpty() ? "whoever signs" : study.analyst()),
            "purposes: " + (study.purpose().isEmpty() ? "none stated" : study.purpose())));
    return asks;
  }

  private static String words(Map.Entry<String, Set<ColumnRole>> use) {
    return use.getValue().isEmpty() ? use.getKey() : use.getKey() + " (" + roles(use) + ")";
  }

  private static String roles(Map.Entry<String, Set<ColumnRole>> use) {
    return use.getValue().stream().map(ColumnRole::word).collect(Collectors.joining(", "));
  }

  private void asker(Study study, String signer, Instant now) {
    add("validity", "a use on " + now, policy.validity().words(), policy.validity().contains(now));
    need("analysts", policy.analysts(), "the analyst", signer);
    if (!study.analyst().isEmpty() && !study.analyst().equals(signer)) {
      need("analysts", policy.analysts(), "the analyst", study.analyst());
    }
    need("purposes", policy.purposes(), "the purpose", study.purpose());
  }

  /** Datasets that are joined to the cohort's own. */
  private static List<String> joined(Study study) {
    return study.cohort().joins().stream()
        .filter(join -> !join.ofRecords())
        .map(Study.Join::table)
        .toList();
  }

  private void columns(Study study) {
    dataset(study.cohort().from());
    joined(study).forEach(this::dataset);
    StudyColumns.uses(study)
        .forEach(
            (name, roles) -> {
              String dataset = study.cohort().from();
              String column = name;
              Optional<Study.Join> join = study.cohort().joinOf(name);
              if (join.isPresent() && join.get().ofRecords()) {
                // Health records are admitted by table, as for covariates.
                column = join.get().table();
              } else if (join.isPresent()) {
                dataset = join.get().table();
                column = name.substring(join.get().prefix().length());
              }
              column(dataset, column, roles);
            });
  }

  private void dataset(String name) {
    add(
        "datasets",
        "the dataset '" + name + "'",
        policy.datasets().words(),
        policy.datasets().of(name).isPresent());
  }

  /** Genotypes are a dataset of their own, without columns: it is allowed, or it is not. */
  private void genotypes(Study study) {
    study
        .genotypes()
        .ifPresent(
            genotypes ->
                add(
                    "datasets",
                    "the genotypes '" + genotypes.from() + "'",
                    policy.datasets().words(),
                    policy.datasets().of(genotypes.from()).isPresent()));
  }

  private void column(String dataset, String name, Set<ColumnRole> roles) {
    Optional<Columns> columns = policy.datasets().of(dataset);
    if (columns.isEmpty()) {
      return;
    }
    Columns allowed = columns.get();
    boolean passed = allowed.roles().of(name).map(own -> own.containsAll(roles)).orElse(false);
    String asked = "the column '" + name + "'";
    add(
        "datasets." + dataset + ".columns",
        roles.isEmpty() ? asked : asked + " to " + verbs(roles),
        allowed.words(name),
        passed);
  }

  private static String verbs(Set<ColumnRole> roles) {
    return roles.stream()
        .map(role -> role == ColumnRole.PERSON ? "name the person" : role.word())
        .collect(Collectors.joining(" and to "));
  }

  private void analysis(Study study, AnalysisSpec spec, Demand demand) {
    Optional<Limits> limits = policy.analyses().of(spec.type());
    add(
        "analyses",
        "an analysis of type '" + spec.type() + "'",
        policy.analyses().words(),
        limits.isPresent());
    limits.ifPresent(limit -> limits("analyses." + spec.type(), study, spec, demand, limit));
  }

  private void limits(String type, Study study, AnalysisSpec spec, Demand demand, Limits limit) {
    String name = spec.name() + ": ";
    if (demand.ways() > 0) {
      atMost(type + ".maxWays", name, demand.ways(), " columns crossed", limit.maxWays());
    }
    if (demand.bins() > 0) {
      atMost(type + ".maxBins", name, demand.bins(), " bins", limit.maxBins());
    }
    atMost(type + ".maxRounds", name, demand.rounds(), " rounds", limit.maxRounds());
    saturation(type + ".maxSaturation", study, limit.maxSaturation());
    if (demand.sparse()) {
      add(
          type + ".sparse",
          name + "sums over fewer persons than minCell",
          limit.sparse() ? "such sums" : "none of them",
          limit.sparse());
    }
  }

  private void floors(Study study) {
    atLeast("minContributors", study.minContributors(), policy.minContributors());
    atLeast("minColluding", study.colluding(), policy.minColluding());
    ReleaseFloor floor = study.release();
    atLeast("minCell", floor.minCell(), policy.minCell());
    atLeast("minPersons", floor.minPersons(), policy.minPersons());
    saturation("maxSaturation", study, policy.maxSaturation());
    if (policy.maxShare() < 1) {
      add(
          "maxShare",
          "sums of which one person may make up " + floor.maxShare(),
          "at most " + policy.maxShare() + ", or sums with noise",
          floor.maxShare() <= policy.maxShare() || study.privacy().isPresent());
    }
    boolean supported =
        floor.supportRound() == SupportRound.REQUIRED || study.privacy().isPresent();
    if (policy.supportRound() == SupportRound.REQUIRED) {
      add(
          "supportRound",
          study.privacy().isPresent()
              ? "sums with noise"
              : supported ? "support rounds" : "sums that may hold what one site alone fills",
          "support rounds, or noise",
          supported);
    }
  }

  /** A study with noise needs a budget that covers it, and fits into every one that does. */
  private void budgets(Study study, String signer) {
    Optional<StudyBudget> asked = StudyBudget.of(study);
    if (asked.isEmpty()) {
      return;
    }
    String dataset = study.cohort().from();
    String cost = "rho " + asked.get().total() + " of dataset " + dataset;
    List<Budget> covering =
        policy.budgets().stream()
            .filter(each -> each.covers(dataset, signer, study.purpose()))
            .toList();
    if (covering.isEmpty()) {
      add(Judgement.BUDGETS, cost, "nothing", false);
    }
    for (Budget budget : covering) {
      add(
          Judgement.BUDGETS,
          cost,
          "rho " + budget.total() + " of " + budget.words() + " in all",
          asked.get().total().isAtMost(budget.total()));
    }
  }

  private void saturation(String rule, Study study, double most) {
    double asked = study.release().maxSaturation();
    add(rule, asked + " parameters per person", "at most " + most, asked <= most);
  }

  private void need(String rule, Allowed allowed, String what, String asked) {
    add(rule, what + " '" + asked + "'", allowed.words(), allowed.allows(asked));
  }

  private void atLeast(String rule, int asked, int least) {
    add(rule, String.valueOf(asked), "no less than " + least, asked >= least);
  }

  private void atMost(String rule, String name, int asked, String unit, int most) {
    add(rule, name + asked + unit, "at most " + most, asked <= most);
  }

  private void add(String rule, String asked, String allowed, boolean passed) {
    results.add(new RuleResult(rule, asked, allowed, passed));
  }
}
