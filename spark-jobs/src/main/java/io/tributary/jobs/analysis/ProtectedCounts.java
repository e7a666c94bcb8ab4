package io.tributary.jobs.analysis;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A table of counts with all its margins, and which of them are withheld so that no withheld small
 * count follows from what is shown.
 *
 * <p>Method. A count below the threshold is withheld (primary). For each primary cell a witness is
 * sought: a set A of dimensions and a second index in each of them span a cube of 2^|A| interior
 * cells; adding t at the corners of even parity and taking t away at the odd ones changes only the
 * tables that keep all dimensions of A. When the odd corners hold at least the threshold and every
 * changed cell is withheld, then every t from 0 to the threshold gives a table of counts that looks
 * the same from outside, in which the primary cell is anything from its value to at least the
 * threshold. So neither its value nor that it is small can be derived from any linear combination
 * of the released counts. The witness that withholds the fewest persons is taken; where there is
 * none, the whole table is withheld. (Cell suppression and its audit: Willenborg and de Waal 2001,
 * Elements of Statistical Disclosure Control, chapter 6; the cubes are Kelly, Golden and Assad's
 * hypercube heuristic, 1992, here used as a proof.)
 */
public final class ProtectedCounts {
  private final int[] sizes;
  private final int ways;
  private final long threshold;
  // Tables by the set of dimensions they keep; [1 << ways][cells].
  private final long[][] counts;
  private final boolean[][] hidden;
  private boolean anyHidden;

  private ProtectedCounts(int[] sizes, long[] cells, long threshold) {
    this.sizes = sizes.clone();
    this.ways = sizes.length;
    this.threshold = threshold;
    this.counts = new long[1 << ways][];
    this.hidden = new boolean[1 << ways][];
    for (int kept = 0; kept < 1 << ways; kept++) {
      counts[kept] = new long[cells(kept)];
      hidden[kept] = new boolean[counts[kept].length];
    }
    int full = (1 << ways) - 1;
    for (int cell = 0; cell < cells.length; cell++) {
      int[] at = indices(full, cell);
      for (int kept = 0; kept < 1 << ways; kept++) {
        counts[kept][position(kept, at)] += cells[cell];
      }
    }
  }

  /**
   * Protects a table.
   *
   * @param sizes levels in each dimension
   * @param cells interior counts, row-major, the last dimension fastest
   * @param threshold counts below it are withheld, zero too
   */
  public static ProtectedCounts of(int[] sizes, long[] cells, long threshold) {
    return of(sizes, cells, new BitSet(), threshold);
  }

  /**
   * Protects a table of which some cells are not known: whatever holds one of them is withheld, so
   * that nothing bounds it.
   *
   * @param unknown interior cells that stand at zero and are none
   */
  public static ProtectedCounts of(int[] sizes, long[] cells, BitSet unknown, long threshold) {
    ProtectedCounts table = new ProtectedCounts(sizes, cells, threshold);
    int full = (1 << sizes.length) - 1;
    if (cells.length != table.cells(full)) {
      throw new IllegalArgumentException("cells=" + cells.length);
    }
    table.protect(table.hideUnknown(unknown));
    return table;
  }

  /** Withholds all that holds an unknown cell, and gives these. */
  private boolean[][] hideUnknown(BitSet unknown) {
    int full = (1 << ways) - 1;
    unknown.stream()
        .forEach(
            cell -> {
              int[] at = indices(full, cell);
              for (int kept = 0; kept < 1 << ways; kept++) {
                hidden[kept][position(kept, at)] = true;
              }
              anyHidden = true;
            });
    boolean[][] held = new boolean[1 << ways][];
    for (int kept = 0; kept < 1 << ways; kept++) {
      held[kept] = hidden[kept].clone();
    }
    return held;
  }

  /** Count of a cell of the table that keeps the dimensions in {@code kept}. */
  public long count(int kept, int... at) {
    return counts[kept][position(kept, at)];
  }

  /** Whether that cell is withheld; {@code at} has an index for every dimension. */
  public boolean hidden(int kept, int... at) {
    return hidden[kept][position(kept, at)];
  }

  /** Whether any cell is withheld; then no statistic of the whole table may be shown. */
  public boolean anyHidden() {
    return anyHidden;
  }

