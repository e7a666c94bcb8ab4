package io.tributary.protocol.coordinator;

import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.study.SiteId;
import java.util.Set;

/** RoundOpen is out, nobody has answered (PROTOCOL.md 2.5, R0). */
public record Open(Round round) implements RoundState {
  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    return collecting().take(coordinator, from, object, message);
  }

  /** The same round, collecting. */
  public Collecting collecting() {
    return new Collecting(round, Uploads.NONE);
  }

  @Override
  public Set<SiteId> waitingFor() {
    return round.roster().ids();
  }

  @Override
  public RoundState after(CoordinatorRecord record) {
    return collecting().after(record);
  }
}
