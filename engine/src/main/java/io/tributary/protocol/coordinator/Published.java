package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.List;
import java.util.Set;

/**
 * Result is out; the step is closed (PROTOCOL.md 2.5, R4).
 *
 * @param result Result as stored
 * @param transcript transcript_hash, which the next step is bound to
 */
public record Published(
    Round round,
    SignedObject proof,
    Message.Certificate certificate,
    SignedObject result,
    Digest transcript)
    implements RoundState {

  /** What the next RoundOpen carries: Result and Certificate. */
  public List<Bytes> evidence() {
    return List.of(result.encoded(), proof.encoded());
  }

  /** Late messages change nothing. */
  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    return this;
  }

  /** There is nothing left to give up. */
  @Override
  public Transition<RoundState> giveUp(
      CoordinatorEnvironment coordinator, ErrorCode code, Set<SiteId> suspects) {
    return Transition.stay(this);
  }

  @Override
  public List<Effect> resend() {
    return List.of(round.send(result));
  }
}
