package io.tributary.protocol.site;

import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.util.List;
import java.util.Optional;

/** A site's side of one attempt at one sum (PROTOCOL.md 2.5, 2.8). */
public sealed interface AttemptState
    permits Announced, Prepared, Uploading, Uploaded, Signed, Answered, Closed, Dead {
  Attempt attempt();

  /** Name of the state, for errors. */
  default String name() {
    return getClass().getSimpleName();
  }

  default AttemptId id() {
    return attempt().id();
  }

  /** R2. Signs a survivor set, if the rules allow. Expected after the upload. */
  default Transition<AttemptState> sign(
      SiteEnvironment site, StepLock lock, Message.SurvivorSet set) {
    throw unexpected(set, "none before the upload");
  }

  /** R3. Answers a certificate, if the rules allow. Expected after the upload. */
  default Transition<AttemptState> answer(SiteEnvironment site, StepLock lock, Opening opening) {
    throw unexpected(opening.certificate(), "none before the upload");
  }

  /** The attempt ends here; the coordinator is told the code. */
  default Transition<AttemptState> die(SiteEnvironment site, ErrorCode code) {
    SignedObject dead = site.sign(new Message.AttemptDead(attempt().round(), code));
    SiteRecord record = new SiteRecord.AttemptDied(id(), code, dead.encoded());
    return Transition.<AttemptState>to(new Dead(attempt(), code, upload(), signature()), record)
        .then(attempt().send(dead));
  }

  /** The Upload as sent, if there is one. */
  default Optional<SignedObject> upload() {
    return Optional.empty();
  }

  /** The SurvivorSig as sent, if there is one. */
  default Optional<SignedObject> signature() {
    return Optional.empty();
  }

  /** What is sent again after a restart: the journaled bytes (PROTOCOL.md 2.5, R0). */
  default List<Effect> resend(SiteEnvironment site) {
    return List.of();
  }

  /** Whether frames are still to be made. */
  default boolean isUploading() {
    return false;
  }

  /** The state after a record of this site's own journal. */
  default AttemptState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.AttemptDied died) {
      return new Dead(attempt(), died.code(), upload(), signature());
    }
    if (record instanceof SiteRecord.AnswerGiven given) {
      return new Answered(attempt(), given.contributors(), decode(given.unmask()), List.of());
    }
    throw Errors.internal("Journal: " + record.getClass() + " in state " + name() + ".", null);
  }

  static SignedObject decode(Bytes stored) {
    return SignedObject.decode(stored.toArray());
  }

  private TributaryException unexpected(Message found, String expected) {
    return Errors.unexpectedMessage(
        "site " + attempt().id() + " " + name(), found.label(), expected);
  }
}
