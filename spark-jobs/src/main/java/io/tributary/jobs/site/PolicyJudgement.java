package io.tributary.jobs.site;

import io.tributary.jobs.analysis.Catalog;
import io.tributary.privacy.Judgement;
import io.tributary.privacy.Judgement.RuleResult;
import io.tributary.privacy.SiteGuard;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A study judged by a site's whole configuration: the rules of its policy, and whether the site has
 * the datasets and public lists that it names. What a steward decides comes after it ({@link
 * Approvals}).
 */
public final class PolicyJudgement {
  private PolicyJudgement() {}

  /**
   * The judgement, rule by rule. An analysis that does not exist, or whose options are wrong, is
   * STUDY_INVALID.
   *
   * @param signer id of the analyst whose key signed, or would sign
   */
  public static Judgement of(Study study, String signer, SiteConfig site, Clock clock) {
    Judgement policy =
        SiteGuard.judge(study, Catalog.demands(study), signer, site.policy(), clock.instant());
    List<RuleResult> results = new ArrayList<>(policy.results());
    List<String> datasets = new ArrayList<>(List.of(study.cohort().from()));
    study.cohort().joins().stream()
        .filter(join -> !join.ofRecords())
        .forEach(join -> datasets.add(join.table()));
    study.genotypes().ifPresent(genotypes -> datasets.add(genotypes.from()));
    for (String dataset : datasets) {
      results.add(known("catalog", "the dataset '" + dataset + "'", dataset, site.catalog()));
    }
    study
        .genotypes()
        .ifPresent(
            genotypes ->
                results.add(
                    known(
                        "references",
                        "the list '" + genotypes.variants() + "'",
                        genotypes.variants(),
                        site.references())));
    return new Judgement(results);
  }

  private static RuleResult known(String rule, String asked, String name, Map<String, ?> there) {
    return new RuleResult(
        rule,
        asked,
        there.isEmpty() ? "nothing" : String.join(", ", there.keySet()),
        there.containsKey(name));
  }
}
