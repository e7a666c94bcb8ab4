package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;
import java.nio.IntBuffer;
import java.util.List;

/**
 * PROTOCOL.md 2.5 as written, for one site: order of attempts, dead attempts, one signature an
 * attempt, step lock. What lies beyond a step is asked of a {@link Population}.
 */
final class AttemptRules implements SiteRules {
  private static final int NONE = 0;

  private final Situation situation;
  private final int site;
  private final Population population;
  private final boolean[] acknowledged;
  private final boolean[] opened;
  private final boolean[] uploaded;
  private final boolean[] dead;
  private final int[] signed;
  // Kept at the first attempt of each step.
  private final int[] lock;

  AttemptRules(Situation situation, int site, Population population) {
    int attempts = situation.world().attempts().size();
    this.situation = situation;
    this.site = site;
    this.population = population;
    this.acknowledged = new boolean[attempts];
    this.opened = new boolean[attempts];
    this.uploaded = new boolean[attempts];
    this.dead = new boolean[attempts];
    this.signed = new int[attempts];
    this.lock = new int[attempts];
  }

  private AttemptRules(AttemptRules from) {
    this.situation = from.situation;
    this.site = from.site;
    this.population = from.population.copy();
    this.acknowledged = from.acknowledged.clone();
    this.opened = from.opened.clone();
    this.uploaded = from.uploaded.clone();
    this.dead = from.dead.clone();
    this.signed = from.signed.clone();
    this.lock = from.lock.clone();
  }

  /** Sites that follow this text in all things. */
  static Maker specified() {
    return with((situation, site) -> new SpecifiedPopulation(situation));
  }

  /** Sites whose rules of 2.8 are given. */
  static Maker with(Population.Maker population) {
    return (situation, site) -> new AttemptRules(situation, site, population.of(situation, site));
  }

  @Override
  public boolean open(int attempt) {
    List<World.Attempt> attempts = situation.world().attempts();
    World.Attempt wanted = attempts.get(attempt);
    for (int other = 0; other < opened.length; other++) {
      boolean sameJob = attempts.get(other).job() == wanted.job();
      if (opened[other] && sameJob && !wanted.after(attempts.get(other))) {
        return false;
      }
    }
    if (!acknowledged[attempt]) {
      if (!population.mayAcknowledge(attempt)) {
        return false;
      }
      population.acknowledged(attempt);
      for (int other = 0; other < acknowledged.length; other++) {
        acknowledged[other] |= situation.epochOf(other) == situation.epochOf(attempt);
      }
    }
    if (!stepAllows(attempt) || !population.mayUpload(attempt)) {
      return false;
    }
    for (int other = 0; other < opened.length; other++) {
      if (opened[other] && attempts.get(other).job() == wanted.job()) {
        dead[other] = true;
      }
    }
    opened[attempt] = true;
    return true;
  }

  @Override
  public boolean upload(int attempt) {
    if (!opened[attempt]
        || dead[attempt]
        || uploaded[attempt]
        || !stepAllows(attempt)
        || !population.mayUpload(attempt)) {
      return false;
    }
    uploaded[attempt] = true;
    population.uploaded(attempt);
    if (situation.shapeOf(attempt) == Shape.ALL && situation.has(Rule.ALL_UPLOAD_BINDS)) {
      lock[firstOfStep(attempt)] = situation.rosterOf(attempt);
    }
    return true;
  }

  @Override
  public boolean sign(int attempt, int set) {
    int members = situation.set(set);
    if (dead[attempt] || !setAllowed(attempt, members)) {
      return false;
    }
    signed[attempt] = members;
    return true;
  }

  @Override
  public boolean answer(int attempt, int set) {
    int members = situation.set(set);
    if (!setAllowed(attempt, members)) {
      return false;
    }
    signed[attempt] = members;
    lock[firstOfStep(attempt)] = members;
    population.answered(attempt, members);
    return true;
  }

  private int firstOfStep(int attempt) {
    List<World.Attempt> attempts = situation.world().attempts();
    for (int other = 0; other < attempt; other++) {
      if (attempts.get(other).sameStep(attempts.get(attempt))) {
        return other;
      }
    }
    return attempt;
  }

  /** A locked step is uploaded again only where its set can be summed. */
  private boolean stepAllows(int attempt) {
    int locked = lock[firstOfStep(attempt)];
    int ids = situation.rosterOf(attempt);
    return !situation.has(Rule.STEP_LOCK)
        || locked == NONE
        || (situation.shapeOf(attempt) == Shape.ALL ? locked == ids : (locked & ~ids) == 0);
  }

  private boolean setAllowed(int attempt, int members) {
    int locked = lock[firstOfStep(attempt)];
    return uploaded[attempt]
        && (members >> site & 1) != 0
        && Integer.bitCount(members) >= situation.thresholdsOf(attempt).m()
        && (!situation.has(Rule.STEP_LOCK) || locked == NONE || locked == members)
        && (!situation.has(Rule.ONE_SIGNATURE)
            || signed[attempt] == NONE
            || signed[attempt] == members)
        && population.mayOpen(attempt, members);
  }

  @Override
  public boolean refusalsLeaveTraces() {
    return population.acknowledgementsBind();
  }

  @Override
  public SiteRules copy() {
    return new AttemptRules(this);
  }

  @Override
  public Object state() {
    IntBuffer out = IntBuffer.allocate(3 * opened.length);
    for (int a = 0; a < opened.length; a++) {
      out.put(
          (opened[a] ? 1 : 0)
              | (uploaded[a] ? 2 : 0)
              | (dead[a] ? 4 : 0)
              | (acknowledged[a] ? 8 : 0));
      out.put(signed[a]).put(lock[a]);
    }
    return List.of(out.flip(), population.state());
  }
}
