package io.tributary.protocol.site;

import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;

/** The site's part in the epoch is over; nothing of it is kept. */
public record Abandoned(long epoch, ErrorCode code) implements EpochState {
  /** Refuses the epoch: the code only goes to the coordinator, keys are forgotten. */
  static Transition<EpochState> refusing(SiteEnvironment site, long epoch, ErrorCode code) {
    SignedObject refusal =
        site.sign(new Message.EpochRefusal(site.terms().studyDigest(), epoch, code));
    site.secrets().forget(epoch);
    SiteRecord record = new SiteRecord.EpochAbandoned(epoch, code, refusal.encoded());
    return Transition.<EpochState>savingSecrets(new Abandoned(epoch, code), record)
        .then(new Effect.Send(Place.epoch(epoch), refusal));
  }

  /** Ends the epoch without a word: EpochClosed, or unused for a day. */
  static Transition<EpochState> quietly(SiteEnvironment site, long epoch, ErrorCode code) {
    site.secrets().forget(epoch);
    return Transition.savingSecrets(
        new Abandoned(epoch, code),
        new SiteRecord.EpochAbandoned(epoch, code, io.tributary.protocol.Bytes.EMPTY));
  }
}
