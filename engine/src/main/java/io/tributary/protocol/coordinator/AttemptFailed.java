package io.tributary.protocol.coordinator;

import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.Set;

/**
 * The attempt was given up before a certificate was out; another one may follow.
 *
 * @param suspects sites that may be to blame (PROTOCOL.md 2.6); often nobody
 */
public record AttemptFailed(Round round, ErrorCode code, Set<SiteId> suspects)
    implements RoundState {
  public AttemptFailed {
    suspects = Set.copyOf(suspects);
  }

  /** Late messages change nothing. */
  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    return this;
  }

  @Override
  public Transition<RoundState> giveUp(
      CoordinatorEnvironment coordinator, ErrorCode again, Set<SiteId> others) {
    return Transition.stay(this);
  }
}
