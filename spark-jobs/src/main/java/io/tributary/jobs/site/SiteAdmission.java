package io.tributary.jobs.site;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.identity.StudySignature;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.study.Submission;
import io.tributary.ledger.PrivacyLedger;
import io.tributary.ledger.StewardDecision;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Admission;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SitePolicy;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.time.Clock;
import java.util.Optional;

/**
 * The site's word on one study, before any row is read: the analyst's signature, the study's
 * validity, and the steward's policy (DESIGN.md 8). The sentence stays here; its code travels.
 */
final class SiteAdmission implements Admission {
  private final SiteConfig config;
  private final Consortium consortium;
  private final Submission submission;
  private final Optional<Approvals> approvals;
  private final PrivacyLedger ledger;
  private final Clock clock;

  /**
   * The word on one study.
   *
   * @param approvals where a steward decides besides the rules
   * @param ledger keeps each decision that the site acts on
   */
  SiteAdmission(
      SiteConfig config,
      Consortium consortium,
      Submission submission,
      Optional<Approvals> approvals,
      PrivacyLedger ledger,
      Clock clock) {
    this.config = config;
    this.consortium = consortium;
    this.submission = submission;
    this.approvals = approvals;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Why the study is refused, by rules or by the steward, in full; empty if it is not. */
  Optional<TributaryException> refusal() {
    return refusalByRules().or(this::refusalBySteward);
  }

  /** Empty with {@code approval: rules}, and while a grant holds. */
  private Optional<TributaryException> refusalBySteward() {
    if (approvals.isEmpty()) {
      return Optional.empty();
    }
    Digest digest = submission.study().digest();
    Optional<StewardDecision> decision;
    try {
      decision = approvals.get().decision(digest);
      approvals
          .get()
          .signed(digest)
          .ifPresent(signed -> ledger.decided(digest, clock.instant(), signed));
    } catch (TributaryException e) {
      return Optional.of(e);
    }
    if (decision.isPresent() && decision.get().grants(clock.instant())) {
      return Optional.empty();
    }
    return Optional.of(
        Errors.policyRefused(
            "approval",
            decision.map(SiteAdmission::words).orElse("a run that no steward has decided on"),
            "studies that this site's steward has granted, until the grant ends"));
  }

  private static String words(StewardDecision decision) {
    return decision.verdict() == StewardDecision.Verdict.GRANTED
        ? "a run after its grant ended at " + decision.until()
        : "a run that "
            + decision.steward()
            + " denied at "
            + decision.at()
            + ": "
            + decision.reason();
  }

  /** Why the signature or the policy refuses the study; empty if they do not. */
  Optional<TributaryException> refusalByRules() {
    Study study = submission.study().study();
    StudySignature signature = submission.signature();
    try {
      signature.verify(submission.study().raw(), study, consortium, clock);
      PolicyJudgement.of(study, signature.analyst(), config, clock).require();
      return Optional.empty();
    } catch (TributaryException e) {
      return Optional.of(e);
    }
  }

  @Override
  public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
    return refusal().map(TributaryException::code);
  }

  @Override
  public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
    String type = terms.study().analyses().get(step.job()).type();
    boolean allowed =
        config
            .policy()
            .analyses()
            .of(type)
            .map(limits -> round(terms.study(), step) < limits.maxRounds())
            .orElse(false);
    // A job with noise has as many sums as its cost was stated for.
    boolean paid =
        terms.study().privacy().isEmpty()
            || step.step() < Catalog.create(terms.study(), step.job()).noise().size();
    return allowed && paid
        ? refusalBySteward().map(TributaryException::code)
        : Optional.of(ErrorCode.POLICY_REFUSED);
  }

  /** Of a study with support rounds every second step is a sum of what sites have. */
  private static int round(Study study, StepId step) {
    return study.release().supportRound() == Study.SupportRound.REQUIRED
        ? step.step() / 2
        : step.step();
  }

  @Override
  public Declarations declarations(StudyTerms terms) {
    SitePolicy policy = config.policy();
    SiteConfig.Dataset dataset = config.catalog().get(terms.study().cohort().from());
    String population = dataset == null ? SiteConfig.DEFAULT_POPULATION : dataset.population();
    return new Declarations(
        Declarations.population(config.site().value(), population),
        policy.ownTotalsMayBeInferred()
            ? Declarations.Consent.GIVEN
            : Declarations.Consent.WITHHELD,
        policy.contributorScope() == SitePolicy.ContributorScope.STUDY
            ? Declarations.Scope.STUDY
            : Declarations.Scope.POPULATION);
  }
}
