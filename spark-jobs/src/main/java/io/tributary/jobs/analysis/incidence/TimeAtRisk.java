package io.tributary.jobs.analysis.incidence;

import java.io.Serializable;

/**
 * When persons are at risk.
 *
 * @param first day after the index date, 0 or more
 * @param last day, not before the first
 */
record TimeAtRisk(int first, int last) implements Serializable {
  /** 273 years. */
  static final int MAX_DAYS = 100_000;

  /** What one person contributes. */
  record Share(boolean atRisk, boolean event, int days) {
    static final Share NONE = new Share(false, false, 0);
  }

  /**
   * One person.
   *
   * @param outcome day of the first event, NaN for none; both are whole
   * @param observed last day of observation
   */
  Share of(double outcome, double observed) {
    boolean hadIt = outcome < first;
    if (observed < first || hadIt) {
      return Share.NONE;
    }
    double end = Math.min(last, observed);
    boolean event = outcome <= end;
    return new Share(true, event, (int) (event ? outcome : end) - first + 1);
  }
}
