package io.tributary.jobs.site;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Noise;
import io.tributary.codec.Digest;
import io.tributary.ledger.LedgerEntry.Debited;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.privacy.StudyBudget;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Admission;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A site's word on a study with noise, paid for from the site's budgets (PROTOCOL.md 3.5): the
 * study begins only if all of it is covered, each step is debited before a row is read, once
 * whatever is retried, and all steps together never cost more than the study states.
 */
final class DebitingAdmission implements Admission {
  private final Admission admission;
  private final PrivacyLedger ledger;
  private final List<Budget> budgets;
  private final Study study;
  private final Digest digest;
  private final String analyst;
  private final Clock clock;
  private final StudyBudget cost;

  /**
   * Debits for one study with noise.
   *
   * @param budgets of the site's policy
   * @param analyst who signed
   */
  DebitingAdmission(
      Admission admission,
      PrivacyLedger ledger,
      List<Budget> budgets,
      Study study,
      Digest digest,
      String analyst,
      Clock clock) {
    this.admission = admission;
    this.ledger = ledger;
    this.budgets = List.copyOf(budgets);
    this.study = study;
    this.digest = digest;
    this.analyst = analyst;
    this.clock = clock;
    this.cost = StudyBudget.of(study).orElseThrow();
  }

  /** STATE_ROLLED_BACK if the site's journal knows a masked frame that nobody paid for. */
  void requireDebited(List<SiteRecord> records) {
    for (SiteRecord record : records) {
      if (record instanceof SiteRecord.FrameMasked masked) {
        ledger.requireDebited(digest, masked.id().stepId());
      }
    }
  }

  /** DP_BUDGET_SPENT if the budgets do not cover what the study has still to pay. */
  Optional<TributaryException> refusal() {
    Rho paid = paid();
    Rho open = paid.isAtMost(cost.total()) ? cost.total().minus(paid) : Rho.ZERO;
    for (Budget budget : budgets) {
      boolean covers = budget.covers(study.cohort().from(), analyst, study.purpose());
      if (covers && !open.isAtMost(ledger.left(budget))) {
        return Optional.of(
            Errors.beyondBudget(
                "rho " + open,
                "rho " + ledger.left(budget) + " that is left of " + budget.words()));
      }
    }
    return Optional.empty();
  }

  private Rho paid() {
    Rho paid = Rho.ZERO;
    for (var entry : ledger.entries()) {
      if (entry instanceof Debited debit && debit.study().equals(digest)) {
        paid = paid.plus(debit.rho());
      }
    }
    return paid;
  }

  private boolean isPaid(StepId step) {
    return ledger.entries().stream()
        .anyMatch(
            entry ->
                entry instanceof Debited debit
                    && debit.study().equals(digest)
                    && debit.step().equals(step));
  }

  @Override
  public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
    return admission.refusalOfStudy(terms).or(() -> refusal().map(TributaryException::code));
  }

  @Override
  public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
    Optional<ErrorCode> refused = admission.refusalOfStep(terms, step, layout);
    if (refused.isPresent()) {
      return refused;
    }
    Rho rho = layout.noise().map(Noise::cost).orElseThrow();
    if (!isPaid(step) && !paid().plus(rho).isAtMost(cost.total())) {
      return Optional.of(ErrorCode.DP_BUDGET_SPENT);
    }
    try {
      ledger.debit(
          new Debited(
              digest, clock.instant(), step, study.cohort().from(), analyst, study.purpose(), rho),
          budgets);
      return Optional.empty();
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED) {
        throw e;
      }
      return Optional.of(e.code());
    }
  }

  @Override
  public Declarations declarations(StudyTerms terms) {
    return admission.declarations(terms);
  }

  @Override
  public Optional<Digest> anchor(StudyTerms terms, long epoch) {
    return admission.anchor(terms, epoch);
  }
}
