package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.identity.AgreementKey;
import io.tributary.masking.PairSecret;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The site's key of the epoch is out (PROTOCOL.md 2.4, E2).
 *
 * @param open the coordinator's EpochOpen as stored
 * @param key this site's EpochKey as stored
 * @param since when it was sent; an unused epoch is dropped after a day
 */
public record KeySent(long epoch, SignedObject open, SignedObject key, Instant since)
    implements EpochState {

  /** Checks the roster and acks it; one ack an epoch. */
  @Override
  public Transition<EpochState> handle(
      SiteEnvironment site, SignedObject object, Message message, Instant now) {
    if (!(message instanceof Message.RosterProposal proposal)) {
      throw Errors.unexpectedMessage(
          "site epoch " + epoch + " " + name(), message.label(), "roster-proposal/v1");
    }
    Roster roster;
    try {
      roster = Roster.of(site.terms(), open, proposal);
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.ROSTER_TOO_WEAK) {
        throw e;
      }
      return Abandoned.refusing(site, epoch, e.code());
    }
    if (!proposal.keys().contains(key.encoded())) {
      return Abandoned.refusing(site, epoch, ErrorCode.CONTEXT_MISMATCH);
    }
    BoundRoster bound = BoundRoster.of(site.declarations(), site.terms().studyDigest(), roster);
    Optional<ErrorCode> refused = site.book().refusalOfRoster(bound);
    if (refused.isPresent()) {
      return Abandoned.refusing(site, epoch, refused.get());
    }
    int self = roster.indexOf(site.self()).orElseThrow();
    List<Digest> confirmations = new ArrayList<>();
    for (PairSecret pair : pairs(site, epoch, roster, self)) {
      if (pair != null) {
        confirmations.add(pair.confirmation(roster.terms().roster()));
        pair.destroy();
      }
    }
    SignedObject ack =
        site.sign(
            new Message.RosterAck(
                site.terms().studyDigest(), epoch, roster.terms().roster(), confirmations));
    SiteRecord record = new SiteRecord.RosterAcked(epoch, object.encoded(), ack.encoded(), bound);
    return Transition.<EpochState>to(new Acked(epoch, open, roster, self, ack, since), record)
        .then(new Effect.Send(Place.epoch(epoch), ack));
  }

  /** PRK with every other site by roster index; null at the site's own. */
  static PairSecret[] pairs(SiteEnvironment site, long epoch, Roster roster, int self) {
    AgreementKey own =
        site.secrets()
            .key(epoch)
            .orElseThrow(() -> Errors.internal("No key of epoch " + epoch + ".", null));
    PairSecret[] pairs = new PairSecret[roster.size()];
    for (int peer = 0; peer < pairs.length; peer++) {
      if (peer != self) {
        byte[] agreed = own.agree(roster.entry(peer).agreementKey().shared());
        pairs[peer] = PairSecret.agree(roster.terms().context(), self, peer, agreed);
      }
    }
    return pairs;
  }

  @Override
  public EpochState after(SiteEnvironment site, SiteRecord record) {
    if (record instanceof SiteRecord.RosterAcked acked) {
      SignedObject stored = SignedObject.decode(acked.proposal().toArray());
      Roster roster = Roster.of(site.terms(), open, (Message.RosterProposal) stored.message(1));
      return new Acked(
          epoch,
          open,
          roster,
          roster.indexOf(site.self()).orElseThrow(),
          SignedObject.decode(acked.ack().toArray()),
          since);
    }
    return EpochState.super.after(site, record);
  }
}
