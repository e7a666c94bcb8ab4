package io.tributary.protocol.model;

import io.tributary.codec.FixedVector;
import io.tributary.codec.FrameShape;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Effect;
import io.tributary.protocol.Message;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.Transition;
import io.tributary.protocol.site.Abandoned;
import io.tributary.protocol.site.Acked;
import io.tributary.protocol.site.Active;
import io.tributary.protocol.site.Announced;
import io.tributary.protocol.site.Attempt;
import io.tributary.protocol.site.AttemptSeeds;
import io.tributary.protocol.site.AttemptState;
import io.tributary.protocol.site.EpochState;
import io.tributary.protocol.site.KeySent;
import io.tributary.protocol.site.Opening;
import io.tributary.protocol.site.PopulationBook;
import io.tributary.protocol.site.Prepared;
import io.tributary.protocol.site.SiteEnvironment;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.protocol.site.SiteSecrets;
import io.tributary.protocol.site.SiteStudy;
import io.tributary.protocol.site.Uploading;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The decisions of the product's own states: {@link SiteStudy} with its epochs, attempts, step
 * locks and {@link PopulationBook}, spoken to in signed messages. A copy is made as after a crash,
 * by replaying the journal over the saved secrets, so every decision is also one after a restart.
 */
final class StudyRules implements SiteRules {
  private final Situation situation;
  private final RealParties parties;
  private final int site;
  private final List<SiteRecord> journal;
  private final List<String> order;
  private final Set<String> given;
  private SiteEnvironment environment;
  private SiteStudy study;
  private boolean borrowed;

  private StudyRules(Situation situation, RealParties parties, int site, StudyRules from) {
    this.situation = situation;
    this.parties = parties;
    this.site = site;
    this.journal = from == null ? new ArrayList<>() : new ArrayList<>(from.journal);
    this.order = from == null ? new ArrayList<>() : new ArrayList<>(from.order);
    this.given = from == null ? new HashSet<>() : new HashSet<>(from.given);
    this.borrowed = from != null;
    if (from == null) {
      restart(new SiteSecrets());
    } else {
      this.environment = from.environment;
      this.study = from.study;
    }
  }

  /** A new process over these secrets and the journal. */
  private void restart(SiteSecrets secrets) {
    environment =
        new SiteEnvironment(
            parties.terms(),
            RealParties.id(site),
            parties.identity(RealParties.id(site)),
            parties.declarations(site),
            secrets,
            new PopulationBook(),
            epoch -> Optional.empty(),
            RealParties.seeded(site));
    study = new SiteStudy(environment);
    for (SiteRecord record : journal) {
      environment.book().note(parties.terms().studyDigest(), record);
      study.replay(record);
    }
  }

  /** Before anything changes: a copy stops looking at the state it was copied from. */
  private void own() {
    if (borrowed) {
      restart(SiteSecrets.decode(environment.secrets().encode()));
      borrowed = false;
    }
  }

  /** Sites in which nothing happened yet. */
  static Maker maker() {
    return (situation, site) -> new StudyRules(situation, new RealParties(situation), site, null);
  }

  @Override
  public boolean open(int attempt) {
    World.Attempt wanted = situation.world().attempts().get(attempt);
    long epoch = situation.epochOf(attempt);
    if (study.attempt(id(attempt)).isPresent() || study.epoch(epoch) instanceof Abandoned) {
      return false;
    }
    own();
    if (!(study.epoch(epoch) instanceof Active)) {
      setUp(wanted.roster(), epoch);
    }
    Optional<Active> active = study.active(epoch);
    if (active.isEmpty()) {
      return false;
    }
    AttemptId id = id(attempt);
    SignedObject open = parties.roundOpen(wanted, active.get().roster());
    if (study.judge(open, id, RealParties.NOW) != SiteStudy.Judgement.FRESH) {
      return false;
    }
    Message message = open.message(active.get().roster().size());
    take(study.announce(open, (Message.RoundOpen) message, id));
    order.add("open " + attempt);
    AttemptState announced = study.attempt(id).orElseThrow();
    Optional<ErrorCode> refused = study.refusalOf(announced.attempt(), RealParties.LAYOUT);
    if (refused.isPresent()) {
      take(announced.die(environment, refused.get()));
      return false;
    }
    take(((Announced) announced).prepare(environment));
    return true;
  }

  /** E1 to E3; ends in Active or Abandoned. */
  private void setUp(int roster, long epoch) {
    if (!hear(parties.epochOpen(epoch), epoch) || !(study.epoch(epoch) instanceof KeySent sent)) {
      return;
    }
    SignedObject proposal = parties.proposal(roster, epoch, site, sent.key().encoded());
    if (!hear(proposal, epoch) || !(study.epoch(epoch) instanceof Acked acked)) {
      return;
    }
    hear(parties.active(epoch, site, acked.roster(), acked.ack()), epoch);
  }

