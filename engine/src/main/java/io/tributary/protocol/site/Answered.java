package io.tributary.protocol.site;

import io.tributary.codec.SiteSet;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.SiteId;
import java.util.List;

/**
 * The answer is out; the step is locked (PROTOCOL.md 2.5, R3).
 *
 * @param contributors U
 * @param unmask the answer as stored; sent again until the job is closed
 * @param unreadable dealers whose boxes did not open; empty after a restart
 */
public record Answered(
    Attempt attempt, SiteSet contributors, SignedObject unmask, List<SiteId> unreadable)
    implements AttemptState {
  public Answered {
    unreadable = List.copyOf(unreadable);
  }

  /** Signs nothing any more. */
  @Override
  public Transition<AttemptState> sign(
      SiteEnvironment site, StepLock lock, Message.SurvivorSet set) {
    return Transition.stay(this);
  }

  /** Sends the same answer again. */
  @Override
  public Transition<AttemptState> answer(SiteEnvironment site, StepLock lock, Opening opening) {
    return Transition.<AttemptState>stay(this).then(attempt.send(unmask));
  }

  @Override
  public List<Effect> resend(SiteEnvironment site) {
    return List.of(attempt.send(unmask));
  }
}
