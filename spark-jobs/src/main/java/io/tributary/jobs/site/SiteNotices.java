package io.tributary.jobs.site;

import io.tributary.codec.Digest;
import io.tributary.protocol.AttemptId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;

/** What a site tells the engineer who runs it. Called on several threads. */
public interface SiteNotices {
  /** The site serves from here on. */
  void ready();

  /** The study passes the rules and waits until the site's steward decides. */
  void studyAwaitsSteward(Study study, Digest digest);

  /** The study is admitted. */
  void studyTaken(Study study, Digest digest);

  /** The study is refused; {@code why} stays at the site, its code travels. */
  void studyRefused(Digest digest, TributaryException why);

  /** An attempt went on to a state, such as {@code Uploaded}. */
  void attempt(Study study, AttemptId id, String state);

  /** A masked frame left the site. */
  void sent(Study study, AttemptId id, int frame, int frames, int bytes);

  /** The site does not go on with an attempt. */
  void declined(Study study, AttemptId id, TributaryException why);

  /** An object of the coordinator was not taken. */
  void refusedObject(String name, TributaryException why);

  /** The study is over. */
  void studyEnded(Study study, Digest digest);

  /** The site's part in a study ended with an error. */
  void studyFailed(Digest digest, TributaryException why);

  /** The exchange does not answer; the site goes on trying. */
  void exchangeLost(TributaryException why);
}
