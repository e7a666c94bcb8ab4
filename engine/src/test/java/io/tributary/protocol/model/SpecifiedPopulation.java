package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;
import java.nio.IntBuffer;

/** PROTOCOL.md 2.8 as written. Rules that the situation switches off are left out. */
final class SpecifiedPopulation implements Population {
  private static final int NONE = 0;

  private final Situation situation;
  private int roster = NONE;
  private Shape shape = Shape.ALL;
  private int leastOfRoster;
  private int contributors = NONE;
  private int core = -1;
  private boolean open;

  SpecifiedPopulation(Situation situation) {
    this.situation = situation;
  }

  private SpecifiedPopulation(SpecifiedPopulation from) {
    this.situation = from.situation;
    this.roster = from.roster;
    this.shape = from.shape;
    this.leastOfRoster = from.leastOfRoster;
    this.contributors = from.contributors;
    this.core = from.core;
    this.open = from.open;
  }

  @Override
  public boolean mayAcknowledge(int attempt) {
    return mayUpload(attempt);
  }

  /** An acknowledgement binds for a while only, so it is left out here. */
  @Override
  public void acknowledged(int attempt) {}

  @Override
  public boolean acknowledgementsBind() {
    return false;
  }

  @Override
  public boolean mayUpload(int attempt) {
    int ids = situation.rosterOf(attempt);
    Shape wanted = situation.shapeOf(attempt);
    int coreOfRoster = ids & ~situation.declared();
    if (isOpen(ids)) {
      int size = Integer.bitCount(coreOfRoster);
      boolean sound = size == 0 || size >= situation.colluders() + 2;
      boolean same = core < 0 || core == coreOfRoster;
      boolean contained =
          !situation.has(Rule.CORE_ALWAYS)
              || contributors == NONE
              || (coreOfRoster & ~contributors) == 0;
      return sound && same && contained;
    }
    if (open) {
      return !situation.has(Rule.CORE_ALWAYS) || core == coreOfRoster;
    }
    if (wanted == Shape.ALL
        && situation.has(Rule.CONTRIBUTORS)
        && contributors != NONE
        && contributors != ids) {
      return false;
    }
    if (!situation.has(Rule.ROSTER) || roster == NONE || roster == ids) {
      return true;
    }
    return shape == Shape.QUORUM
        && wanted == Shape.ALL
        && (ids & ~roster) == 0
        && (Integer.bitCount(ids) >= leastOfRoster || !situation.has(Rule.CONTINUATION_SIZE));
  }

  @Override
  public void uploaded(int attempt) {
    int ids = situation.rosterOf(attempt);
    open |= isOpen(ids);
    if (core < 0) {
      core = ids & ~situation.declared();
    }
    roster = ids;
    shape = situation.shapeOf(attempt);
    leastOfRoster = situation.thresholdsOf(attempt).m();
    if (shape == Shape.ALL && situation.has(Rule.ALL_UPLOAD_BINDS)) {
      fix(ids);
    }
  }

  @Override
  public boolean mayOpen(int attempt, int members) {
    boolean coreBinds =
        isOpen(situation.rosterOf(attempt)) || (open && situation.has(Rule.CORE_ALWAYS));
    return coreBinds
        ? (core & ~members) == 0
        : !situation.has(Rule.CONTRIBUTORS) || contributors == NONE || contributors == members;
  }

  @Override
  public void answered(int attempt, int members) {
    fix(members);
  }

  private void fix(int members) {
    contributors = contributors == NONE ? members : contributors & members;
  }

  private boolean isOpen(int ids) {
    return (ids & situation.declared()) != 0;
  }

  @Override
  public Population copy() {
    return new SpecifiedPopulation(this);
  }

  @Override
  public Object state() {
    int flags = (shape == Shape.ALL ? 1 : 0) | (open ? 2 : 0);
    return IntBuffer.wrap(new int[] {roster, leastOfRoster, contributors, core, flags});
  }
}
