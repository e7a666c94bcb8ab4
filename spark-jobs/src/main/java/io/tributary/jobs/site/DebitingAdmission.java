package io.tributary.jobs.site;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Noise;
import io.tributary.codec.Digest;
import io.tributary.jobs.evidence.StudyEvidence;
import io.tributary.ledger.CohortFingerprint;
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
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A site's word on a study, with the ledger's. Each step is debited before it is summed, once
 * whatever is retried. With noise it is paid for from the site's budgets (PROTOCOL.md 3.5): the
 * study begins only if all of it is covered, and all steps together never cost more than the study
 * states. Without, it costs nothing, and before the first step the cohort is compared with all
 * earlier ones (PROTOCOL.md 2.8), whenever the table is opened anew.
 */
final class DebitingAdmission implements Admission {
  private final Admission admission;
  private final PrivacyLedger ledger;
  private final SitePolicy policy;
  private final Study study;
  private final Digest digest;
  private final String analyst;
  private final SiteInput input;
  private final StudyEvidence evidence;
  private final Clock clock;
  private final Optional<Rho> cost;
  private final List<SiteRecord> records;
  private final Optional<TributaryException> older;
  private boolean compared;
  private Optional<TributaryException> tooClose = Optional.empty();

  /**
   * Debits of one study.
   *
   * @param analyst who signed
   * @param input whose table is the cohort; asked for it in the first step of a study of exact sums
   * @param records what the site's journal knows of the study
   */
  DebitingAdmission(
      Admission admission,
      PrivacyLedger ledger,
      SitePolicy policy,
      Study study,
      Digest digest,
      String analyst,
      SiteInput input,
      List<SiteRecord> records,
      StudyEvidence evidence,
      Clock clock) {
    this.admission = admission;
    this.ledger = ledger;
    this.policy = policy;
    this.study = study;
    this.digest = digest;
    this.analyst = analyst;
    this.input = input;
    this.evidence = evidence;
    this.clock = clock;
    this.cost = StudyBudget.of(study).map(StudyBudget::total);
    this.records = List.copyOf(records);
    this.older = older();
  }

  /**
   * STATE_ROLLED_BACK if the site's journal knows a masked frame that nobody paid for. Exact sums
   * of a study whose cohort was never remembered may have left before sites kept a ledger of them.
   */
  private Optional<TributaryException> older() {
    if (cost.isEmpty() && !evidence.remembers()) {
      return Optional.empty();
    }
    try {
      masked().forEach(step -> ledger.requireDebited(digest, step));
      return Optional.empty();
    } catch (TributaryException e) {
      return Optional.of(e);
    }
  }

  /**
   * STATE_ROLLED_BACK if the ledger is older than the site's journal, DP_BUDGET_SPENT if the
   * budgets do not cover what the study has still to pay.
   */
  Optional<TributaryException> refusal() {
    if (older.isPresent() || cost.isEmpty()) {
      return older;
    }
    Rho paid = paid();
    Rho open = paid.isAtMost(cost.get()) ? cost.get().minus(paid) : Rho.ZERO;
    for (Budget budget : policy.budgets()) {
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
    Optional<ErrorCode> refused =
        admission.refusalOfStep(terms, step, layout).or(() -> older.map(TributaryException::code));
    if (refused.isPresent()) {
      return refused;
    }
    Rho rho = layout.noise().map(Noise::cost).orElse(Rho.ZERO);
    if (!isPaid(step) && !paid().plus(rho).isAtMost(cost.orElse(Rho.ZERO))) {
      return Optional.of(ErrorCode.DP_BUDGET_SPENT);
    }
    compare();
    try {
      boolean fresh = !isPaid(step);
      ledger.debit(debit(step, rho), policy.budgets());
      if (fresh && !rho.isZero()) {
        written(step, rho);
      }
      return Optional.empty();
    } catch (TributaryException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED) {
        throw e;
      }
      return Optional.of(e.code());
    }
  }

  /** What each budget that covers the step has left, for the journal. */
  private void written(StepId step, Rho rho) {
    String words =
        "sum " + (step.step() + 1) + " of analysis " + study.analyses().get(step.job()).name();
    for (Budget budget : policy.budgets()) {
      if (budget.covers(study.cohort().from(), analyst, study.purpose())) {
        evidence.debited(budget.words(), rho, words, ledger.left(budget));
      }
    }
  }

  private Debited debit(StepId step, Rho rho) {
    return new Debited(
        digest, clock.instant(), step, study.cohort().from(), analyst, study.purpose(), rho);
  }

  /** Steps of which the site's journal knows a frame that was masked. */
  private Stream<StepId> masked() {
    return records.stream()
        .filter(SiteRecord.FrameMasked.class::isInstance)
        .map(record -> ((SiteRecord.FrameMasked) record).id().stepId())
        .distinct();
  }

  /**
   * Before a first sum over the table that is open; each attempt asks again.
   *
   * @throws TributaryException COHORT_TOO_CLOSE, or what is wrong with the table; the sentence is
   *     for this site alone, its code travels
   */
  private void compare() {
    if (tooClose.isPresent()) {
      throw tooClose.get();
    }
    if (compared || !input.isCompared()) {
      return;
    }
    Map<String, CohortFingerprint> cohorts = input.fingerprints(ledger);
    try {
      Map<String, Digest> files = ledger.use(digest, clock.instant(), cohorts, policy.minCell());
      if (!evidence.remembers()) {
        // From here on the ledger has to know every step, also those from before it.
        masked().forEach(step -> ledger.debit(debit(step, Rho.ZERO), policy.budgets()));
      }
      files.forEach(evidence::remembered);
      compared = true;
    } catch (TributaryException e) {
      tooClose = Optional.of(e).filter(why -> why.code() == ErrorCode.COHORT_TOO_CLOSE);
      throw e;
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
