package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A world with sites in it. Sets of sites are bit masks; honest sites come first, then the
 * colluding ones.
 */
public final class Situation {
  private final World world;
  private final Set<Rule> rules;
  private final int sites;
  private final int colluders;
  private final int[] rosters;
  private final int[] sets;
  private final int declared;
  private final Thresholds[] thresholds;

  Situation(
      World world,
      Set<Rule> rules,
      int sites,
      int colluders,
      int[] rosters,
      int[] sets,
      int declared) {
    this.world = world;
    this.rules = rules;
    this.sites = sites;
    this.colluders = colluders;
    this.rosters = rosters;
    this.sets = sets;
    this.declared = declared;
    this.thresholds = new Thresholds[rosters.length];
    for (int r = 0; r < rosters.length; r++) {
      int n = Integer.bitCount(rosters[r]);
      Thresholds right = Thresholds.of(world.rosters().get(r), n, colluders);
      thresholds[r] =
          rules.contains(Rule.QUORUM_BOUND) || world.rosters().get(r) == Shape.ALL
              ? right
              : new Thresholds((n + 1) / 2, (n + 1) / 2, (n + 1) / 2);
    }
  }

  /** Whether every roster is one that sites accept, and every set one that could be certified. */
  boolean admissible() {
    for (int r = 0; r < rosters.length; r++) {
      if (rules.contains(Rule.QUORUM_BOUND)
          && !thresholds[r].strong(
              world.rosters().get(r), Integer.bitCount(rosters[r]), colluders)) {
        return false;
      }
    }
    for (int s = 0; s < sets.length; s++) {
      if (Integer.bitCount(sets[s]) < thresholdsOf(world.sets().get(s)).m()) {
        return false;
      }
      for (int other = 0; other < s; other++) {
        if (sets[s] == sets[other] && world.sets().get(s).equals(world.sets().get(other))) {
          return false;
        }
      }
    }
    return true;
  }

  World world() {
    return world;
  }

  Set<Rule> rules() {
    return rules;
  }

  boolean has(Rule rule) {
    return rules.contains(rule);
  }

  int sites() {
    return sites;
  }

  public int colluders() {
    return colluders;
  }

  int honest() {
    return (1 << (sites - colluders)) - 1;
  }

  public int declared() {
    return declared;
  }

  int roster(int index) {
    return rosters[index];
  }

  public int rosterOf(int attempt) {
    return rosters[world.attempts().get(attempt).roster()];
  }

  public Shape shapeOf(int attempt) {
    return world.rosters().get(world.attempts().get(attempt).roster());
  }

  /** m of the attempt's roster. */
  public int leastOf(int attempt) {
    return thresholdsOf(attempt).m();
  }

  /** One number for each roster and epoch of the model, from 1. */
  public long epochOf(int attempt) {
    World.Attempt one = world.attempts().get(attempt);
    return 1 + 16L * one.roster() + one.epoch();
  }

  Thresholds thresholdsOf(int attempt) {
    return thresholds[world.attempts().get(attempt).roster()];
  }

  public int set(int index) {
    return sets[index];
  }

  /** Indices of the sets shown in an attempt that hold a site. */
  List<Integer> setsFor(int attempt, int site) {
    List<Integer> found = new ArrayList<>();
    for (int s = 0; s < sets.length; s++) {
      if (world.sets().get(s) == attempt && (sets[s] >> site & 1) != 0) {
        found.add(s);
      }
    }
    return found;
  }

  /**
   * All that a site's decisions can depend on, so that behaviours are worked out once: sizes, and
   * which masks are equal or inside each other.
   */
  String pattern(int site) {
    StringBuilder out = new StringBuilder();
    out.append(colluders).append(declared >> site & 1);
    List<Integer> own = new ArrayList<>();
    for (int r = 0; r < rosters.length; r++) {
      if ((rosters[r] >> site & 1) != 0) {
        out.append(" r").append(r).append(thresholds[r]);
        own.add(rosters[r]);
      }
    }
    for (int s = 0; s < sets.length; s++) {
      if ((sets[s] >> site & 1) != 0) {
        out.append(" s").append(s);
        own.add(sets[s]);
      }
    }
    for (int one : own) {
      out.append(' ').append(Integer.bitCount(one)).append('.');
      out.append(Integer.bitCount(one & ~declared));
      for (int other : own) {
        boolean inside = (one & ~other) == 0;
        boolean coreInside = (one & ~declared & ~other) == 0;
        out.append(inside ? 'i' : coreInside ? 'c' : '-');
        out.append((one & ~declared) == (other & ~declared) ? '=' : '-');
      }
    }
    return out.toString();
  }

  /** For a failing test: who is where. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("sites " + sites + ", colluding ");
    out.append(names(((1 << sites) - 1) & ~honest()));
    if (declared != 0) {
      out.append(", declared ").append(names(declared));
    }
    for (int r = 0; r < rosters.length; r++) {
      out.append("; roster ")
          .append(world.rosters().get(r))
          .append(' ')
          .append(names(rosters[r]))
          .append(' ')
          .append(thresholds[r]);
    }
    for (int s = 0; s < sets.length; s++) {
      out.append("; U of ")
          .append(world.attempts().get(world.sets().get(s)))
          .append(' ')
          .append(names(sets[s]));
    }
    return out.toString();
  }

  static String names(int mask) {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < Integer.SIZE; i++) {
      if ((mask >> i & 1) != 0) {
        out.append(out.length() > 1 ? "," : "").append(i + 1);
      }
    }
    return out.append('}').toString();
  }
}
