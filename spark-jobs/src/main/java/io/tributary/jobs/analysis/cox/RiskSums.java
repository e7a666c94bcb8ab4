package io.tributary.jobs.analysis.cox;

import io.tributary.analysis.Aggregate;
import io.tributary.codec.FixedPoint;
import io.tributary.jobs.survival.EventTimes;

/** Sums over risk sets from what a round added up at each event time, without rounding between. */
final class RiskSums {
  private RiskSums() {}

  /** Sums over the risk set of each cell, [cells x size]: over the cell and all later ones. */
  static double[] risk(EventTimes times, int size, Aggregate sum) {
    long[] words = sum.words(0);
    int slot = sum.layout().slotIndex(RiskKernel.RISK);
    int offset = sum.layout().offset(slot, 0);
    int scaleBits = sum.layout().slots().get(slot).scaleBits();
    double[] risk = new double[times.cells() * size];
    for (int stratum = 0; stratum < times.strata(); stratum++) {
      long[] running = new long[2 * size];
      for (int cell = times.first(stratum + 1) - 1; cell >= times.first(stratum); cell--) {
        for (int i = 0; i < size; i++) {
          int at = offset + 2 * (cell * size + i);
          FixedPoint.add(running, 2 * i, words[at], words[at + 1]);
          risk[cell * size + i] = value(running[2 * i], running[2 * i + 1], scaleBits);
        }
      }
    }
    return risk;
  }

  /** A 128-bit number over 2^scaleBits. */
  private static double value(long low, long high, int scaleBits) {
    if (high < 0) {
      return -value(-low, ~high + (low == 0 ? 1 : 0), scaleBits);
    }
    double upper = Math.scalb((double) high, 64);
    double lower = (double) (low >>> 1) * 2 + (double) (low & 1);
    return Math.scalb(upper + lower, -scaleBits);
  }
}
