package io.tributary.jobs.site;

import io.tributary.codec.Digest;
import io.tributary.jobs.console.Console;
import io.tributary.protocol.AttemptId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;

/** Of several sites in one process only what went wrong; the coordinator shows how work goes on. */
public final class SiteFailures implements SiteNotices {
  private final SiteNotices all;

  private SiteFailures(SiteNotices all) {
    this.all = all;
  }

  /** Shows them on a console. */
  public static SiteNotices of(Console console) {
    return new SiteFailures(new SiteCommand.Notices(console));
  }

  @Override
  public void ready() {}

  @Override
  public void studyAwaitsSteward(Study study, Digest digest) {
    all.studyAwaitsSteward(study, digest);
  }

  @Override
  public void studyTaken(Study study, Digest digest) {}

  @Override
  public void attempt(Study study, AttemptId id, String state) {}

  @Override
  public void sent(Study study, AttemptId id, int frame, int frames, int bytes) {}

  @Override
  public void studyEnded(Study study, Digest digest) {}

  @Override
  public void studyRefused(Digest digest, TributaryException why) {
    all.studyRefused(digest, why);
  }

  @Override
  public void declined(Study study, AttemptId id, TributaryException why) {
    all.declined(study, id, why);
  }

  @Override
  public void refusedObject(String name, TributaryException why) {
    all.refusedObject(name, why);
  }

  @Override
  public void studyFailed(Digest digest, TributaryException why) {
    all.studyFailed(digest, why);
  }

  @Override
  public void exchangeLost(TributaryException why) {
    all.exchangeLost(why);
  }
}
