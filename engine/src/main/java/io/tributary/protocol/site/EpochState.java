package io.tributary.protocol.site;

import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.Errors;
import java.time.Instant;

/** A site's side of one epoch (PROTOCOL.md 2.4, 2.8). Each state takes one kind of message. */
public sealed interface EpochState permits None, KeySent, Acked, Active, Abandoned {
  /** Number of the epoch. */
  long epoch();

  /** Name of the state, for errors. */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Takes a message of the coordinator, whose signature has been checked. A state that does not
   * expect it refuses with UNEXPECTED_MESSAGE.
   */
  default Transition<EpochState> handle(
      SiteEnvironment site, SignedObject object, Message message, Instant now) {
    throw Errors.unexpectedMessage("site epoch " + epoch() + " " + name(), message.label(), "none");
  }

  /** The state after a record of this site's own journal. */
  default EpochState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.EpochAbandoned abandoned) {
      return new Abandoned(epoch(), abandoned.code());
    }
    throw Errors.internal("Journal: " + record.getClass() + " in state " + name() + ".", null);
  }
}
