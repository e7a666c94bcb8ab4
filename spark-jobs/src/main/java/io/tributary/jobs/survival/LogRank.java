package io.tributary.jobs.survival;

import io.tributary.jobs.linalg.Cholesky;
import java.util.List;

/**
 * Observed and expected events of groups, and their covariance, from life tables: the log-rank test
 * and its weighted forms (Mantel 1966; Fleming and Harrington 1991, chapter 7). Weights and risk
 * sets are those of each stratum; strata are added.
 */
public final class LogRank {
  /** Share of a group's variance that earlier groups must leave; less is none. */
  private static final double DEPENDENT = 1e-10;

  private final int groups;
  private final double[] observed;
  private final double[] expected;
  // Row-major [groups x groups].
  private final double[] covariance;

  private LogRank(int groups) {
    this.groups = groups;
    this.observed = new double[groups];
    this.expected = new double[groups];
    this.covariance = new double[groups * groups];
  }

  /**
   * Weight of a time with n persons at risk: n^size S^rho (1 - S)^gamma, where S is the survival
   * curve of all groups of the stratum just before it.
   *
   * @param size 0 or more; 1 is Gehan's, 1/2 Tarone and Ware's
   * @param rho 0 or more; 1 is Peto and Peto's, as in R's survdiff
   * @param gamma 0 or more
   */
  public record Weight(double size, double rho, double gamma) {
    /** The log-rank test's own: all times alike. */
    public static final Weight LOG_RANK = new Weight(0, 0, 0);

    public Weight {
      if (!(size >= 0 && rho >= 0 && gamma >= 0)) {
        throw new IllegalArgumentException("size=" + size + " rho=" + rho + " gamma=" + gamma);
      }
    }

    double at(double risk, double survival) {
      return StrictMath.pow(risk, size)
          * StrictMath.pow(survival, rho)
          * StrictMath.pow(1 - survival, gamma);
    }
  }

  /**
   * A test of no difference.
   *
   * @param df 0 if no two groups were ever at risk together when an event came; chiSquare is 0 then
   */
  public record Test(double chiSquare, int df) {}

  /**
   * Adds up strata.
   *
   * @param strata for each stratum the life tables of its groups, as many in each
   */
  public static LogRank of(List<List<LifeTable>> strata, Weight weight) {
    LogRank sums = new LogRank(strata.get(0).size());
    strata.forEach(tables -> sums.add(tables, weight));
    return sums;
  }

  private void add(List<LifeTable> tables, Weight weight) {
    int[] next = new int[groups];
    double survival = 1;
    while (true) {
      double time = Double.POSITIVE_INFINITY;
      for (int g = 0; g < groups; g++) {
        if (next[g] < tables.get(g).size()) {
          time = Math.min(time, tables.get(g).time(next[g]));
        }
      }
      if (Double.isInfinite(time)) {
        return;
      }
      double[] risk = new double[groups];
      double[] events = new double[groups];
      double atRisk = 0;
      double all = 0;
      for (int g = 0; g < groups; g++) {
        LifeTable table = tables.get(g);
        // Nothing happens in a group between two of its times, so its next one tells who is there.
        risk[g] = (double) table.riskAfter(next[g]);
        if (next[g] < table.size() && table.time(next[g]) == time) {
          events[g] = (double) table.events(next[g]++);
        }
        atRisk += risk[g];
        all += events[g];
      }
      if (all > 0) {
        add(risk, events, atRisk, all, weight.at(atRisk, survival));
        survival *= 1 - all / atRisk;
      }
    }
  }

  /** One time: the hypergeometric mean and covariance of each group's events. */
  private void add(double[] risk, double[] events, double atRisk, double all, double weight) {
    double spread =
        atRisk > 1 ? weight * weight * all * ((atRisk - all) / (atRisk - 1)) / atRisk : 0;
    for (int g = 0; g < groups; g++) {
      observed[g] += weight * events[g];
      expected[g] += weight * all * (risk[g] / atRisk);
      for (int h = 0; h < groups; h++) {
        covariance[g * groups + h] += spread * risk[g] * ((g == h ? 1 : 0) - risk[h] / atRisk);
      }
    }
  }

  public int groups() {
    return groups;
  }

  /** Weighted events of a group; a whole number with the log-rank test's own weight. */
  public double observed(int group) {
    return observed[group];
  }

  /** Weighted events that a group would have had at the hazard of all. */
  public double expected(int group) {
    return expected[group];
  }

  /** Covariance of observed less expected of two groups. */
  public double covariance(int group, int other) {
    return covariance[group * groups + other];
  }

  /** All groups against each other; df is the rank of the covariance. */
  public Test test() {
    double[] upper = new double[groups * (groups + 1) / 2];
    double[] off = new double[groups];
    for (int g = 0; g < groups; g++) {
      off[g] = observed[g] - expected[g];
      for (int h = g; h < groups; h++) {
        upper[Cholesky.packed(groups, g, h)] = covariance(g, h);
      }
    }
    Cholesky factor = Cholesky.of(groups, upper, DEPENDENT);
    double[] solved = factor.solve(off);
    double chiSquare = 0;
    for (int g = 0; g < groups; g++) {
      chiSquare += solved[g] * off[g];
    }
    return new Test(chiSquare, factor.rank());
  }

  /**
   * Against a trend over scores of the groups (Tarone 1975).
   *
   * @param scores one for each group
   */
  public Test trend(double... scores) {
    if (scores.length != groups) {
      throw new IllegalArgumentException("scores=" + scores.length + " groups=" + groups);
    }
    double off = 0;
    double variance = 0;
    double most = 0;
    for (int g = 0; g < groups; g++) {
      off += scores[g] * (observed[g] - expected[g]);
      for (int h = 0; h < groups; h++) {
        variance += scores[g] * scores[h] * covariance(g, h);
      }
      most += scores[g] * scores[g] * covariance(g, g);
    }
    return variance > DEPENDENT * most ? new Test(off * off / variance, 1) : new Test(0, 0);
  }
}
