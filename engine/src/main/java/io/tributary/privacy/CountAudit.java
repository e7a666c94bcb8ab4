package io.tributary.privacy;

import io.tributary.privacy.ExactSimplex.Extreme;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a reader of all counts of one study can derive about those that are withheld: the interval
 * of each over every table of non-negative numbers that agrees with all released counts, computed
 * exactly (Willenborg and de Waal 2001, chapter 6).
 *
 * <p>Model. The persons have one joint table over the columns. It may have too many cells to write
 * down, so the columns that occur together are linked, the graph of links is made chordal, and each
 * of its cliques gets a table; two cliques that meet have one margin over the columns they share
 * (Lauritzen 1996, chapter 3). Such tables and joint tables stand for each other, in real numbers,
 * so the intervals are those of the joint table. States that no claim tells apart are one. Whole
 * numbers could only be narrower by the rounding of a bound.
 *
 * <p>Not thread-safe.
 */
public final class CountAudit {
  /** Cells that anybody may be in, of all clique tables together; more are not audited. */
  static final int MAX_CELLS = 6_000;

  /** Cells of one clique, with those that nobody can be in. */
  private static final int MAX_CLIQUE = 1 << 18;

  private static final int IMPOSSIBLE = -1;

  /** Entries of the solver's tableau. */
  static final long MAX_ENTRIES = 4_000_000;

  /**
   * What follows about one withheld count.
   *
   * @param claim its index
   * @param low least possible number of persons
   * @param high greatest, infinity if there is none
   * @param from released claims that the bounds follow from, ascending
   */
  public record Exposure(int claim, double low, double high, List<Integer> from) {}

  private final SortedMap<String, Integer> states;
  private final List<CountClaim> claims;
  private final List<CountClaim> impossible;
  // Each clique's variables by cell.
  private final Map<SortedSet<String>, int[]> cliques = new LinkedHashMap<>();
  private int variables;
  private boolean tooLarge;

  /**
   * An audit of a study's counts, where any states go together.
   *
   * @param states number of states of each column, missing counted as one
   */
  public CountAudit(Map<String, Integer> states, List<CountClaim> claims) {
    this(states, claims, List.of());
  }

  /**
   * An audit of a study's counts.
   *
   * @param states number of states of each column, missing counted as one
   * @param impossible combinations of states that no person can have, whoever the persons are
   */
  public CountAudit(
      Map<String, Integer> states,
      List<CountClaim> claims,
      List<SortedMap<String, BitSet>> impossible) {
    List<CountClaim> all = new ArrayList<>(claims);
    impossible.forEach(where -> all.add(new CountClaim(where, OptionalLong.of(0))));
    for (CountClaim claim : all) {
      claim
          .where()
          .forEach(
              (column, counted) -> {
                Integer size = states.get(column);
                if (size == null || counted.length() > size) {
                  throw new IllegalArgumentException("no such state of " + column);
                }
              });
    }
    StateClasses classes = new StateClasses(states, all);
    this.states = classes.sizes();
    List<CountClaim> classed = all.stream().map(classes::of).toList();
    this.claims = classed.subList(0, claims.size());
    this.impossible = classed.subList(claims.size(), classed.size());
    triangulate(classed).forEach(this::number);
  }

