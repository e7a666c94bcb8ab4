package io.tributary.jobs.site;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.jobs.evidence.StudyEvidence;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.StepId;
import io.tributary.protocol.StudyTerms;
import io.tributary.protocol.site.Admission;
import io.tributary.study.ErrorCode;
import java.util.Optional;

/** A site's word on a study, whose EpochKeys hold the head of its evidence (PROTOCOL.md 2.12). */
final class AnchoredAdmission implements Admission {
  private final Admission admission;
  private final StudyEvidence evidence;

  AnchoredAdmission(Admission admission, StudyEvidence evidence) {
    this.admission = admission;
    this.evidence = evidence;
  }

  @Override
  public Optional<ErrorCode> refusalOfStudy(StudyTerms terms) {
    return admission.refusalOfStudy(terms);
  }

  @Override
  public Optional<ErrorCode> refusalOfStep(StudyTerms terms, StepId step, Layout layout) {
    return admission.refusalOfStep(terms, step, layout);
  }

  @Override
  public Declarations declarations(StudyTerms terms) {
    return admission.declarations(terms);
  }

  @Override
  public Optional<Digest> anchor(StudyTerms terms, long epoch) {
    return Optional.of(evidence.anchor(epoch));
  }
}