  private boolean hear(SignedObject object, long epoch) {
    try {
      Transition<EpochState> heard =
          study.handle(object, object.message(1), epoch, RealParties.NOW);
      take(heard);
      return true;
    } catch (TributaryException refused) {
      return false;
    }
  }

  @Override
  public boolean upload(int attempt) {
    AttemptId id = id(attempt);
    if (!(study.attempt(id).orElse(null) instanceof Prepared)) {
      return false;
    }
    own();
    Prepared prepared = (Prepared) study.attempt(id).orElseThrow();
    Uploading uploading = prepared.begin();
    study.commit(Transition.<AttemptState>stay(uploading));
    Attempt facts = prepared.attempt();
    AttemptSeeds seeds = AttemptSeeds.derive(environment, facts);
    FixedVector vector = FixedVector.of(new FrameShape(0, 1), new long[] {site});
    take(uploading.frame(environment, study.lock(facts.id().stepId()), seeds, 0, vector));
    order.add("upload " + attempt);
    if (!(study.attempt(facts.id()).orElseThrow() instanceof Uploading filled)) {
      return false;
    }
    take(filled.finish(environment, seeds));
    seeds.destroy();
    return true;
  }

  @Override
  public boolean sign(int attempt, int set) {
    return decide(
        attempt,
        "sign " + attempt + ' ' + set,
        state -> {
          RealParties.Shown shown = shown(state, set);
          return state.sign(
              environment,
              study.lock(state.id().stepId()),
              new Message.SurvivorSet(
                  state.attempt().context().round(), shown.contributors(), shown.uploads()));
        },
        Message.SurvivorSig.class);
  }

  @Override
  public boolean answer(int attempt, int set) {
    return decide(
        attempt,
        "answer " + attempt + ' ' + set,
        state -> {
          RealParties.Shown shown = shown(state, set);
          boolean signed = given.contains("sign " + attempt + ' ' + set);
          Message.Certificate certificate =
              parties.certificate(
                  shown,
                  state.attempt().context(),
                  state.attempt().epoch().roster(),
                  signed ? state.signature() : Optional.empty());
          SignedObject stored = parties.byCoordinator(certificate);
          return state.answer(
              environment,
              study.lock(state.id().stepId()),
              new Opening(stored.digest(), certificate, shown.others(), Map.of()));
        },
        Message.Unmask.class);
  }

  private interface Question {
    Transition<AttemptState> ask(AttemptState state);
  }

  /** Whether the site sends a message of this kind. */
  private boolean decide(int attempt, String name, Question question, Class<?> kind) {
    AttemptId id = id(attempt);
    if (study.attempt(id).flatMap(AttemptState::upload).isEmpty() || given.contains(name)) {
      return false;
    }
    own();
    AttemptState state = study.attempt(id).orElseThrow();
    try {
      Transition<AttemptState> answer = question.ask(state);
      take(answer);
      int n = state.attempt().epoch().roster().size();
      boolean sent =
          answer.effects().stream()
              .anyMatch(
                  effect ->
                      effect instanceof Effect.Send send
                          && kind.isInstance(send.object().message(n)));
      if (sent) {
        given.add(name);
      }
      return sent;
    } catch (TributaryException refused) {
      return false;
    }
  }

  private RealParties.Shown shown(AttemptState state, int set) {
    Roster roster = state.attempt().epoch().roster();
    return parties.shown(
        situation.set(set), site, roster, state.attempt().context(), state.upload().orElseThrow());
  }

  private AttemptId id(int attempt) {
    World.Attempt one = situation.world().attempts().get(attempt);
    return new AttemptId(situation.epochOf(attempt), one.job(), one.step(), one.number());
  }

  /** Does what a pump does, but sends nothing. */
  private void take(Transition<?> transition) {
    for (Effect effect : transition.effects()) {
      if (effect instanceof Effect.Journal entry) {
        SiteRecord record = (SiteRecord) entry.record();
        journal.add(record);
        environment.book().note(parties.terms().studyDigest(), record);
      }
    }
    study.commit(transition);
  }

  @Override
  public boolean refusalsLeaveTraces() {
    return true;
  }

  @Override
  public SiteRules copy() {
    return new StudyRules(situation, parties, site, this);
  }

  /** Rounds and uploads in their order; signatures and answers as a set; names of all states. */
  @Override
  public Object state() {
    List<String> names = new ArrayList<>();
    for (int attempt = 0; attempt < situation.world().attempts().size(); attempt++) {
      names.add(study.epoch(situation.epochOf(attempt)).name());
      names.add(study.attempt(id(attempt)).map(AttemptState::name).orElse("none"));
    }
    return List.of(List.copyOf(order), Set.copyOf(given), names);
  }
}
