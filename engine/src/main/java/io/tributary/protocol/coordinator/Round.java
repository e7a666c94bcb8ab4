package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.masking.RoundContext;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;

/**
 * The public facts of one attempt that all its states share.
 *
 * @param roster of the epoch
 * @param context what its keys are bound to
 * @param open RoundOpen as stored
 * @param frames number of frames of an upload, the layout's blocks
 */
public record Round(
    AttemptId id, Roster roster, RoundContext context, SignedObject open, int frames) {
  Digest round() {
    return context.round();
  }

  /** The broadcast of this attempt. */
  public Message.RoundOpen announcement() {
    return (Message.RoundOpen) open.message(roster.size());
  }

  Effect.Send send(SignedObject object) {
    return new Effect.Send(Place.attempt(id), object);
  }
}
