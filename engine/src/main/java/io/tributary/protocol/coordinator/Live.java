package io.tributary.protocol.coordinator;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.study.SiteId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Rounds may be opened (PROTOCOL.md 2.4, E3).
 *
 * @param active EpochActive as stored
 * @param since activation; sites open no rounds after their epoch's life
 */
public record Live(long epoch, Roster roster, SignedObject active, Instant since)
    implements SetupState {
  /** A little less than the sites' own limits of 7 days and, unused, 24 hours (PROTOCOL.md 2.8). */
  private static final Duration LIFETIME = Duration.ofDays(7).minusHours(1);

  private static final Duration UNUSED_LIFETIME = Duration.ofHours(23);

  /** Whether a new epoch is needed before another round. */
  public boolean isTooOld(Instant now, Use use) {
    return now.isAfter(since.plus(use == Use.USED ? LIFETIME : UNUSED_LIFETIME));
  }

  /** Whether a round was opened in the epoch. */
  public enum Use {
    USED,
    UNUSED
  }

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
