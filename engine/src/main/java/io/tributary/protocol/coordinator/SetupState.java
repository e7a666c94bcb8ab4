package io.tributary.protocol.coordinator;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The coordinator's side of an epoch's set-up (PROTOCOL.md 2.4, E1 to E3). */
public sealed interface SetupState permits Inviting, Proposing, Live, Over {
  long epoch();

  /** Name of the state, for errors and status. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Takes one message of a site, whose signature has been checked. */
  default SetupState take(SiteId from, SignedObject object, Message message) {
    throw Errors.unexpectedMessage(
        "coordinator epoch " + epoch() + " " + name(), message.label(), "none");
  }

  /** Sites this state waits for. */
  default Set<SiteId> waitingFor() {
    return Set.of();
  }

  /** Sites that refused, with their codes. */
  default Map<SiteId, ErrorCode> refusals() {
    return Map.of();
  }

  /** The coordinator's own objects, to send again after a restart. */
  default List<Effect> resend() {
    return List.of();
  }

  /** Closes the epoch; empty code when all its work is done. */
  default Transition<SetupState> end(CoordinatorEnvironment coordinator, Optional<ErrorCode> code) {
    SignedObject closed =
        coordinator.sign(new Message.EpochClosed(coordinator.terms().studyDigest(), epoch(), code));
    coordinator.secrets().forget(epoch());
    return Transition.<SetupState>savingSecrets(
            new Over(epoch(), code), new CoordinatorRecord.EpochEnded(epoch(), closed.encoded()))
        .then(new Effect.Send(Place.epoch(epoch()), closed));
  }

  /** The state after a record of this coordinator's own journal. */
  default SetupState after(CoordinatorEnvironment coordinator, CoordinatorRecord record) {
    if (record instanceof CoordinatorRecord.EpochEnded ended) {
      Message.EpochClosed closed =
          (Message.EpochClosed) SignedObject.decode(ended.closed().toArray()).message(1);
      return new Over(epoch(), closed.code());
    }
    throw Errors.internal("Journal: " + record.getClass() + " in state " + name() + ".", null);
  }
}
