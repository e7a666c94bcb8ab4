package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.masking.PairSecret;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.time.Instant;

/**
 * The site has acked one roster (PROTOCOL.md 2.4, E3).
 *
 * @param open the coordinator's EpochOpen as stored
 * @param self own roster index
 * @param ack this site's RosterAck as stored
 * @param since when its key was sent
 */
public record Acked(
    long epoch, SignedObject open, Roster roster, int self, SignedObject ack, Instant since)
    implements EpochState {

  /** Activates with the acks of all n; every MAC to this site must fit. */
  @Override
  public Transition<EpochState> handle(
      SiteEnvironment site, SignedObject object, Message message, Instant now) {
    if (!(message instanceof Message.EpochActive active)) {
      throw Errors.unexpectedMessage(
          "site epoch " + epoch + " " + name(), message.label(), "epoch-active/v1");
    }
    if (active.acks().size() != roster.size()) {
      throw Errors.badMessage("EpochActive holds " + active.acks().size() + " acks.");
    }
    SiteRecord record = new SiteRecord.EpochActivated(epoch, now.getEpochSecond());
    EpochState next = after(site, record);
    // After a crash between secrets and journal the keys are there already, and were checked then.
    if (!site.secrets().isLive(epoch)) {
      PairSecret[] pairs = KeySent.pairs(site, epoch, roster, self);
      for (int peer = 0; peer < pairs.length; peer++) {
        checkAck(active.acks().get(peer), peer, pairs);
      }
      Message.EpochOpen opened = (Message.EpochOpen) open.message(1);
      site.secrets()
          .activate(epoch, roster, self, site.terms().jobs(), opened.channelKey().shared(), pairs);
    }
    return Transition.savingSecrets(next, record);
  }

  private void checkAck(Bytes stored, int peer, PairSecret[] pairs) {
    SignedObject object = SignedObject.decode(stored.toArray());
    Roster.Entry entry = roster.entry(peer);
    if (!object.sender().equals(entry.id().value()) || !object.signedBy(entry.key())) {
      throw Roster.badSignature(entry.id().value(), "RosterAck");
    }
    if (!(object.message(1) instanceof Message.RosterAck other)
        || other.epoch() != epoch
        || other.confirmations().size() != roster.size() - 1) {
      throw Errors.badMessage("EpochActive holds what is no RosterAck of its epoch.");
    }
    Digest hash = roster.terms().roster();
    boolean confirmed =
        peer == self
            || pairs[peer].confirms(hash, other.confirmations().get(self < peer ? self : self - 1));
    if (!other.roster().equals(hash) || !confirmed) {
      throw Errors.protocol(
          ErrorCode.CONTEXT_MISMATCH,
          "Site '" + entry.id() + "' does not confirm the roster that this site acked.",
          "It was shown another roster, or its key was replaced on the way.",
          "Open a new epoch; if it happens again, the coordinator is not to be trusted.");
    }
  }

  @Override
  public EpochState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.EpochActivated activated) {
      return new Active(epoch, roster, self, Instant.ofEpochSecond(activated.atEpochSecond()));
    }
    return EpochState.super.after(site, record);
  }
}
