package io.tributary.protocol.coordinator;

import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.util.List;
import java.util.Set;

/** The coordinator's side of one attempt at one sum (PROTOCOL.md 2.5, 2.8). */
public sealed interface RoundState
    permits Open, Collecting, Certifying, Unmasking, Verified, Published, AttemptFailed {
  Round round();

  default AttemptId id() {
    return round().id();
  }

  /** Name of the state, for errors and status. */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Takes one message of a site, whose signature has been checked; a state that does not expect it
   * refuses with UNEXPECTED_MESSAGE. Nothing is journaled: the message stays on the exchange.
   *
   * @param from roster index of the sender
   */
  default RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    throw unexpected(message.label(), "none");
  }

  /** Sites this state waits for. */
  default Set<SiteId> waitingFor() {
    return Set.of();
  }

  /** The coordinator's own objects of this state, to send again after a restart. */
  default List<Effect> resend() {
    return List.of(round().send(round().open()));
  }

  /**
   * Gives the attempt up. Not once a certificate is out.
   *
   * @param suspects sites that the evidence leaves (2.6); often nobody
   */
  default Transition<RoundState> giveUp(
      CoordinatorEnvironment coordinator, ErrorCode code, Set<SiteId> suspects) {
    SignedObject abort =
        coordinator.sign(new Message.AttemptAbort(round().context().round(), code));
    return Transition.<RoundState>to(
            new AttemptFailed(round(), code, suspects),
            new CoordinatorRecord.AttemptGivenUp(id(), code, suspects, abort.encoded()))
        .then(round().send(abort));
  }

  /** The state after a record of this coordinator's own journal. */
  default RoundState after(CoordinatorRecord record) {
    if (record instanceof CoordinatorRecord.AttemptGivenUp givenUp) {
      return new AttemptFailed(round(), givenUp.code(), givenUp.suspects());
    }
    throw Errors.internal("Journal: " + record.getClass() + " in state " + name() + ".", null);
  }

  /** UNEXPECTED_MESSAGE at this state. */
  default TributaryException unexpected(String found, String expected) {
    return Errors.unexpectedMessage("coordinator " + id() + " " + name(), found, expected);
  }
}
