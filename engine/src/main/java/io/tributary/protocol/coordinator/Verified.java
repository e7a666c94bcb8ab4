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
 * The sum is known and kept (PROTOCOL.md 2.5, R4).
 *
 * @param result result_digest
 * @param transcript transcript_hash
 */
public record Verified(
    Round round,
    SignedObject proof,
    Message.Certificate certificate,
    Digest result,
    Digest transcript)
    implements RoundState {

  /** Tells the sites; verified sums are empty in this version. */
  public Transition<RoundState> publish(CoordinatorEnvironment coordinator) {
    SignedObject object =
        coordinator.sign(
            new Message.Result(
                round.context().round(),
                certificate.contributors(),
                result,
                transcript,
                List.of(),
                List.of()));
    CoordinatorRecord record = new CoordinatorRecord.ResultPublished(id(), object.encoded());
    return Transition.<RoundState>to(after(record), record).then(round.send(object));
  }

  /** Late messages change nothing. */
  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    return this;
  }

  /** The sum is taken; it is published, not given up. */
  @Override
  public Transition<RoundState> giveUp(
      CoordinatorEnvironment coordinator, ErrorCode code, Set<SiteId> suspects) {
    return Transition.stay(this);
  }

  @Override
  public List<Effect> resend() {
    return List.of(round.send(proof));
  }

  @Override
  public RoundState after(CoordinatorRecord record) {
    if (record instanceof CoordinatorRecord.ResultPublished published) {
      Bytes stored = published.result();
      return new Published(
          round, proof, certificate, SignedObject.decode(stored.toArray()), transcript);
    }
    return RoundState.super.after(record);
  }
}
