package io.tributary.protocol.site;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nothing new is uploaded or signed in this attempt; journaled bytes are sent again, and its
 * certificate is still answered unless lock or contributors forbid it (PROTOCOL.md 2.5, R0).
 *
 * @param code why it died
 * @param upload the Upload as stored, if it was sent
 * @param signature the SurvivorSig as stored, if it was sent
 */
public record Dead(
    Attempt attempt,
    ErrorCode code,
    Optional<SignedObject> upload,
    Optional<SignedObject> signature)
    implements AttemptState {

  @Override
  public Transition<AttemptState> sign(
      SiteEnvironment site, StepLock lock, Message.SurvivorSet set) {
    return Transition.stay(this);
  }

  @Override
  public Transition<AttemptState> answer(SiteEnvironment site, StepLock lock, Opening opening) {
    boolean other =
        signature.isPresent()
            && !Signed.isSigned(signature.get(), attempt, opening.certificate().signed());
    return upload.isEmpty() || other
        ? Transition.stay(this)
        : Answer.give(site, attempt, upload.get(), lock, opening);
  }

  /** Dead already. */
  @Override
  public Transition<AttemptState> die(SiteEnvironment site, ErrorCode why) {
    return Transition.stay(this);
  }

  @Override
  public List<Effect> resend(SiteEnvironment site) {
    List<Effect> effects = new ArrayList<>();
    upload.ifPresent(object -> effects.add(attempt.send(object)));
    if (code != ErrorCode.STALE_ROUND) {
      effects.add(attempt.send(site, new Message.AttemptDead(attempt.round(), code)));
    }
    return effects;
  }
}
