package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.codec.FrameHeader;
import io.tributary.masking.RoundContext;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;

/**
 * The public facts of one attempt that all its states share.
 *
 * @param epoch whose roster takes part
 * @param context what its keys are bound to
 * @param open digest of the RoundOpen that was accepted
 */
public record Attempt(AttemptId id, Active epoch, RoundContext context, Digest open) {
  /** Own roster index. */
  public int self() {
    return epoch.self();
  }

  Digest round() {
    return context.round();
  }

  /** What a frame of this site says about itself. */
  public FrameHeader header(int frame) {
    return new FrameHeader(
        context.epochTerms().study(), round(), self(), frame, context.terms().layout());
  }

  Effect.Send send(SiteEnvironment site, Message message) {
    return send(site.sign(message));
  }

  Effect.Send send(SignedObject object) {
    return new Effect.Send(Place.attempt(id), object);
  }
}
