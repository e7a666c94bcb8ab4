package io.tributary.privacy;

import io.tributary.study.Errors;
import java.util.List;
import java.util.Optional;

/**
 * How a site's policy judged one study, rule by rule, before any row was read.
 *
 * @param results in the order in which rules are asked
 */
public record Judgement(List<RuleResult> results) {
  /** The rule on privacy costs, which has a code of its own. */
  static final String BUDGETS = "budgets";

  public Judgement {
    results = List.copyOf(results);
  }

  /**
   * One rule's answer.
   *
   * @param rule key of the policy, such as {@code analyses.glm.maxRounds}
   * @param asked what the study asks for
   * @param allowed what the rule allows
   */
  public record RuleResult(String rule, String asked, String allowed, boolean passed) {}

  public boolean admits() {
    return results.stream().allMatch(RuleResult::passed);
  }

  /** The first rule that refuses. */
  public Optional<RuleResult> refusal() {
    return results.stream().filter(result -> !result.passed()).findFirst();
  }

  /**
   * Returns if the study is admitted; else POLICY_REFUSED, or DP_BUDGET_SPENT, of the first that
   * refuses.
   */
  public void require() {
    refusal()
        .ifPresent(
            refused -> {
              if (refused.rule().equals(BUDGETS)) {
                throw Errors.beyondBudget(refused.asked(), refused.allowed());
              }
              throw Errors.policyRefused(refused.rule(), refused.asked(), refused.allowed());
            });
  }
}