  private void protect(boolean[][] unbounded) {
    if (counts[0][0] < threshold) {
      hideAll();
      return;
    }
    boolean[][] primary = new boolean[1 << ways][];
    for (int kept = 1; kept < 1 << ways; kept++) {
      primary[kept] = new boolean[counts[kept].length];
      for (int cell = 0; cell < counts[kept].length; cell++) {
        if (counts[kept][cell] < threshold) {
          primary[kept][cell] = true;
          hidden[kept][cell] = true;
          anyHidden = true;
        }
      }
    }
    for (int kept = (1 << ways) - 1; kept > 0; kept--) {
      for (int cell = 0; cell < primary[kept].length; cell++) {
        // An unknown cell may grow alone, and only what is withheld grows with it: no witness.
        if (primary[kept][cell] && !unbounded[kept][cell] && !witness(kept, indices(kept, cell))) {
          hideAll();
          return;
        }
      }
    }
  }

  /** Finds and withholds the cheapest witness of a primary cell; false if there is none. */
  private boolean witness(int kept, int[] at) {
    long least = Long.MAX_VALUE;
    int[] bestBase = null;
    int[] bestOther = null;
    int bestSpan = 0;
    int free = ((1 << ways) - 1) & ~kept;
    for (int span = kept; span > 0; span = (span - 1) & kept) {
      for (int outside = 0; outside < cells(free); outside++) {
        int[] base = at.clone();
        fill(free, outside, base);
        for (int opposite = 0; opposite < cells(span); opposite++) {
          int[] other = base.clone();
          fill(span, opposite, other);
          if (!differsEverywhere(span, base, other)) {
            continue;
          }
          long cost = cost(span, base, other);
          if (cost < least) {
            least = cost;
            bestBase = base;
            bestOther = other;
            bestSpan = span;
          }
        }
      }
    }
    if (bestBase == null) {
      return false;
    }
    for (int corner = 0; corner < 1 << ways; corner++) {
      if ((corner & ~bestSpan) == 0) {
        int[] cell = corner(corner, bestBase, bestOther);
        for (int table = 0; table < 1 << ways; table++) {
          if ((table & bestSpan) == bestSpan) {
            hidden[table][position(table, cell)] = true;
          }
        }
      }
    }
    return true;
  }

  /** Persons that a cube would newly withhold, or the greatest long if it is no witness. */
  private long cost(int span, int[] base, int[] other) {
    long cost = 0;
    int full = (1 << ways) - 1;
    for (int corner = 0; corner < 1 << ways; corner++) {
      if ((corner & ~span) != 0) {
        continue;
      }
      int[] cell = corner(corner, base, other);
      if (Integer.bitCount(corner) % 2 == 1 && counts[full][position(full, cell)] < threshold) {
        return Long.MAX_VALUE;
      }
      for (int table = 0; table < 1 << ways; table++) {
        int position = position(table, cell);
        if ((table & span) == span && !hidden[table][position]) {
          cost += 1 + counts[table][position];
        }
      }
    }
    return cost;
  }

  private static int[] corner(int corner, int[] base, int[] other) {
    int[] cell = base.clone();
    for (int d = 0; d < cell.length; d++) {
      if ((corner >> d & 1) == 1) {
        cell[d] = other[d];
      }
    }
    return cell;
  }

  private static boolean differsEverywhere(int span, int[] base, int[] other) {
    for (int d = 0; d < base.length; d++) {
      if ((span >> d & 1) == 1 && base[d] == other[d]) {
        return false;
      }
    }
    return true;
  }

  private void hideAll() {
    anyHidden = true;
    for (boolean[] table : hidden) {
      Arrays.fill(table, true);
    }
  }

  private int cells(int kept) {
    int cells = 1;
    for (int d = 0; d < ways; d++) {
      if ((kept >> d & 1) == 1) {
        cells = Math.multiplyExact(cells, sizes[d]);
      }
    }
    return cells;
  }

  private int position(int kept, int[] at) {
    int position = 0;
    for (int d = 0; d < ways; d++) {
      if ((kept >> d & 1) == 1) {
        position = position * sizes[d] + at[d];
      }
    }
    return position;
  }

  private int[] indices(int kept, int position) {
    int[] at = new int[ways];
    fill(kept, position, at);
    return at;
  }

  /** Writes the indices of a position into the dimensions that are kept. */
  private void fill(int kept, int position, int[] at) {
    int rest = position;
    for (int d = ways - 1; d >= 0; d--) {
      if ((kept >> d & 1) == 1) {
        at[d] = rest % sizes[d];
        rest /= sizes[d];
      }
    }
  }
}
