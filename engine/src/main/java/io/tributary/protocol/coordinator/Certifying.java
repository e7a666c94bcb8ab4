package io.tributary.protocol.coordinator;

import io.tributary.codec.SiteSet;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * U is proposed; its members sign it (PROTOCOL.md 2.5, R2).
 *
 * @param proposal SurvivorSet as stored
 * @param set its content
 * @param signatures SurvivorSig as stored, by roster index
 */
public record Certifying(
    Round round,
    Uploads uploads,
    SignedObject proposal,
    Message.SurvivorSet set,
    Map<Integer, SignedObject> signatures)
    implements RoundState {
  public Certifying {
    signatures = Map.copyOf(signatures);
  }

  static Certifying of(Round round, Uploads uploads, SignedObject proposal) {
    Message.SurvivorSet set = (Message.SurvivorSet) proposal.message(round.roster().size());
    return new Certifying(round, uploads, proposal, set, Map.of());
  }

  /** For each w in U the boxes that the other members dealt it. */
  static List<Effect> deliveries(
      CoordinatorEnvironment coordinator, Round round, Uploads uploads, SiteSet contributors) {
    List<Effect> effects = new ArrayList<>();
    for (int to : contributors.indices()) {
      List<Bytes> boxes = new ArrayList<>();
      for (int from : contributors.indices()) {
        if (from != to) {
          boxes.add(uploads.box(from, to));
        }
      }
      effects.add(
          round.send(coordinator.sign(new Message.Boxes(round.context().round(), to, boxes))));
    }
    return effects;
  }

  /**
   * The deliveries again, after a restart: the same bytes. Empty until the bundles of all members
   * were read again.
   */
  public Optional<List<Effect>> redeliver(CoordinatorEnvironment coordinator) {
    return redeliver(coordinator, round, uploads, set.contributors());
  }

  static Optional<List<Effect>> redeliver(
      CoordinatorEnvironment coordinator, Round round, Uploads uploads, SiteSet contributors) {
    for (int site : contributors.indices()) {
      if (!uploads.hasBoxes(site)) {
        return Optional.empty();
      }
    }
    return Optional.of(deliveries(coordinator, round, uploads, contributors));
  }

  /** Whether t members can no more sign: too many of them died. */
  public boolean isHopeless() {
    int left = 0;
    for (int site : set.contributors().indices()) {
      boolean dead = uploads.out().containsKey(site) && !signatures.containsKey(site);
      left += dead ? 0 : 1;
    }
    return left < round.roster().strength().signatures();
  }

  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    if (message instanceof Message.Upload upload) {
      return with(uploads.with(round, from, object, upload));
    } else if (message instanceof Message.Boxes bundle) {
      return with(uploads.with(round, from, bundle));
    } else if (message instanceof Message.AttemptDead dead) {
      return with(uploads.without(from, dead.code()));
    } else if (message instanceof Message.SurvivorSig signature) {
      return sign(from, object, signature);
    }
    throw unexpected(message.label(), "survivor-sig/v1");
  }

  private Certifying with(Uploads more) {
    return new Certifying(round, more, proposal, set, signatures);
  }

  private Certifying sign(int from, SignedObject object, Message.SurvivorSig signature) {
    if (!set.contributors().contains(from)
        || !signature.equals(
            new Message.SurvivorSig(set.round(), set.contributors(), set.uploads()))) {
      throw Errors.badMessage("'" + round.roster().id(from) + "' signed another set.");
    }
    Map<Integer, SignedObject> more = new TreeMap<>(signatures);
    more.put(from, object);
    return new Certifying(round, uploads, proposal, set, more);
  }

  @Override
  public Set<SiteId> waitingFor() {
    Set<SiteId> missing = new TreeSet<>();
    for (int site : set.contributors().indices()) {
      if (!signatures.containsKey(site)) {
        missing.add(round.roster().id(site));
      }
    }
    return missing;
  }

  /** Issues the certificate once there are t signatures. */
  public Optional<Transition<RoundState>> certify(CoordinatorEnvironment coordinator) {
    if (signatures.size() < round.roster().strength().signatures()) {
      return Optional.empty();
    }
    List<Message.Certificate.MemberSignature> members = new ArrayList<>();
    new TreeMap<>(signatures)
        .forEach(
            (site, object) ->
                members.add(new Message.Certificate.MemberSignature(site, object.signature())));
    SignedObject certificate =
        coordinator.sign(
            new Message.Certificate(set.round(), set.contributors(), set.uploads(), members));
    return Optional.of(
        Transition.<RoundState>to(
                Unmasking.of(round, uploads, certificate),
                new CoordinatorRecord.Certified(id(), set.contributors(), certificate.encoded()))
            .then(round.send(certificate)));
  }

  @Override
  public List<Effect> resend() {
    return List.of(round.send(round.open()), round.send(proposal));
  }

  @Override
  public RoundState after(CoordinatorRecord record) {
    return record instanceof CoordinatorRecord.Certified certified
        ? Unmasking.of(round, uploads, SignedObject.decode(certified.certificate().toArray()))
        : RoundState.super.after(record);
  }
}
