package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What the coordinator stages: rosters, attempts under them, and survivor sets that it shows in
 * them. Which sites lie in which is left to {@link ModelChecker}.
 *
 * @param rosters shape of each roster
 * @param attempts in no order; sites may see them in any
 * @param sets for each survivor set the attempt it is shown in; an ALL attempt has its roster
 * @param declarations whether some sites may have declared that they may be inferred
 */
record World(
    List<Shape> rosters, List<Attempt> attempts, List<Integer> sets, Consent declarations) {
  /** Whether sites with {@code ownTotalsMayBeInferred} occur. */
  enum Consent {
    NOBODY,
    SOME
  }

  /**
   * One attempt at one step.
   *
   * @param roster index of its roster
   * @param job number over all studies
   */
  record Attempt(int roster, int job, int step, int epoch, int number) {
    /** Inside a job sites accept ascending (step, epoch, attempt) only. */
    boolean after(Attempt other) {
      if (step != other.step) {
        return step > other.step;
      }
      return epoch != other.epoch ? epoch > other.epoch : number > other.number;
    }

    boolean sameStep(Attempt other) {
      return job == other.job && step == other.step;
    }
  }

  World {
    rosters = List.copyOf(rosters);
    attempts = List.copyOf(attempts);
    sets = List.copyOf(sets);
  }

  static Builder world() {
    return new Builder();
  }

  /** Collects a family of worlds, step by step. */
  static final class Builder {
    private final List<Shape> rosters = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Integer> mostShown = new ArrayList<>();
    private Consent declarations = Consent.NOBODY;

    Builder roster(Shape shape) {
      rosters.add(shape);
      return this;
    }

    /** An attempt under the last roster; in QUORUM up to {@code shown} different sets are shown. */
    Builder attempt(int job, int step, int epoch, int number, int shown) {
      int roster = rosters.size() - 1;
      attempts.add(new Attempt(roster, job, step, epoch, number));
      mostShown.add(rosters.get(roster) == Shape.ALL ? 1 : shown);
      return this;
    }

    Builder someDeclare() {
      declarations = Consent.SOME;
      return this;
    }

    /** The world in which every attempt shows all its sets, and all can be certified. */
    World largest() {
      return build(mostShown);
    }

    /** Every number of sets that end up certified in each attempt, also none. */
    List<World> all() {
      List<World> worlds = new ArrayList<>();
      add(worlds, new ArrayList<>());
      return worlds;
    }

    private void add(List<World> worlds, List<Integer> shown) {
      if (shown.size() == attempts.size()) {
        worlds.add(build(shown));
        return;
      }
      for (int count = 0; count <= mostShown.get(shown.size()); count++) {
        shown.add(count);
        add(worlds, shown);
        shown.remove(shown.size() - 1);
      }
    }

    private World build(List<Integer> shown) {
      List<Integer> sets = new ArrayList<>();
      for (int a = 0; a < attempts.size(); a++) {
        for (int i = 0; i < shown.get(a); i++) {
          sets.add(a);
        }
      }
      return new World(rosters, attempts, sets, declarations);
    }
  }
}
