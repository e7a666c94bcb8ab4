package io.tributary.protocol.site;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * One survivor set is signed (PROTOCOL.md 2.5, R2); another one is EQUIVOCATION.
 *
 * @param sent the Upload as stored
 * @param signed the SurvivorSig as stored
 */
public record Signed(Attempt attempt, SignedObject sent, SignedObject signed)
    implements AttemptState {

  @Override
  public Optional<SignedObject> upload() {
    return Optional.of(sent);
  }

  @Override
  public Optional<SignedObject> signature() {
    return Optional.of(signed);
  }

  /** The same set again changes nothing; another one ends the attempt. */
  @Override
  public Transition<AttemptState> sign(
      SiteEnvironment site, StepLock lock, Message.SurvivorSet set) {
    Message.SurvivorSig again =
        new Message.SurvivorSig(set.round(), set.contributors(), set.uploads());
    return isSigned(signed, attempt, again)
        ? Transition.<AttemptState>stay(this).then(attempt.send(signed))
        : die(site, ErrorCode.EQUIVOCATION);
  }

  @Override
  public Transition<AttemptState> answer(SiteEnvironment site, StepLock lock, Opening opening) {
    return isSigned(signed, attempt, opening.certificate().signed())
        ? Answer.give(site, attempt, sent, lock, opening)
        : die(site, ErrorCode.EQUIVOCATION);
  }

  /** Whether a signature is over just this set. */
  static boolean isSigned(SignedObject signature, Attempt attempt, Message.SurvivorSig set) {
    return signature.message(attempt.epoch().roster().size()).equals(set);
  }

  @Override
  public List<Effect> resend(SiteEnvironment site) {
    return List.of(attempt.send(sent), attempt.send(signed));
  }
}
