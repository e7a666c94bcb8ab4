package io.tributary.privacy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Least and greatest value of a linear form over {y >= 0, A y = b}, in exact arithmetic: the
 * simplex method with whole numbers, where every entry of the tableau is a minor of A and all share
 * one denominator (Edmonds 1967), and Bland's rule, so that it ends. A number that leaves a long is
 * an {@link ArithmeticException}; callers then take nothing for proven.
 *
 * <p>Not thread-safe.
 */
final class ExactSimplex {
  /**
   * An extreme value.
   *
   * @param value rounded outwards to a double, +-infinity where the form has no bound
   * @param rows equations that the bound follows from; empty without a bound
   */
  record Extreme(double value, TreeSet<Integer> rows) {}

  private final int variables;
  private final int equations;
  // [equations][variables + equations + 1]: y, one artificial for each equation, right side.
  private final long[][] tableau;
  private final int[] basis;
  private final int width;
  private long denominator = 1;
  private boolean feasible;

  /**
   * Finds a first feasible point.
   *
   * @param rows coefficients, [equations][variables]
   * @param right right sides, [equations]
   */
  ExactSimplex(List<int[]> rows, List<Long> right, int variables) {
    this.variables = variables;
    this.equations = rows.size();
    this.width = variables + equations + 1;
    this.tableau = new long[equations][width];
    this.basis = new int[equations];
    for (int i = 0; i < equations; i++) {
      int sign = right.get(i) < 0 ? -1 : 1;
      for (int j = 0; j < variables; j++) {
        tableau[i][j] = (long) sign * rows.get(i)[j];
      }
      tableau[i][variables + i] = 1;
      tableau[i][width - 1] = sign * right.get(i);
      basis[i] = variables + i;
    }
    long[] artificials = new long[variables + equations];
    for (int i = 0; i < equations; i++) {
      artificials[variables + i] = -1;
    }
    maximise(artificials, variables + equations);
    feasible = true;
    for (int i = 0; i < equations; i++) {
      if (basis[i] >= variables) {
        feasible &= tableau[i][width - 1] == 0;
        leave(i);
      }
    }
  }

  /** Whether any y satisfies the equations. */
  boolean isFeasible() {
    return feasible;
  }

  /** Greatest value of the form, [variables]. */
  Extreme greatest(int[] form) {
    long[] costs = new long[variables + equations];
    for (int j = 0; j < variables; j++) {
      costs[j] = form[j];
    }
    Optional<long[]> reduced = maximise(costs, variables);
    if (reduced.isEmpty()) {
      return new Extreme(Double.POSITIVE_INFINITY, new TreeSet<>());
    }
    TreeSet<Integer> used = new TreeSet<>();
    for (int i = 0; i < equations; i++) {
      if (reduced.get()[variables + i] != 0) {
        used.add(i);
      }
    }
    double value = outwards(reduced.get()[width - 1], denominator);
    return new Extreme(value, used);
  }

  /** Least value of the form. */
  Extreme least(int[] form) {
    int[] opposite = new int[form.length];
    for (int j = 0; j < form.length; j++) {
      opposite[j] = -form[j];
    }
    Extreme greatest = greatest(opposite);
    return new Extreme(-greatest.value(), greatest.rows());
  }

  /** The least double that is not below the quotient; {@code below} is positive. */
  private static double outwards(long above, long below) {
    BigDecimal exact =
        BigDecimal.valueOf(above)
            .divide(BigDecimal.valueOf(below), new MathContext(40, RoundingMode.CEILING));
    double near = exact.doubleValue();
    return new BigDecimal(near).compareTo(exact) < 0 ? Math.nextUp(near) : near;
  }

  /** Pivots an artificial variable that stands at 0 out of the basis, where its row allows it. */
  private void leave(int row) {
    if (tableau[row][width - 1] != 0) {
      return;
    }
    for (int j = 0; j < variables; j++) {
      if (tableau[row][j] != 0) {
        if (tableau[row][j] < 0) {
          for (int k = 0; k < width; k++) {
            tableau[row][k] = -tableau[row][k];
          }
        }
        pivot(row, j);
        return;
      }
    }
  }

  /** The row of reduced costs at the optimum, or nothing if there is no bound. */
  private Optional<long[]> maximise(long[] costs, int columns) {
    while (true) {
      long[] reduced = reduced(costs);
      int entering = -1;
      for (int j = 0; j < columns && entering < 0; j++) {
        if (reduced[j] < 0) {
          entering = j;
        }
      }
      if (entering < 0) {
        return Optional.of(reduced);
      }
      int leaving = leaving(entering);
      if (leaving < 0) {
        return Optional.empty();
      }
      pivot(leaving, entering);
    }
  }

  private long[] reduced(long[] costs) {
    long[] reduced = new long[width];
    for (int j = 0; j < costs.length; j++) {
      reduced[j] = Math.negateExact(Math.multiplyExact(costs[j], denominator));
    }
    for (int i = 0; i < equations; i++) {
      long cost = costs[basis[i]];
      if (cost != 0) {
        for (int j = 0; j < width; j++) {
          if (tableau[i][j] != 0) {
            reduced[j] = Math.addExact(reduced[j], Math.multiplyExact(cost, tableau[i][j]));
          }
        }
      }
    }
    return reduced;
  }

  /** Bland's rule: of the rows with the least ratio, the one whose variable comes first. */
  private int leaving(int entering) {
    int best = -1;
    for (int i = 0; i < equations; i++) {
      // An artificial that stayed in the basis has a row of zeroes, so it never leaves here.
      if (tableau[i][entering] > 0) {
        if (best < 0) {
          best = i;
          continue;
        }
        long here = Math.multiplyExact(tableau[i][width - 1], tableau[best][entering]);
        long there = Math.multiplyExact(tableau[best][width - 1], tableau[i][entering]);
        if (here < there || (here == there && basis[i] < basis[best])) {
          best = i;
        }
      }
    }
    return best;
  }

  private void pivot(int row, int column) {
    long pivot = tableau[row][column];
    List<Integer> places = new ArrayList<>();
    for (int j = 0; j < width; j++) {
      if (tableau[row][j] != 0) {
        places.add(j);
      }
    }
    int[] nonzero = places.stream().mapToInt(Integer::intValue).toArray();
    for (int i = 0; i < equations; i++) {
      long factor = tableau[i][column];
      if (i == row || (factor == 0 && pivot == denominator)) {
        continue;
      }
      long[] line = tableau[i];
      if (pivot != denominator) {
        for (int j = 0; j < width; j++) {
          line[j] = Math.multiplyExact(line[j], pivot);
        }
        for (int j : nonzero) {
          line[j] = Math.subtractExact(line[j], Math.multiplyExact(factor, tableau[row][j]));
        }
        for (int j = 0; j < width; j++) {
          line[j] /= denominator;
        }
      } else {
        for (int j : nonzero) {
          long product = Math.multiplyExact(factor, tableau[row][j]);
          line[j] = Math.subtractExact(line[j], product / denominator);
        }
      }
    }
    denominator = pivot;
    basis[row] = column;
  }
}
