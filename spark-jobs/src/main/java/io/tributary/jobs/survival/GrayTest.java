package io.tributary.jobs.survival;

import io.tributary.jobs.linalg.Cholesky;
import java.util.Arrays;
import java.util.List;

/**
 * Test of equal cumulative incidences of one cause among others (Gray 1988): in each group observed
 * events less those that the hazard of the subdistribution of all groups gives, where a group's
 * persons at risk are those who have not had this cause's event, others counted by the share not
 * censored. Times are all alike (rho 0).
 */
public final class GrayTest {
  /** Share of a group's variance that earlier groups must leave; less is none. */
  private static final double DEPENDENT = 1e-10;

  private final int groups;
  private final double[] score;
  // Row-major [groups x groups].
  private final double[] covariance;

  // What the times so far have added: a_ij of all times weighted by the common hazard, and the
  // variance of each group's part and its covariance with the scores.
  private final double[] drift;
  private final double[] variance;
  private final double[] mixed;

  private GrayTest(int groups) {
    this.groups = groups;
    this.score = new double[groups];
    this.covariance = new double[groups * groups];
    this.drift = new double[groups * groups];
    this.variance = new double[groups];
    this.mixed = new double[groups * groups];
  }

  /**
   * Adds up the times of all groups, who are at risk from the start.
   *
   * @param curves of each group
   * @param cause the one that is compared
   */
  public static GrayTest of(List<Incidence> curves, int cause) {
    GrayTest sums = new GrayTest(curves.size());
    sums.add(curves, cause);
    sums.close();
    return sums;
  }

  private void add(List<Incidence> curves, int cause) {
    int[] next = new int[groups];
    double[] survival = new double[groups];
    double[] incidence = new double[groups];
    Arrays.fill(survival, 1);
    double common = 0;
    while (true) {
      double time = Double.POSITIVE_INFINITY;
      for (int g = 0; g < groups; g++) {
        LifeTable table = curves.get(g).table();
        if (next[g] < table.size()) {
          time = Math.min(time, table.time(next[g]));
        }
      }
      if (Double.isInfinite(time)) {
        return;
      }
      double[] risk = new double[groups];
      double[] own = new double[groups];
      double[] other = new double[groups];
      for (int g = 0; g < groups; g++) {
        LifeTable table = curves.get(g).table();
        risk[g] = (double) table.riskAfter(next[g]);
        if (next[g] < table.size() && table.time(next[g]) == time) {
          own[g] = (double) curves.get(g).events(cause, next[g], next[g] + 1);
          other[g] = (double) table.events(next[g]) - own[g];
          next[g]++;
        }
      }
      common = at(risk, own, other, survival, incidence, common);
    }
  }

  /**
   * One time.
   *
   * @param survival of each group from all causes before it, receives that after it
   * @param incidence of each group before it, receives that after it
   * @param common incidence of all groups before it
   * @return the same after it
   */
  private double at(
      double[] risk,
      double[] own,
      double[] other,
      double[] survival,
      double[] incidence,
      double common) {
    double events = 0;
    double others = 0;
    double atRisk = 0;
    double free = 0;
    double[] after = new double[groups];
    for (int g = 0; g < groups; g++) {
      events += own[g];
      others += other[g];
      after[g] = risk[g] > 0 ? survival[g] * (risk[g] - own[g] - other[g]) / risk[g] : survival[g];
      if (risk[g] > 0) {
        atRisk += risk[g] / survival[g];
        free += risk[g] * (1 - incidence[g]) / survival[g];
      }
    }
    if (events + others == 0) {
      return common;
    }
    double next = common + events / atRisk;
    double[] weights = weights(risk, survival, atRisk, events / (atRisk * (1 - common)));
    for (int g = 0; g < groups; g++) {
      if (risk[g] > 0) {
        double share = risk[g] * (1 - incidence[g]) / (survival[g] * free);
        score[g] += own[g] - events * share;
      }
    }
    for (int g = 0; g < groups; g++) {
      if (risk[g] > 0 && events > 0) {
        double lost = after[g] > 0 ? 1 - (1 - next) / after[g] : 1;
        double ties = events > 1 ? 1 - (events - 1) / (atRisk * survival[g] - 1) : 1;
        spread(g, weights, lost, ties * survival[g] * events / (atRisk * risk[g]));
      }
      if (after[g] > 0 && other[g] > 0) {
        double ties = other[g] > 1 ? 1 - (other[g] - 1) / (risk[g] - 1) : 1;
        double size = survival[g] / risk[g];
        spread(
            g, new double[groups * groups], -(1 - next) / after[g], ties * size * size * other[g]);
      }
    }
    for (int g = 0; g < groups; g++) {
      if (risk[g] > 0) {
        incidence[g] += survival[g] * own[g] / risk[g];
        survival[g] = after[g];
      }
    }
    return next;
  }

  /** Covariance weights a_ij of this time; their products with the hazard go into the drift. */
  private double[] weights(double[] risk, double[] survival, double atRisk, double hazard) {
    double[] weights = new double[groups * groups];
    for (int g = 0; g < groups; g++) {
      for (int h = 0; h < groups; h++) {
        if (risk[g] > 0 && risk[h] > 0) {
          double size = risk[g] / survival[g];
          weights[g * groups + h] = size * ((g == h ? 1 : 0) - risk[h] / survival[h] / atRisk);
          drift[g * groups + h] += weights[g * groups + h] * hazard;
        }
      }
    }
    return weights;
  }

  /** Adds what one kind of events in a group does to the covariance. */
  private void spread(int group, double[] weights, double lost, double size) {
    variance[group] += lost * lost * size;
    double[] parts = new double[groups];
    for (int g = 0; g < groups; g++) {
      parts[g] = weights[g * groups + group] - lost * drift[g * groups + group];
      mixed[g * groups + group] += parts[g] * lost * size;
    }
    for (int g = 0; g < groups; g++) {
      for (int h = 0; h < groups; h++) {
        covariance[g * groups + h] += parts[g] * parts[h] * size;
      }
    }
  }

  /** The drift of all times multiplies what each group's part has become at the end. */
  private void close() {
    for (int g = 0; g < groups; g++) {
      for (int h = 0; h < groups; h++) {
        for (int k = 0; k < groups; k++) {
          double left = drift[g * groups + k];
          double right = drift[h * groups + k];
          covariance[g * groups + h] +=
              left * right * variance[k]
                  + left * mixed[h * groups + k]
                  + right * mixed[g * groups + k];
        }
      }
    }
  }

  /** All groups against each other, the last one following from the others. */
  public LogRank.Test test() {
    int free = groups - 1;
    double[] upper = new double[free * (free + 1) / 2];
    double[] off = new double[free];
    for (int g = 0; g < free; g++) {
      off[g] = score[g];
      for (int h = g; h < free; h++) {
        upper[Cholesky.packed(free, g, h)] = covariance[g * groups + h];
      }
    }
    Cholesky factor = Cholesky.of(free, upper, DEPENDENT);
    double[] solved = factor.solve(off);
    double chiSquare = 0;
    for (int g = 0; g < free; g++) {
      chiSquare += solved[g] * off[g];
    }
    return new LogRank.Test(chiSquare, factor.rank());
  }
}
