package io.tributary.protocol.coordinator;

import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A roster is proposed; acks come in (PROTOCOL.md 2.4, E2). A missing one means a new epoch.
 *
 * @param proposal RosterProposal as stored
 * @param acks RosterAck as stored, by roster index
 * @param refusals codes of sites that do not accept the roster
 */
public record Proposing(
    long epoch,
    SignedObject proposal,
    Roster roster,
    Map<Integer, SignedObject> acks,
    Map<SiteId, ErrorCode> refusals)
    implements SetupState {
  public Proposing {
    acks = Map.copyOf(acks);
    refusals = Map.copyOf(refusals);
  }

  @Override
  public SetupState take(SiteId from, SignedObject object, Message message) {
    Optional<Integer> index = roster.indexOf(from);
    if (message instanceof Message.RosterAck ack && index.isPresent()) {
      if (!ack.roster().equals(roster.terms().roster())) {
        throw Errors.badMessage("'" + from + "' acks another roster.");
      }
      Map<Integer, SignedObject> more = new TreeMap<>(acks);
      more.put(index.get(), object);
      return new Proposing(epoch, proposal, roster, more, refusals);
    } else if (message instanceof Message.EpochRefusal refusal && index.isPresent()) {
      Map<SiteId, ErrorCode> more = new TreeMap<>(refusals);
      more.put(from, refusal.code());
      return new Proposing(epoch, proposal, roster, acks, more);
    }
    return this;
  }

  @Override
  public Set<SiteId> waitingFor() {
    Set<SiteId> missing = new TreeSet<>();
    for (int site = 0; site < roster.size(); site++) {
      if (!acks.containsKey(site)) {
        missing.add(roster.id(site));
      }
    }
    return missing;
  }

  /** Activates with the acks of all n. */
  public Optional<Transition<SetupState>> activate(
      CoordinatorEnvironment coordinator, Instant now) {
    if (acks.size() < roster.size() || !refusals.isEmpty()) {
      return Optional.empty();
    }
    List<Bytes> stored = new ArrayList<>();
    new TreeMap<>(acks).values().forEach(ack -> stored.add(ack.encoded()));
    SignedObject active =
        coordinator.sign(new Message.EpochActive(coordinator.terms().studyDigest(), epoch, stored));
    coordinator.secrets().activate(epoch, roster);
    return Optional.of(
        Transition.<SetupState>savingSecrets(
                new Live(epoch, roster, active, now),
                new CoordinatorRecord.EpochActivated(
                    epoch,
                    active.encoded(),
                    ContributorBook.pages(coordinator.terms().studyDigest(), roster),
                    now.getEpochSecond()))
            .then(new Effect.Send(Place.epoch(epoch), active)));
  }

  @Override
  public List<Effect> resend() {
    return List.of(new Effect.Send(Place.epoch(epoch), proposal));
  }

  @Override
  public SetupState after(CoordinatorEnvironment coordinator, CoordinatorRecord record) {
    return record instanceof CoordinatorRecord.EpochActivated activated
        ? new Live(
            epoch,
            roster,
            SignedObject.decode(activated.active().toArray()),
            Instant.ofEpochSecond(activated.atEpochSecond()))
        : SetupState.super.after(coordinator, record);
  }
}
