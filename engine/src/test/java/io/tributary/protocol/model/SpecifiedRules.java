package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;
import java.nio.IntBuffer;
import java.util.List;

/**
 * PROTOCOL.md 2.5 and 2.8 as written, for one site and one population. Rules that the situation
 * switches off are left out.
 */
final class SpecifiedRules implements SiteRules {
  private static final int NONE = 0;

  private final Situation world;
  private final int site;

  // By attempt.
  private final boolean[] opened;
  private final boolean[] uploaded;
  private final boolean[] dead;
  private final int[] signed;
  // By attempt, kept at the first attempt of each step.
  private final int[] lock;
  // Of the population.
  private int roster = NONE;
  private Shape shape;
  private int leastOfRoster;
  private int contributors = NONE;
  private int core = -1;
  private boolean open;

  SpecifiedRules(Situation world, int site) {
    this.world = world;
    this.site = site;
    int attempts = world.world().attempts().size();
    this.opened = new boolean[attempts];
    this.uploaded = new boolean[attempts];
    this.dead = new boolean[attempts];
    this.signed = new int[attempts];
    this.lock = new int[attempts];
  }

  private SpecifiedRules(SpecifiedRules from) {
    this.world = from.world;
    this.site = from.site;
    this.opened = from.opened.clone();
    this.uploaded = from.uploaded.clone();
    this.dead = from.dead.clone();
    this.signed = from.signed.clone();
    this.lock = from.lock.clone();
    this.roster = from.roster;
    this.shape = from.shape;
    this.leastOfRoster = from.leastOfRoster;
    this.contributors = from.contributors;
    this.core = from.core;
    this.open = from.open;
  }

  @Override
  public boolean open(int attempt) {
    List<World.Attempt> attempts = world.world().attempts();
    World.Attempt wanted = attempts.get(attempt);
    for (int other = 0; other < opened.length; other++) {
      boolean sameJob = attempts.get(other).job() == wanted.job();
      if (opened[other] && sameJob && !wanted.after(attempts.get(other))) {
        return false;
      }
    }
    if (!isMember(world.rosterOf(attempt)) || !rosterAllowed(attempt)) {
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
    if (!opened[attempt] || dead[attempt] || uploaded[attempt] || !rosterAllowed(attempt)) {
      return false;
    }
    int ids = world.rosterOf(attempt);
    uploaded[attempt] = true;
    open |= isOpen(ids);
    if (core < 0) {
      core = ids & ~world.declared();
    }
    roster = ids;
    shape = world.shapeOf(attempt);
    leastOfRoster = world.thresholdsOf(attempt).m();
    if (shape == Shape.ALL && world.has(Rule.ALL_UPLOAD_BINDS)) {
      commit(attempt, ids);
    }
    return true;
  }

  @Override
  public boolean sign(int attempt, int set) {
    int members = world.set(set);
    if (!uploaded[attempt]
        || dead[attempt]
        || !setAllowed(attempt, members)
        || (world.has(Rule.ONE_SIGNATURE)
            && signed[attempt] != NONE
            && signed[attempt] != members)) {
      return false;
    }
    signed[attempt] = members;
    return true;
  }

  @Override
  public boolean answer(int attempt, int set) {
    int members = world.set(set);
    if (!uploaded[attempt]
        || !setAllowed(attempt, members)
        || (world.has(Rule.ONE_SIGNATURE)
            && signed[attempt] != NONE
            && signed[attempt] != members)) {
      return false;
    }
    signed[attempt] = members;
    commit(attempt, members);
    return true;
  }

  private boolean isMember(int members) {
    return (members >> site & 1) != 0;
  }

  private boolean isOpen(int ids) {
    return (ids & world.declared()) != 0;
  }

  /** The step is answered, or in ALL uploaded, for this set; so is the population, if it binds. */
  private void commit(int attempt, int members) {
    lock[firstOfStep(attempt)] = members;
    if (contributors == NONE) {
      contributors = members;
    }
  }

  private int firstOfStep(int attempt) {
    List<World.Attempt> attempts = world.world().attempts();
    for (int other = 0; other < attempt; other++) {
      if (attempts.get(other).sameStep(attempts.get(attempt))) {
        return other;
      }
    }
    return attempt;
  }

  /** 2.8: may the site upload under this attempt's roster? */
  private boolean rosterAllowed(int attempt) {
    int ids = world.rosterOf(attempt);
    Shape wanted = world.shapeOf(attempt);
    int locked = lock[firstOfStep(attempt)];
    if (world.has(Rule.STEP_LOCK)
        && locked != NONE
        && (wanted == Shape.ALL ? locked != ids : (locked & ~ids) != 0)) {
      return false;
    }
    int hisCore = ids & ~world.declared();
    if (isOpen(ids)) {
      int size = Integer.bitCount(hisCore);
      boolean sound = (size == 0 || size >= world.colluders() + 2) && (core < 0 || core == hisCore);
      boolean before =
          !world.has(Rule.CORE_ALWAYS) || contributors == NONE || (hisCore & ~contributors) == 0;
      return sound && before;
    }
    if (open) {
      // Every later set contains the core, so in an undeclared roster U can only be the roster.
      return !world.has(Rule.CORE_ALWAYS) || core == hisCore;
    }
    if (wanted == Shape.ALL
        && world.has(Rule.CONTRIBUTORS)
        && contributors != NONE
        && contributors != ids) {
      return false;
    }
    if (!world.has(Rule.ROSTER) || roster == NONE || roster == ids) {
      return true;
    }
    return shape == Shape.QUORUM
        && wanted == Shape.ALL
        && (ids & ~roster) == 0
        && (Integer.bitCount(ids) >= leastOfRoster || !world.has(Rule.CONTINUATION_SIZE));
  }

  /** R2 and R3: may the site sign or answer for this set? */
  private boolean setAllowed(int attempt, int members) {
    int locked = lock[firstOfStep(attempt)];
    if (!isMember(members)
        || Integer.bitCount(members) < world.thresholdsOf(attempt).m()
        || (world.has(Rule.STEP_LOCK) && locked != NONE && locked != members)) {
      return false;
    }
    if (isOpen(world.rosterOf(attempt))) {
      return (core & ~members) == 0;
    }
    if (open) {
      if (world.has(Rule.CORE_ALWAYS)) {
        return (core & ~members) == 0;
      }
      // As first written: sums under open rosters do not fix contributors.
    }
    return !world.has(Rule.CONTRIBUTORS) || contributors == NONE || contributors == members;
  }

  @Override
  public SiteRules copy() {
    return new SpecifiedRules(this);
  }

  @Override
  public Object state() {
    IntBuffer out = IntBuffer.allocate(3 * opened.length + 6);
    for (int a = 0; a < opened.length; a++) {
      out.put((opened[a] ? 1 : 0) | (uploaded[a] ? 2 : 0) | (dead[a] ? 4 : 0));
      out.put(signed[a]).put(lock[a]);
    }
    out.put(roster).put(shape == Shape.ALL ? 1 : 0).put(leastOfRoster);
    out.put(contributors).put(core).put(open ? 1 : 0);
    return out.flip();
  }
}
