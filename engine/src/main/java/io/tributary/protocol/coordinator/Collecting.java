package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Uploads come in (PROTOCOL.md 2.5, R1 and R2).
 *
 * @param uploads by roster index, and who is out
 */
public record Collecting(Round round, Uploads uploads) implements RoundState {
  @Override
  public RoundState take(
      CoordinatorEnvironment coordinator, int from, SignedObject object, Message message) {
    if (message instanceof Message.Upload upload) {
      return new Collecting(round, uploads.with(round, from, object, upload));
    } else if (message instanceof Message.Boxes bundle) {
      return new Collecting(round, uploads.with(round, from, bundle));
    } else if (message instanceof Message.AttemptDead dead) {
      return without(from, dead.code());
    }
    throw unexpected(message.label(), "upload/v1, boxes/v1, attempt-dead/v1");
  }

  /** The same without a site: its boxes or frames are not those of its Upload. */
  public Collecting without(int site, ErrorCode code) {
    return new Collecting(round, uploads.without(site, code));
  }

  /** Sites whose Upload and boxes are there. */
  public NavigableSet<Integer> complete() {
    return uploads.complete();
  }

  /** A site's Upload. */
  public Message.Upload upload(int site) {
    return uploads.upload(site);
  }

  @Override
  public Set<SiteId> waitingFor() {
    Set<SiteId> missing = new TreeSet<>();
    NavigableSet<Integer> complete = uploads.complete();
    for (int site = 0; site < round.roster().size(); site++) {
      if (!complete.contains(site) && !uploads.out().containsKey(site)) {
        missing.add(round.roster().id(site));
      }
    }
    return missing;
  }

  /** Who of those that may be in U agrees with whom (2.6). */
  public Agreement agreement(CoordinatorEnvironment coordinator) {
    NavigableSet<Integer> candidates = complete();
    required(coordinator)
        .ifPresent(ids -> candidates.removeIf(site -> !ids.contains(round.roster().id(site))));
    return Agreement.of(uploads, candidates);
  }

  private Optional<Set<SiteId>> required(CoordinatorEnvironment coordinator) {
    return coordinator
        .book()
        .requiredContributors(coordinator.terms().studyDigest(), round.roster());
  }

  /** The set to certify, if uploads and rules allow one now (R2). */
  public Optional<SiteSet> contributors(CoordinatorEnvironment coordinator, Agreement agreement) {
    Optional<Set<SiteId>> required = required(coordinator);
    SiteSet set =
        SiteSet.of(
            round.roster().size(),
            agreement.agreeing().stream().mapToInt(Integer::intValue).sorted().toArray());
    boolean allowed =
        round.roster().strength().weaknessOf(set).isEmpty()
            && required.map(ids -> ids.equals(round.roster().ids(set))).orElse(true)
            && (round.roster().core().equals(round.roster().ids())
                || round.roster().ids(set).containsAll(round.roster().core()));
    return allowed ? Optional.of(set) : Optional.empty();
  }

  /** Proposes U, with its boxes to each of its members. */
  public Transition<RoundState> propose(CoordinatorEnvironment coordinator, SiteSet contributors) {
    List<Digest> hashes = new ArrayList<>();
    for (int site : contributors.indices()) {
      hashes.add(
          uploads
              .object(site)
              .orElseThrow(() -> Errors.internal("Proposed without an Upload.", null))
              .digest());
    }
    SignedObject set =
        coordinator.sign(new Message.SurvivorSet(round.context().round(), contributors, hashes));
    Transition<RoundState> transition =
        Transition.to(
            Certifying.of(round, uploads, set),
            new CoordinatorRecord.SetProposed(id(), set.encoded()));
    for (Effect delivery : Certifying.deliveries(coordinator, round, uploads, contributors)) {
      transition = transition.then(delivery);
    }
    return transition.then(round.send(set));
  }

  @Override
  public RoundState after(CoordinatorRecord record) {
    return record instanceof CoordinatorRecord.SetProposed proposed
        ? Certifying.of(round, uploads, SignedObject.decode(proposed.set().toArray()))
        : RoundState.super.after(record);
  }
}
