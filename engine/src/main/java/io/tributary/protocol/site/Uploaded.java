package io.tributary.protocol.site;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Frames, boxes and Upload are out (PROTOCOL.md 2.5, R1).
 *
 * @param sent the Upload as stored
 */
public record Uploaded(Attempt attempt, SignedObject sent) implements AttemptState {
  @Override
  public Optional<SignedObject> upload() {
    return Optional.of(sent);
  }

  @Override
  public Transition<AttemptState> sign(
      SiteEnvironment site, StepLock lock, Message.SurvivorSet set) {
    return Answer.sign(site, attempt, sent, lock, set);
  }

  /** The certificate itself is the signature event of a site that has signed nothing. */
  @Override
  public Transition<AttemptState> answer(SiteEnvironment site, StepLock lock, Opening opening) {
    return Answer.give(site, attempt, sent, lock, opening);
  }

  @Override
  public List<Effect> resend(SiteEnvironment site) {
    AttemptSeeds seeds = AttemptSeeds.derive(site, attempt);
    List<Effect> effects = new ArrayList<>();
    effects.add(attempt.send(site, seeds.boxes()));
    effects.add(attempt.send(sent));
    seeds.destroy();
    return effects;
  }

  @Override
  public AttemptState after(SiteEnvironment site, SiteRecord record) {
    return record instanceof SiteRecord.SetSigned signed
        ? new Signed(attempt, sent, AttemptState.decode(signed.signature()))
        : AttemptState.super.after(site, record);
  }
}
