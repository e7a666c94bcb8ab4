package io.tributary.protocol.coordinator;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.study.SiteId;
import java.util.List;

/**
 * Rounds may be opened (PROTOCOL.md 2.4, E3).
 *
 * @param active EpochActive as stored
 */
public record Live(long epoch, Roster roster, SignedObject active) implements SetupState {
  /** Late messages change nothing. */
  @Override
  public SetupState take(SiteId from, SignedObject object, Message message) {
    return this;
  }

  @Override
  public List<Effect> resend() {
    return List.of(new Effect.Send(Place.epoch(epoch), active));
  }
}
