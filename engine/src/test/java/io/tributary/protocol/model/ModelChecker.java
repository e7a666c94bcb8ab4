package io.tributary.protocol.model;

import io.tributary.study.Study.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Enumerates what a coordinator can stage in a {@link World} and reports the first case in which it
 * learns too much.
 *
 * <p>Too much is: a computable sum with fewer than m - c_s honest sites of its roster; two sums of
 * one population that are neither equal nor without a common honest site; for populations with
 * declared members, any combination of sums that singles out one undeclared honest site.
 */
final class ModelChecker {
  /** Up to this size nothing is left out beforehand, so that leaving out is itself checked. */
  private static final int UNPRUNED_SITES = 5;

  private final World world;
  private final Set<Rule> rules;
  private final Behaviours behaviours;
  private long situations;
  private long outcomes;
  private long sums;
  private int mostSums;
  private boolean toTheEnd;

  ModelChecker(World world, Set<Rule> rules, SiteRules.Maker maker) {
    this.world = world;
    this.rules = rules;
    this.behaviours = new Behaviours(maker);
  }

  /**
   * A case that must not be.
   *
   * @param what one sentence
   * @param sums honest parts of all sums the coordinator can compute
   */
  record Attack(String what, Set<Integer> sums, Situation situation) {
    @Override
    public String toString() {
      StringBuilder out = new StringBuilder(what).append(" Sums over honest sites:");
      for (int sum : sums) {
        out.append(' ').append(Situation.names(sum));
      }
      return out.append(". ").append(situation).toString();
    }
  }

  /** Placements of sites that sites would accept. */
  long situations() {
    return situations;
  }

  /** Joint choices of behaviours with all certificates made. */
  long outcomes() {
    return outcomes;
  }

  /**
   * How many of the outcomes disclosed a sum at all: a model in which nothing works proves nothing.
   */
  long outcomesWithSum() {
    return sums;
  }

  long siteStates() {
    return behaviours.statesSeen();
  }

  /**
   * @param sites all sites, colluding ones included
   * @param colluders of them
   */
  Optional<Attack> check(int sites, int colluders) {
    List<Cell> cells = cells();
    int[] honest = new int[cells.size()];
    return place(cells, honest, 0, sites - colluders, sites, colluders);
  }

  /**
   * The most that can be had: the dimension of the coordinator's knowledge about honest vectors in
   * the worst case. Goes on after an attack.
   */
  int worst(int sites, int colluders) {
    toTheEnd = true;
    mostSums = 0;
    check(sites, colluders);
    toTheEnd = false;
    return mostSums;
  }

  // ---- placing sites ---------------------------------------------------------------------------

  /** A kind of site: the rosters and sets it is in, and whether it declared. */
  private record Cell(int rosters, int sets, boolean declared) {}

