package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.linalg.Cholesky;
import java.util.Arrays;

/**
 * Least of b'G b / 2 - r'b and a penalty: coordinates in turn (Friedman et al. 2010) until the
 * signs are known, then one solution of the linear equations that these leave.
 */
final class PenalisedQuadratic {
  /** Passes over all coordinates. */
  private static final int MOST_PASSES = 20_000;

  /** Passes between attempts at the linear equations. */
  private static final int PASSES = 20;

  /** How far a derivative may pass its bound where a coefficient is 0, as a share of the bound. */
  private static final double SLACK = 1e-9;

  private final int size;
  private final double[] gram;
  private final double[] right;
  private final Penalty penalty;

  /**
   * States the problem.
   *
   * @param gram G, upper triangle packed by rows
   * @param right r
   */
  PenalisedQuadratic(double[] gram, double[] right, Penalty penalty) {
    this.size = right.length;
    this.gram = gram;
    this.right = right;
    this.penalty = penalty;
  }

  /** The least, from a first guess; the last pass's coefficients if it is not found. */
  Reals solve(Reals guess) {
    double[] b = guess.toArray();
    for (int j = 0; j < size; j++) {
      b[j] = penalty.fixed().at(j) == 1 ? 0 : b[j];
    }
    double[] slope = slopes(b);
    for (int pass = 1; pass <= MOST_PASSES; pass++) {
      boolean still = pass(b, slope);
      if (pass % PASSES == 0 || still) {
        double[] exact = onItsSigns(b);
        if (exact != null) {
          return Reals.of(exact);
        }
        if (still) {
          break;
        }
      }
    }
    return Reals.of(b);
  }

  /** r - G b. */
  private double[] slopes(double[] b) {
    double[] slope = right.clone();
    for (int j = 0; j < size; j++) {
      if (b[j] != 0) {
        move(slope, j, b[j]);
      }
    }
    return slope;
  }

  private void move(double[] slope, int j, double by) {
    for (int k = 0; k < size; k++) {
      slope[k] -= by * at(j, k);
    }
  }

  private double at(int j, int k) {
    return gram[Cholesky.packed(size, Math.min(j, k), Math.max(j, k))];
  }

  /** One pass; whether nothing moved any more. */
  private boolean pass(double[] b, double[] slope) {
    boolean still = true;
    for (int j = 0; j < size; j++) {
      double diagonal = at(j, j);
      if (penalty.fixed().at(j) == 1 || !(diagonal + penalty.l2().at(j) > 0)) {
        continue;
      }
      double pull = slope[j] + diagonal * b[j];
      double left = Math.max(0, Math.abs(pull) - penalty.l1().at(j));
      double next = Math.copySign(left, pull) / (diagonal + penalty.l2().at(j));
      double by = next - b[j];
      if (by != 0) {
        still &= Math.abs(by) <= 1e-15 * Math.abs(next);
        b[j] = next;
        move(slope, j, by);
      }
    }
    return still;
  }

  /** The solution with the signs of b, if it keeps them and no other derivative is too large. */
  private double[] onItsSigns(double[] b) {
    int[] active = new int[size];
    int count = 0;
    for (int j = 0; j < size; j++) {
      if (b[j] != 0 || (penalty.l1().at(j) == 0 && penalty.fixed().at(j) == 0)) {
        active[count++] = j;
      }
    }
    double[] upper = new double[count * (count + 1) / 2];
    double[] free = new double[count];
    int position = 0;
    for (int i = 0; i < count; i++) {
      int j = active[i];
      free[i] = right[j] - Math.signum(b[j]) * penalty.l1().at(j);
      for (int k = i; k < count; k++) {
        upper[position++] = at(j, active[k]) + (i == k ? penalty.l2().at(j) : 0);
      }
    }
    Cholesky factor = Cholesky.of(count, upper, 1e-13);
    if (!factor.aliased().isEmpty()) {
      return null;
    }
    double[] solved = factor.solve(free);
    double[] exact = new double[size];
    for (int i = 0; i < count; i++) {
      int j = active[i];
      if (penalty.l1().at(j) > 0 && !(solved[i] * b[j] > 0)) {
        return null;
      }
      exact[j] = solved[i];
    }
    double[] slope = slopes(exact);
    boolean[] among = new boolean[size];
    Arrays.stream(active, 0, count).forEach(j -> among[j] = true);
    for (int j = 0; j < size; j++) {
      boolean beyond = Math.abs(slope[j]) > penalty.l1().at(j) * (1 + SLACK);
      if (!among[j] && penalty.fixed().at(j) == 0 && beyond) {
        return null;
      }
    }
    return exact;
  }
}