  /**
   * The withheld counts that are known too well: those whose interval is narrower than {@code
   * protection} persons, where a released count takes part in it.
   *
   * @return nothing if the counts are too many, or contradict each other, so that nothing is proven
   */
  public Optional<List<Exposure>> exposures(long protection) {
    List<Integer> withheld = new ArrayList<>();
    List<Integer> released = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      (claims.get(i).isReleased() ? released : withheld).add(i);
    }
    if (withheld.isEmpty()) {
      return Optional.of(List.of());
    }
    if (tooLarge) {
      return Optional.empty();
    }
    List<int[]> rows = new ArrayList<>();
    List<Long> right = new ArrayList<>();
    for (int i : released) {
      rows.add(form(claims.get(i)));
      right.add(claims.get(i).value().getAsLong());
    }
    separators(rows, right);
    if (rows.size() * (long) (rows.size() + variables) > MAX_ENTRIES) {
      return Optional.empty();
    }
    try {
      ExactSimplex simplex = new ExactSimplex(rows, right, variables);
      if (!simplex.isFeasible()) {
        return Optional.empty();
      }
      List<Exposure> exposures = new ArrayList<>();
      for (int i : withheld) {
        int[] form = form(claims.get(i));
        Extreme high = simplex.greatest(form);
        if (high.value() == Double.POSITIVE_INFINITY) {
          continue;
        }
        Extreme low = simplex.least(form);
        if (high.value() - low.value() < protection) {
          TreeSet<Integer> used = new TreeSet<>(high.rows());
          used.addAll(low.rows());
          List<Integer> from =
              used.stream().filter(row -> row < released.size()).map(released::get).toList();
          exposures.add(new Exposure(i, low.value(), high.value(), from));
        }
      }
      return Optional.of(List.copyOf(exposures));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  // ---- cliques ---------------------------------------------------------------------------------

  /** Eliminates the column whose clique has the fewest cells, again and again. */
  private List<SortedSet<String>> triangulate(List<CountClaim> linking) {
    Map<String, TreeSet<String>> links = new TreeMap<>();
    for (CountClaim claim : linking) {
      for (String column : claim.where().keySet()) {
        links.computeIfAbsent(column, c -> new TreeSet<>()).addAll(claim.where().keySet());
      }
    }
    List<SortedSet<String>> found = new ArrayList<>();
    while (!links.isEmpty()) {
      String next = null;
      double least = Double.POSITIVE_INFINITY;
      for (Map.Entry<String, TreeSet<String>> entry : links.entrySet()) {
        double size = size(entry.getValue());
        if (next == null || size < least) {
          next = entry.getKey();
          least = size;
        }
      }
      TreeSet<String> clique = new TreeSet<>(links.remove(next));
      if (found.stream().noneMatch(other -> other.containsAll(clique))) {
        found.add(clique);
      }
      for (String neighbour : clique) {
        TreeSet<String> others = links.get(neighbour);
        if (others != null) {
          others.addAll(clique);
          others.remove(next);
        }
      }
    }
    return found.isEmpty() ? List.of(new TreeSet<>()) : found;
  }

  /** A variable for each cell of a clique that somebody may be in. */
  private void number(SortedSet<String> clique) {
    if (size(clique) > MAX_CLIQUE) {
      tooLarge = true;
    }
    if (tooLarge) {
      return;
    }
    int[] own = new int[(int) size(clique)];
    for (CountClaim nobody : impossible) {
      if (clique.containsAll(nobody.where().keySet())) {
        for (int cell = 0; cell < own.length; cell++) {
          if (isCounted(clique, cell, nobody.where())) {
            own[cell] = IMPOSSIBLE;
          }
        }
      }
    }
    for (int cell = 0; cell < own.length; cell++) {
      if (own[cell] != IMPOSSIBLE) {
        own[cell] = variables++;
      }
    }
    cliques.put(clique, own);
    tooLarge = variables > MAX_CELLS;
  }

  private double size(Collection<String> columns) {
    double size = 1;
    for (String column : columns) {
      size *= states.get(column);
    }
    return size;
  }

  /** A claim over the variables of the first clique that has its columns, [variables]. */
  private int[] form(CountClaim claim) {
    for (SortedSet<String> clique : cliques.keySet()) {
      if (clique.containsAll(claim.where().keySet())) {
        int[] form = new int[variables];
        if (claim.others()) {
          add(clique, new TreeMap<>(), 1, form);
        }
        add(clique, claim.where(), claim.others() ? -1 : 1, form);
        return form;
      }
    }
    throw new IllegalStateException("a claim's columns are linked, so a clique holds them");
  }

  private void add(
      SortedSet<String> clique, Map<String, BitSet> where, int coefficient, int[] form) {
    int[] own = cliques.get(clique);
    for (int cell = 0; cell < own.length; cell++) {
      if (own[cell] != IMPOSSIBLE && isCounted(clique, cell, where)) {
        form[own[cell]] += coefficient;
      }
    }
  }

  /** Whether a cell has these states; the first column's state changes fastest. */
  private boolean isCounted(SortedSet<String> clique, int cell, Map<String, BitSet> where) {
    int rest = cell;
    for (String column : clique) {
      int count = states.get(column);
      BitSet wanted = where.get(column);
      if (wanted != null && !wanted.get(rest % count)) {
        return false;
      }
      rest /= count;
    }
    return true;
  }

  /** Equal margins along a tree of cliques that share as many columns as they can. */
  private void separators(List<int[]> rows, List<Long> right) {
    List<SortedSet<String>> waiting = new ArrayList<>(cliques.keySet());
    List<SortedSet<String>> joined = new ArrayList<>(List.of(waiting.remove(0)));
    while (!waiting.isEmpty()) {
      SortedSet<String> best = null;
      SortedSet<String> partner = null;
      TreeSet<String> shared = null;
      for (SortedSet<String> candidate : waiting) {
        for (SortedSet<String> there : joined) {
          TreeSet<String> common = new TreeSet<>(candidate);
          common.retainAll(there);
          if (shared == null || common.size() > shared.size()) {
            best = candidate;
            partner = there;
            shared = common;
          }
        }
      }
      equalMargins(best, partner, List.copyOf(shared), rows, right);
      waiting.remove(best);
      joined.add(best);
    }
  }

  private void equalMargins(
      SortedSet<String> one,
      SortedSet<String> other,
      List<String> shared,
      List<int[]> rows,
      List<Long> right) {
    int size = (int) size(shared);
    for (int margin = 0; margin < size; margin++) {
      Map<String, BitSet> where = new TreeMap<>();
      int rest = margin;
      for (String column : shared) {
        BitSet state = new BitSet();
        state.set(rest % states.get(column));
        rest /= states.get(column);
        where.put(column, state);
      }
      int[] row = new int[variables];
      add(one, where, 1, row);
      add(other, where, -1, row);
      rows.add(row);
      right.add(0L);
    }
  }
}
