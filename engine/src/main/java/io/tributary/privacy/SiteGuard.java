package io.tributary.privacy;

import io.tributary.codec.StudyColumns;
import io.tributary.study.Errors;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Allowed;
import io.tributary.study.Study;
import io.tributary.study.Study.AnalysisSpec;
import io.tributary.study.Study.ReleaseFloor;
import java.util.List;

/**
 * Judges a study by the site's policy before any row is read: deny by default, and the study as a
 * whole or none of it. A refusal is POLICY_REFUSED and names the rule, what the study asks for and
 * what the rule allows; of this only the code travels.
 */
public final class SiteGuard {
  private SiteGuard() {}

  /** As {@link #admit(Study, String, SitePolicy)} for the analyst whom the study itself names. */
  public static void admit(Study study, SitePolicy policy) {
    admit(study, study.analyst(), policy);
  }

  /**
   * Returns if the policy admits the study.
   *
   * @param study as its analyst signed it
   * @param signer id in the consortium file of the key that signed it; empty if nobody is known
   */
  public static void admit(Study study, String signer, SitePolicy policy) {
    need("analysts", policy.analysts(), "the analyst", signer);
    if (!study.analyst().isEmpty()) {
      need("analysts", policy.analysts(), "the analyst", study.analyst());
    }
    need("datasets", policy.datasets(), "the dataset", study.cohort().from());
    for (AnalysisSpec analysis : study.analyses()) {
      need("analyses", policy.analyses(), "an analysis of type", analysis.type());
    }
    for (String column : StudyColumns.touched(study)) {
      need("columns", policy.columns(), "the column", column);
    }
    floors(study, policy);
  }

  /** The study's datasets, types of analysis and columns, as a steward would have to allow them. */
  public static List<String> asks(Study study) {
    return List.of(
        "datasets: " + study.cohort().from(),
        "analyses: "
            + String.join(
                ", ", study.analyses().stream().map(AnalysisSpec::type).distinct().toList()),
        "columns: " + String.join(", ", StudyColumns.touched(study)),
        "analysts: " + (study.analyst().isEmpty() ? "whoever signs" : study.analyst()));
  }

  private static void floors(Study study, SitePolicy policy) {
    atLeast("minContributors", study.minContributors(), policy.minContributors());
    atLeast("minColluding", study.colluding(), policy.minColluding());
    ReleaseFloor floor = study.release();
    atLeast("minCell", floor.minCell(), policy.minCell());
    atLeast("minPersons", floor.minPersons(), policy.minPersons());
    if (floor.maxSaturation() > policy.maxSaturation()) {
      throw Errors.policyRefused(
          "maxSaturation",
          "a saturation of up to " + floor.maxSaturation(),
          "at most " + policy.maxSaturation());
    }
  }

  private static void need(String rule, Allowed allowed, String what, String asked) {
    if (!allowed.allows(asked)) {
      throw Errors.policyRefused(rule, what + " '" + asked + "'", allowed.words());
    }
  }

  private static void atLeast(String rule, int asked, int least) {
    if (asked < least) {
      throw Errors.policyRefused(rule, String.valueOf(asked), "no less than " + least);
    }
  }
}
