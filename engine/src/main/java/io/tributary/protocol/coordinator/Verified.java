package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.masking.Secret32;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.OpenedSum;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /**
   * Tells the sites.
   *
   * @param opened what the members of U need to verify the sum; empty where the step has no
   *     successor or the sum is too large
   */
  public Transition<RoundState> publish(
      CoordinatorEnvironment coordinator, Optional<OpenedSum> opened) {
    Digest context = round.context().round();
    SignedObject object =
        coordinator.sign(
            new Message.Result(
                context,
                certificate.contributors(),
                result,
                transcript,
                opened.map(sum -> keys(coordinator, sum)).orElse(List.of()),
                opened.map(sum -> List.of(sum.sealedSeeds(context))).orElse(List.of())));
    CoordinatorRecord record = new CoordinatorRecord.ResultPublished(id(), object.encoded());
    return Transition.<RoundState>to(after(record), record).then(round.send(object));
  }

  /** For each member of U; empty after the epoch's end, when a later RoundOpen carries them. */
  private List<Bytes> keys(CoordinatorEnvironment coordinator, OpenedSum sum) {
    List<Bytes> keys = new ArrayList<>();
    for (int site : certificate.contributors().indices()) {
      Optional<Secret32> channel = coordinator.secrets().channel(id().epoch(), site);
      if (channel.isEmpty()) {
        return List.of();
      }
      keys.add(sum.keysFor(channel.get(), site, round.context().round()));
    }
    return keys;
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
