package io.tributary.protocol.coordinator;

import io.tributary.identity.AgreementKey;
import io.tributary.masking.EpochTerms;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * EpochOpen is out; keys come in (PROTOCOL.md 2.4, E1).
 *
 * @param open EpochOpen as stored
 * @param invited sites of the study
 * @param keys EpochKey as stored
 * @param refusals codes of sites that take no part
 */
public record Inviting(
    long epoch,
    SignedObject open,
    Set<SiteId> invited,
    Map<SiteId, SignedObject> keys,
    Map<SiteId, ErrorCode> refusals)
    implements SetupState {
  public Inviting {
    invited = Set.copyOf(invited);
    keys = Map.copyOf(keys);
    refusals = Map.copyOf(refusals);
  }

  /** Opens an epoch with a fresh channel key. */
  static Transition<SetupState> begin(CoordinatorEnvironment coordinator, long epoch) {
    AgreementKey key = coordinator.secrets().newKey(epoch, coordinator.random());
    SignedObject open =
        coordinator.sign(
            new Message.EpochOpen(
                coordinator.terms().studyDigest(),
                epoch,
                EpochTerms.SUITE,
                coordinator.terms().consortiumDigest(),
                Bytes.take(key.publicKey())));
    return Transition.<SetupState>savingSecrets(
            of(coordinator, epoch, open), new CoordinatorRecord.EpochOpened(epoch, open.encoded()))
        .then(new Effect.Send(Place.epoch(epoch), open));
  }

  static Inviting of(CoordinatorEnvironment coordinator, long epoch, SignedObject open) {
    return new Inviting(
        epoch, open, Set.copyOf(coordinator.terms().study().sites()), Map.of(), Map.of());
  }

  @Override
  public SetupState take(SiteId from, SignedObject object, Message message) {
    if (message instanceof Message.EpochKey key && key.epoch() == epoch) {
      Map<SiteId, SignedObject> more = new TreeMap<>(keys);
      // Two keys of one site: the first one counts; the roster's hash shows everybody which.
      more.putIfAbsent(from, object);
      return new Inviting(epoch, open, invited, more, refusals);
    } else if (message instanceof Message.EpochRefusal refusal && refusal.epoch() == epoch) {
      Map<SiteId, ErrorCode> more = new TreeMap<>(refusals);
      more.put(from, refusal.code());
      return new Inviting(epoch, open, invited, keys, more);
    }
    return SetupState.super.take(from, object, message);
  }

  @Override
  public Set<SiteId> waitingFor() {
    Set<SiteId> missing = new TreeSet<>(invited);
    missing.removeAll(keys.keySet());
    missing.removeAll(refusals.keySet());
    return missing;
  }

  /** Sites that sent a key and have not refused since. */
  public Set<SiteId> present() {
    Set<SiteId> present = new TreeSet<>(keys.keySet());
    present.removeAll(refusals.keySet());
    return present;
  }

  /** The proposal of some of the present sites. */
  private Message.RosterProposal proposal(
      CoordinatorEnvironment coordinator, Set<SiteId> members, Study.Shape shape) {
    List<Bytes> stored = new ArrayList<>();
    for (SiteId member : new TreeSet<>(members)) {
      stored.add(keys.get(member).encoded());
    }
    return new Message.RosterProposal(coordinator.terms().studyDigest(), epoch, shape, stored);
  }

  /** The roster they would make. ROSTER_TOO_WEAK if no site could accept it. */
  public Roster roster(CoordinatorEnvironment coordinator, Set<SiteId> members, Study.Shape shape) {
    return Roster.of(coordinator.terms(), open, proposal(coordinator, members, shape));
  }

  /** Proposes a roster; one an epoch. */
  public Transition<SetupState> propose(
      CoordinatorEnvironment coordinator, Set<SiteId> members, Study.Shape shape) {
    SignedObject proposal = coordinator.sign(proposal(coordinator, members, shape));
    CoordinatorRecord record = new CoordinatorRecord.RosterProposed(epoch, proposal.encoded());
    return Transition.to(after(coordinator, record), record)
        .then(new Effect.Send(Place.epoch(epoch), proposal));
  }

  @Override
  public List<Effect> resend() {
    return List.of(new Effect.Send(Place.epoch(epoch), open));
  }

  @Override
  public SetupState after(CoordinatorEnvironment coordinator, CoordinatorRecord record) {
    if (record instanceof CoordinatorRecord.RosterProposed proposed) {
      SignedObject stored = SignedObject.decode(proposed.proposal().toArray());
      Roster roster =
          Roster.of(coordinator.terms(), open, (Message.RosterProposal) stored.message(1));
      return new Proposing(epoch, stored, roster, Map.of(), Map.of());
    }
    return SetupState.super.after(coordinator, record);
  }
}
