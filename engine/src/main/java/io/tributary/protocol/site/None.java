package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.identity.AgreementKey;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.time.Instant;

/** Nothing was said in this epoch (PROTOCOL.md 2.4, E1). */
public record None(long epoch) implements EpochState {
  private static final int NONCE_BYTES = 32;

  /** Answers EpochOpen with a fresh key. */
  @Override
  public Transition<EpochState> handle(
      SiteEnvironment site, SignedObject object, Message message, Instant now) {
    if (!(message instanceof Message.EpochOpen open)) {
      throw Errors.unexpectedMessage(
          "site epoch " + epoch + " " + name(), message.label(), "epoch-open/v1");
    }
    if (!open.consortium().equals(site.terms().consortiumDigest())) {
      return refuse(site, ErrorCode.CONSORTIUM_NOT_PINNED);
    }
    AgreementKey key = site.secrets().newKey(epoch, site.random());
    byte[] nonce = site.anchor().apply(epoch).map(Digest::bytes).orElseGet(() -> fresh(site));
    SignedObject sent =
        site.sign(
            new Message.EpochKey(
                site.terms().studyDigest(),
                epoch,
                Bytes.take(key.publicKey()),
                Bytes.take(nonce),
                site.declarations()));
    SiteRecord record =
        new SiteRecord.EpochKeyed(epoch, object.encoded(), sent.encoded(), now.getEpochSecond());
    return Transition.savingSecrets(after(site, record), record)
        .then(new Effect.Send(Place.epoch(epoch), sent));
  }

  private static byte[] fresh(SiteEnvironment site) {
    byte[] nonce = new byte[NONCE_BYTES];
    site.random().nextBytes(nonce);
    return nonce;
  }

  /** Takes no part in the epoch: policy says no. */
  public Transition<EpochState> refuse(SiteEnvironment site, ErrorCode code) {
    return Abandoned.refusing(site, epoch, code);
  }

  @Override
  public EpochState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.EpochKeyed keyed) {
      return new KeySent(
          epoch,
          SignedObject.decode(keyed.open().toArray()),
          SignedObject.decode(keyed.key().toArray()),
          Instant.ofEpochSecond(keyed.atEpochSecond()));
    }
    return EpochState.super.after(site, record);
  }
}
