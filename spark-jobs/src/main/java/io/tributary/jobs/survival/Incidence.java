package io.tributary.jobs.survival;

import java.util.Arrays;

/**
 * Cumulative incidence of each cause among others that come first (Aalen and Johansen 1978), with
 * the variance of multinomial increments (Greenwood's, for one cause). Values at entry i hold from
 * that time on.
 */
public final class Incidence {
  private final LifeTable table;
  private final long[][] events;
  // Survival of all causes just before each time.
  private final double[] before;
  private final double[][] incidence;

  private Incidence(LifeTable table, long[][] events) {
    this.table = table;
    this.events = events;
    this.before = new double[table.size()];
    this.incidence = new double[events.length][table.size()];
    double s = 1;
    double[] sum = new double[events.length];
    for (int i = 0; i < table.size(); i++) {
      double n = table.risk(i);
      before[i] = s;
      for (int cause = 0; cause < events.length; cause++) {
        if (events[cause][i] > 0) {
          sum[cause] += s * events[cause][i] / n;
        }
        incidence[cause][i] = sum[cause];
      }
      if (table.events(i) > 0) {
        s *= (n - table.events(i)) / n;
      }
    }
  }

  /**
   * Curves of one group.
   *
   * @param table for all causes together
   * @param events of each cause at each entry of the table, [causes][size]
   */
  public static Incidence of(LifeTable table, long[][] events) {
    return new Incidence(table, Arrays.stream(events).map(long[]::clone).toArray(long[][]::new));
  }

  public LifeTable table() {
    return table;
  }

  /** Events of each cause at each entry of the table, [causes][size]. */
  public long[][] causes() {
    return Arrays.stream(events).map(long[]::clone).toArray(long[][]::new);
  }

  /** Persons with the event of a cause in entries [from, to). */
  public long events(int cause, int from, int to) {
    return Arrays.stream(events[cause], from, to).sum();
  }

  /** Share that has had the event of a cause after {@code entries} of the table. */
  public double incidence(int cause, int entries) {
    return entries == 0 ? 0 : incidence[cause][entries - 1];
  }

  /** Its standard error. */
  public double error(int cause, int entries) {
    double end = incidence(cause, entries);
    double variance = 0;
    for (int i = 0; i < entries; i++) {
      double n = table.risk(i);
      double all = table.events(i) / n;
      if (all == 0) {
        continue;
      }
      double own = before[i] * events[cause][i] / n;
      double later = end - incidence[cause][i];
      variance += own * (before[i] - own) / n - 2 * later * own / n;
      // After everybody at risk had an event nothing comes later.
      variance += all < 1 ? later * later * all / ((1 - all) * n) : 0;
    }
    return Math.sqrt(Math.max(0, variance));
  }

  /** Lower and upper limit; NaN where the scale has none. */
  public double[] limits(int cause, int entries, Curve.Limits scale, double quantile) {
    double share = incidence(cause, entries);
    return Curve.limits(share, error(cause, entries) / share, scale, quantile);
  }
}