  private List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    int rosterCount = world.rosters().size();
    int setCount = world.sets().size();
    for (int rosters = 1; rosters < 1 << rosterCount; rosters++) {
      for (int sets = 0; sets < 1 << setCount; sets++) {
        boolean possible = true;
        for (int s = 0; s < setCount; s++) {
          int roster = world.attempts().get(world.sets().get(s)).roster();
          boolean inRoster = (rosters >> roster & 1) != 0;
          boolean inSet = (sets >> s & 1) != 0;
          // In ALL the set is the roster.
          possible &=
              world.rosters().get(roster) == Shape.ALL ? inSet == inRoster : inRoster || !inSet;
        }
        if (possible) {
          cells.add(new Cell(rosters, sets, false));
          if (world.declarations() == World.Consent.SOME) {
            cells.add(new Cell(rosters, sets, true));
          }
        }
      }
    }
    return cells;
  }

  private Optional<Attack> place(
      List<Cell> cells, int[] honest, int cell, int left, int sites, int colluders) {
    if (cell == cells.size() - 1) {
      honest[cell] = left;
      return placeColluders(cells, honest, new int[cells.size()], 0, colluders, sites, colluders);
    }
    for (int here = 0; here <= left; here++) {
      honest[cell] = here;
      Optional<Attack> attack = place(cells, honest, cell + 1, left - here, sites, colluders);
      if (attack.isPresent()) {
        return attack;
      }
    }
    return Optional.empty();
  }

  private Optional<Attack> placeColluders(
      List<Cell> cells,
      int[] honest,
      int[] colluding,
      int cell,
      int left,
      int sites,
      int colluders) {
    if (cell == cells.size() - 1) {
      colluding[cell] = left;
      Situation situation = situation(cells, honest, colluding, sites, colluders);
      return situation.admissible() && (sites <= UNPRUNED_SITES || enoughSigners(situation))
          ? outcomes(situation, cells, honest)
          : Optional.empty();
    }
    for (int here = 0; here <= left; here++) {
      colluding[cell] = here;
      Optional<Attack> attack =
          placeColluders(cells, honest, colluding, cell + 1, left - here, sites, colluders);
      if (attack.isPresent()) {
        return attack;
      }
    }
    return Optional.empty();
  }

  private Situation situation(
      List<Cell> cells, int[] honest, int[] colluding, int sites, int colluders) {
    int[] rosters = new int[world.rosters().size()];
    int[] sets = new int[world.sets().size()];
    int declared = 0;
    int site = 0;
    for (int[] counts : new int[][] {honest, colluding}) {
      for (int c = 0; c < cells.size(); c++) {
        Cell cell = cells.get(c);
        for (int i = 0; i < counts[c]; i++, site++) {
          for (int r = 0; r < rosters.length; r++) {
            rosters[r] |= (cell.rosters() >> r & 1) << site;
          }
          for (int s = 0; s < sets.length; s++) {
            sets[s] |= (cell.sets() >> s & 1) << site;
          }
          declared |= (cell.declared() ? 1 : 0) << site;
        }
      }
    }
    return new Situation(world, rules, sites, colluders, rosters, sets, declared);
  }

  /**
   * Leaves out what cannot be: where a site signs once an attempt, the sets of an attempt need as
   * many honest signers together as they need one by one. {@link #supported} finds the same later,
   * at a cost.
   */
  private boolean enoughSigners(Situation situation) {
    if (!rules.contains(Rule.CERTIFICATE) || !rules.contains(Rule.ONE_SIGNATURE)) {
      return true;
    }
    for (int a = 0; a < world.attempts().size(); a++) {
      int needed = 0;
      int signers = 0;
      for (int s = 0; s < world.sets().size(); s++) {
        if (world.sets().get(s) == a) {
          needed += missingSignatures(situation, s);
          signers |= situation.set(s) & situation.honest();
        }
      }
      if (needed > Integer.bitCount(signers)) {
        return false;
      }
    }
    return true;
  }

  private int missingSignatures(Situation situation, int set) {
    int t = situation.thresholdsOf(world.sets().get(set)).t();
    return Math.max(0, t - Integer.bitCount(situation.set(set) & ~situation.honest()));
  }

  // ---- choosing behaviours ---------------------------------------------------------------------

  private Optional<Attack> outcomes(Situation situation, List<Cell> cells, int[] honest) {
    situations++;
    int[] sent = new int[situation.sites() - situation.colluders()];
    int[][] choices = new int[cells.size()][];
    int first = 0;
    for (int c = 0; c < cells.size(); c++) {
      choices[c] = honest[c] == 0 ? new int[0] : behaviours.of(situation, first);
      first += honest[c];
    }
    return choose(situation, honest, choices, 0, 0, 0, 0, sent);
  }

  /** Sites of one cell are alike, so their behaviours are chosen in ascending order. */
  private Optional<Attack> choose(
      Situation situation,
      int[] honest,
      int[][] choices,
      int cell,
      int inCell,
      int least,
      int site,
      int[] sent) {
    if (cell == choices.length) {
      return judge(situation, sent);
    }
    if (inCell == honest[cell]) {
      return choose(situation, honest, choices, cell + 1, 0, 0, site, sent);
    }
    for (int i = least; i < choices[cell].length; i++) {
      sent[site] = choices[cell][i];
      Optional<Attack> attack =
          choose(situation, honest, choices, cell, inCell + 1, i, site + 1, sent);
      if (attack.isPresent()) {
        return attack;
      }
    }
    return Optional.empty();
  }

  // ---- judging ---------------------------------------------------------------------------------

  private Optional<Attack> judge(Situation situation, int[] sent) {
    boolean[] supported = supported(situation, sent);
    for (boolean one : supported) {
      if (!one) {
        // The same without that set is a placement of its own.
        return Optional.empty();
      }
    }
    outcomes++;
    Set<Integer> all = new TreeSet<>();
    Optional<Attack> attack = Optional.empty();
    for (int a = 0; a < world.attempts().size(); a++) {
      int least = situation.thresholdsOf(a).m() - situation.colluders();
      for (int sum : Knowledge.sums(situation, a, sent, supported)) {
        all.add(sum);
        if (attack.isEmpty()
            && world.declarations() == World.Consent.NOBODY
            && Integer.bitCount(sum) < Math.max(2, least)) {
          attack = Optional.of(new Attack("A sum has too few honest sites.", all, situation));
        }
      }
    }
    if (!all.isEmpty()) {
      sums++;
    }
    if (toTheEnd) {
      RowSpace known = new RowSpace(situation.sites());
      all.forEach(known::add);
      mostSums = Math.max(mostSums, known.rank());
      return Optional.empty();
    }
    if (attack.isPresent()) {
      return attack;
    }
    return world.declarations() == World.Consent.NOBODY
        ? undeclared(situation, all)
        : declared(situation, all);
  }

  private boolean[] supported(Situation situation, int[] sent) {
    boolean[] supported = new boolean[world.sets().size()];
    for (int s = 0; s < supported.length; s++) {
      int signatures = 0;
      for (int one : sent) {
        signatures += (one & Behaviours.signBit(situation, s)) != 0 ? 1 : 0;
      }
      supported[s] =
          !rules.contains(Rule.CERTIFICATE) || signatures >= missingSignatures(situation, s);
    }
    return supported;
  }

  private static Optional<Attack> undeclared(Situation situation, Set<Integer> sums) {
    for (int one : sums) {
      for (int other : sums) {
        if (one < other && (one & other) != 0) {
          int support = RowSpace.leastSupport(sums, situation.honest(), situation.sites());
          return Optional.of(
              new Attack(
                  "Two sums overlap; a combination has " + support + " honest sites.",
                  sums,
                  situation));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Attack> declared(Situation situation, Set<Integer> sums) {
    int core = situation.honest() & ~situation.declared();
    int support = RowSpace.leastSupport(sums, core, situation.sites());
    return support < 2
        ? Optional.of(new Attack("A combination singles a site out.", sums, situation))
        : Optional.empty();
  }
}
