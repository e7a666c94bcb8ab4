package io.tributary.jobs.site;

import io.tributary.exchange.SiteListener;
import io.tributary.jobs.evidence.StudyEvidence;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.site.AttemptState;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.List;
import java.util.Optional;

/** Passes on what the pump of one study does, and keeps why the site declined. */
final class SiteStudyListener implements SiteListener {
  private final Study study;
  private final SiteNotices notices;
  private final StudyEvidence evidence;
  private Optional<TributaryException> declined = Optional.empty();

  SiteStudyListener(Study study, SiteNotices notices, StudyEvidence evidence) {
    this.study = study;
    this.notices = notices;
    this.evidence = evidence;
  }

  /** Why the site last declined an attempt. */
  Optional<TributaryException> declined() {
    return declined;
  }

  @Override
  public void attempt(AttemptState state) {
    notices.attempt(study, state.id(), state.getClass().getSimpleName());
  }

  @Override
  public void frameSent(AttemptId id, int frame, int frames, int bytes) {
    notices.sent(study, id, frame, frames, bytes);
  }

  @Override
  public void declined(AttemptId id, TributaryException reason) {
    declined = Optional.of(reason);
    evidence.declined(id.job(), id.step(), reason);
    notices.declined(study, id, reason);
  }

  @Override
  public void refused(String name, TributaryException reason) {
    evidence.notTaken(name, reason);
    notices.refusedObject(name, reason);
  }

  @Override
  public void unreadableBoxes(AttemptId id, List<SiteId> dealers) {
    notices.declined(study, id, Errors.badMessage("Boxes of " + dealers + " did not open."));
  }
}
