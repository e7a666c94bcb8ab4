package io.tributary.jobs.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.linear.UnboundedSolutionException;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks released tables with linear programming: what can a withheld cell be? */
class ProtectedCountsTest {
  private static final int THRESHOLD = 5;

  /** Whatever an unknown cell holds, nothing that is shown says anything about it. */
  @Test
  void nothingShownHoldsAnUnknownCell() {
    Random random = new Random(11);
    for (int trial = 0; trial < 300; trial++) {
      int[] sizes = {2 + random.nextInt(3), 2 + random.nextInt(3)};
      long[] cells = new long[sizes[0] * sizes[1]];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = random.nextInt(40);
      }
      BitSet unknown = new BitSet();
      unknown.set(random.nextInt(cells.length));
      unknown.set(random.nextInt(cells.length));
      unknown.stream().forEach(cell -> cells[cell] = 0);
      attack(sizes, cells, unknown);
    }
  }

  /** All dimensions, odometer order. */
  private static List<int[]> cells(int[] sizes) {
    List<int[]> cells = new ArrayList<>();
    int total = 1;
    for (int size : sizes) {
      total *= size;
    }
    for (int cell = 0; cell < total; cell++) {
      int[] at = new int[sizes.length];
      int rest = cell;
      for (int d = sizes.length - 1; d >= 0; d--) {
        at[d] = rest % sizes[d];
        rest /= sizes[d];
      }
      cells.add(at);
    }
    return cells;
  }

  /** Equations that the released cells give over the interior cells. */
  private static List<LinearConstraint> released(int[] sizes, ProtectedCounts table) {
    List<int[]> interior = cells(sizes);
    List<LinearConstraint> constraints = new ArrayList<>();
    for (int kept = 0; kept < 1 << sizes.length; kept++) {
      for (int[] at : interior) {
        if (!isFirst(kept, at) || table.hidden(kept, at)) {
          continue;
        }
        double[] row = new double[1 + interior.size()];
        for (int i = 0; i < interior.size(); i++) {
          row[1 + i] = sameOn(kept, at, interior.get(i)) ? 1 : 0;
        }
        constraints.add(new LinearConstraint(row, Relationship.EQ, table.count(kept, at)));
      }
    }
    return constraints;
  }

  /** Whether a cell is the one representative of its margin: zero in all dimensions left out. */
  private static boolean isFirst(int kept, int[] at) {
    for (int d = 0; d < at.length; d++) {
      if ((kept >> d & 1) == 0 && at[d] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameOn(int kept, int[] a, int[] b) {
    for (int d = 0; d < a.length; d++) {
      if ((kept >> d & 1) == 1 && a[d] != b[d]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The largest value that a margin's cell can have, given all that is released. The value is a
   * variable of its own, the first one: of variables with equal columns the solver reports only the
   * first, the others as 0.
   */
  private static double most(int[] sizes, List<LinearConstraint> released, int kept, int[] at) {
    List<int[]> interior = cells(sizes);
    double[] sum = new double[1 + interior.size()];
    sum[0] = -1;
    for (int i = 0; i < interior.size(); i++) {
      sum[1 + i] = sameOn(kept, at, interior.get(i)) ? 1 : 0;
    }
    List<LinearConstraint> constraints = new ArrayList<>(released);
    constraints.add(new LinearConstraint(sum, Relationship.EQ, 0));
    double[] objective = new double[sum.length];
    objective[0] = 1;
    try {
      return new SimplexSolver()
          .optimize(
              new MaxIter(10_000),
              new LinearObjectiveFunction(objective, 0),
              new LinearConstraintSet(constraints),
              new NonNegativeConstraint(true),
              GoalType.MAXIMIZE)
          .getValue();
    } catch (UnboundedSolutionException nothingBoundsIt) {
      return Double.POSITIVE_INFINITY;
    }
  }

  private static void attack(int[] sizes, long[] counts) {
    attack(sizes, counts, new BitSet());
  }

  private static void attack(int[] sizes, long[] counts, BitSet unknown) {
    ProtectedCounts table = ProtectedCounts.of(sizes, counts, unknown, THRESHOLD);
    List<LinearConstraint> constraints = released(sizes, table);
    List<int[]> interior = cells(sizes);
    unknown.stream()
        .forEach(
            cell -> {
              for (int kept = 0; kept < 1 << sizes.length; kept++) {
                assertThat(table.hidden(kept, interior.get(cell))).isTrue();
              }
            });
    for (int kept = 0; kept < 1 << sizes.length; kept++) {
      for (int[] at : cells(sizes)) {
        long count = table.count(kept, at);
        if (!isFirst(kept, at) || count >= THRESHOLD) {
          continue;
        }
        assertThat(table.hidden(kept, at)).isTrue();
        // Everything withheld: there is no equation to solve.
        if (!constraints.isEmpty()) {
          assertThat(most(sizes, constraints, kept, at))
              .as("margin %s cell %s of %s", kept, Arrays.toString(at), Arrays.toString(counts))
              .isGreaterThanOrEqualTo(Math.max(THRESHOLD, count + THRESHOLD) - 1e-6);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void withheldCellsCannotBeSolvedFor(int seed) {
    Random random = new Random(seed);
    attack(new int[] {6}, counts(6, random));
    attack(new int[] {2, 2}, counts(4, random));
    attack(new int[] {3, 4}, counts(12, random));
    attack(new int[] {2, 3, 3}, counts(18, random));
  }

  /** A mixture of empty, small and large cells. */
  private static long[] counts(int size, Random random) {
    long[] counts = new long[size];
    for (int i = 0; i < size; i++) {
      int kind = random.nextInt(4);
      counts[i] = kind == 0 ? random.nextInt(5) : kind == 1 ? 0 : random.nextInt(60);
    }
    return counts;
  }

  @Test
  void largeCellsStay() {
    ProtectedCounts table = ProtectedCounts.of(new int[] {2, 2}, new long[] {10, 20, 30, 40}, 5);
    assertThat(table.anyHidden()).isFalse();
    assertThat(table.count(1, 0, 0)).isEqualTo(30);
    assertThat(table.count(2, 0, 1)).isEqualTo(60);
    assertThat(table.count(0, 0, 0)).isEqualTo(100);
  }

  @Test
  void oneSmallCellTakesThreeOthersWithItAndLeavesTheMargins() {
    ProtectedCounts table = ProtectedCounts.of(new int[] {2, 2}, new long[] {3, 20, 30, 40}, 5);
    for (int[] at : cells(new int[] {2, 2})) {
      assertThat(table.hidden(3, at)).isTrue();
      assertThat(table.hidden(1, at)).isFalse();
      assertThat(table.hidden(2, at)).isFalse();
    }
  }

  @Test
  void zeroIsWithheldLikeASmallCount() {
    ProtectedCounts table = ProtectedCounts.of(new int[] {3}, new long[] {0, 9, 50}, 5);
    assertThat(table.hidden(1, 0)).isTrue();
    assertThat(table.hidden(1, 1)).as("complement, the smaller one").isTrue();
    assertThat(table.hidden(1, 2)).isFalse();
    assertThat(table.hidden(0, 0)).isFalse();
  }

  @Test
  void withoutAnyLargeCellNothingIsShown() {
    ProtectedCounts table = ProtectedCounts.of(new int[] {2, 3}, new long[] {1, 2, 3, 4, 0, 1}, 5);
    assertThat(table.hidden(0, 0, 0)).isTrue();
    assertThat(table.hidden(1, 0, 0)).isTrue();
  }
}
