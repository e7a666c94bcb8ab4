package io.tributary.jobs.hypothesis;

import io.tributary.jobs.hypothesis.ContingencyTable.Effect;
import io.tributary.jobs.hypothesis.ContingencyTable.Test;
import java.util.ArrayList;
import java.util.List;

/**
 * Fourfold tables of strata that share an odds ratio (Mantel and Haenszel 1959). Strata of fewer
 * than two persons, or with a margin of nobody, say nothing and are left out.
 */
public final class StratifiedTables {
  private final List<double[]> tables = new ArrayList<>();

  private StratifiedTables(List<long[][]> strata) {
    for (long[][] stratum : strata) {
      double a = stratum[0][0];
      double b = stratum[0][1];
      double c = stratum[1][0];
      double d = stratum[1][1];
      if ((a + b) * (c + d) * (a + c) * (b + d) > 0) {
        tables.add(new double[] {a, b, c, d, a + b + c + d});
      }
    }
  }

  /** From [strata] of 2 x 2. */
  public static StratifiedTables of(List<long[][]> strata) {
    return new StratifiedTables(strata);
  }

  /** Strata that say something. */
  public int strata() {
    return tables.size();
  }

  /**
   * Whether rows and columns are independent within strata.
   *
   * @param correction most that is taken off the sum of observed less expected: 0 or 1/2
   */
  public Test mantelHaenszel(double correction) {
    double off = 0;
    double variance = 0;
    for (double[] t : tables) {
      double row = t[0] + t[1];
      double column = t[0] + t[2];
      off += t[0] - row * column / t[4];
      variance += row * (t[4] - row) * column * (t[4] - column) / (t[4] * t[4] * (t[4] - 1));
    }
    // R's mantelhaen.test corrects by all of the correction or not at all.
    double taken = Math.abs(off) >= correction ? correction : 0;
    double left = Math.abs(off) - taken;
    return new Test(left * left / variance, 1);
  }

  /** Logarithm of the common odds ratio, with the error of Robins, Breslow and Greenland (1986). */
  public Effect logOddsRatio() {
    double along = 0;
    double across = 0;
    double pr = 0;
    double mixed = 0;
    double qs = 0;
    for (double[] t : tables) {
      double p = (t[0] + t[3]) / t[4];
      double q = (t[1] + t[2]) / t[4];
      double r = t[0] * t[3] / t[4];
      double s = t[1] * t[2] / t[4];
      along += r;
      across += s;
      pr += p * r;
      mixed += p * s + q * r;
      qs += q * s;
    }
    double variance =
        pr / (2 * along * along) + mixed / (2 * along * across) + qs / (2 * across * across);
    return new Effect(StrictMath.log(along / across), StrictMath.sqrt(variance));
  }

  /** Whether the strata share an odds ratio (Breslow and Day 1980, Tarone's correction 1985). */
  public Test homogeneity() {
    double ratio = StrictMath.exp(logOddsRatio().estimate());
    double sum = 0;
    double off = 0;
    double variance = 0;
    for (double[] t : tables) {
      double row = t[0] + t[1];
      double column = t[0] + t[2];
      double a = fitted(ratio, row, column, t[4]);
      double own = 1 / (1 / a + 1 / (row - a) + 1 / (column - a) + 1 / (t[4] - row - column + a));
      sum += (t[0] - a) * (t[0] - a) / own;
      off += t[0] - a;
      variance += own;
    }
    return new Test(sum - off * off / variance, tables.size() - 1.0);
  }

  /** The first cell that has these margins and this odds ratio: root of a quadratic. */
  private static double fitted(double ratio, double row, double column, double n) {
    if (ratio == 1) {
      return row * column / n;
    }
    double b = n - row - column + ratio * (row + column);
    double root = StrictMath.sqrt(b * b - 4 * (ratio - 1) * ratio * row * column);
    // The other form of the root, in which nothing cancels.
    return 2 * ratio * row * column / (b + root);
  }
}
