package io.tributary.protocol.site;

import io.tributary.protocol.Message;
import io.tributary.protocol.Transition;

/** The step has its valid Result; its keys and rho are gone (PROTOCOL.md 2.8, Erasure). */
public record Closed(Attempt attempt) implements AttemptState {
  @Override
  public Transition<AttemptState> sign(
      SiteEnvironment site, StepLock lock, Message.SurvivorSet set) {
    return Transition.stay(this);
  }

  @Override
  public Transition<AttemptState> answer(SiteEnvironment site, StepLock lock, Opening opening) {
    return Transition.stay(this);
  }
}
