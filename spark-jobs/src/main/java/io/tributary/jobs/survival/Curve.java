package io.tributary.jobs.survival;

import java.util.Arrays;

/**
 * The Kaplan-Meier curve of a life table with Greenwood's variance, and Nelson and Aalen's
 * cumulative hazard with Aalen's. Values at entry i hold from that time on. (Kaplan and Meier 1958;
 * Greenwood 1926; Aalen 1978; conventions of Therneau's survfit.)
 */
public final class Curve {
  /** Tolerance within which a curve counts as having a level: R's square root of epsilon. */
  private static final double LEVEL = 0x1p-26;

  private final LifeTable table;
  private final double[] survival;
  private final double[] logVariance;
  private final double[] hazard;
  private final double[] hazardVariance;

  private Curve(LifeTable table) {
    this.table = table;
    int size = table.size();
    this.survival = new double[size];
    this.logVariance = new double[size];
    this.hazard = new double[size];
    this.hazardVariance = new double[size];
    double s = 1;
    double v = 0;
    double h = 0;
    double w = 0;
    for (int i = 0; i < size; i++) {
      double n = table.risk(i);
      double d = table.events(i);
      if (d > 0) {
        s *= (n - d) / n;
        v += d / (n * (n - d));
        h += d / n;
        w += d / (n * n);
      }
      survival[i] = s;
      logVariance[i] = v;
      hazard[i] = h;
      hazardVariance[i] = w;
    }
  }

  public static Curve of(LifeTable table) {
    return new Curve(table);
  }

  public LifeTable table() {
    return table;
  }

  /** Survival after {@code entries} of the table; 1 for none. */
  public double survival(int entries) {
    return entries == 0 ? 1 : survival[entries - 1];
  }

  /** Greenwood's standard error of survival; NaN once nobody survives. */
  public double error(int entries) {
    return entries == 0
        ? 0
        : survival[entries - 1] == 0
            ? Double.NaN
            : survival[entries - 1] * Math.sqrt(logVariance[entries - 1]);
  }

  /** Nelson and Aalen's cumulative hazard. */
  public double hazard(int entries) {
    return entries == 0 ? 0 : hazard[entries - 1];
  }

  /** Standard error of the cumulative hazard. */
  public double hazardError(int entries) {
    return entries == 0 ? 0 : Math.sqrt(hazardVariance[entries - 1]);
  }

  /** Scale on which limits are symmetric. */
  public enum Limits {
    LOG,
    LOG_LOG,
    PLAIN
  }

  /** Lower and upper limit of survival; NaN where the scale has none. */
  public double[] limits(int entries, Limits scale, double quantile) {
    double s = survival(entries);
    if (entries == 0) {
      return new double[] {1, 1};
    }
    double se = Math.sqrt(logVariance[entries - 1]);
    return limits(s, se, scale, quantile);
  }

  /**
   * Limits of a probability.
   *
   * @param se standard error of log s
   */
  public static double[] limits(double s, double se, Limits scale, double quantile) {
    if (s == 0) {
      return new double[] {Double.NaN, Double.NaN};
    }
    double reach = quantile * se;
    return switch (scale) {
      case LOG -> new double[] {s * StrictMath.exp(-reach), Math.min(1, s * StrictMath.exp(reach))};
      case PLAIN -> new double[] {Math.max(0, s - s * reach), Math.min(1, s + s * reach)};
      case LOG_LOG -> {
        if (s == 1) {
          yield new double[] {1, 1};
        }
        double logS = StrictMath.log(s);
        double loglog = StrictMath.log(-logS);
        yield new double[] {
          StrictMath.exp(-StrictMath.exp(loglog - reach / logS)),
          StrictMath.exp(-StrictMath.exp(loglog + reach / logS))
        };
      }
    };
  }

  /**
   * The time at which a share {@code p} has had the event, and its limits, by where the curve and
   * its limits cross 1 - p (Brookmeyer and Crowley 1982); a curve that lies on the level over an
   * interval gives its middle.
   *
   * @return time, lower and upper limit; NaN where a curve does not get there
   */
  public double[] quantile(double p, Limits scale, double normal) {
    double[] lower = new double[survival.length];
    double[] upper = new double[survival.length];
    for (int i = 0; i < survival.length; i++) {
      double[] limits = limits(i + 1, scale, normal);
      lower[i] = limits[0];
      upper[i] = limits[1];
    }
    return new double[] {crossing(survival, p), crossing(lower, p), crossing(upper, p)};
  }

  private double crossing(double[] curve, double p) {
    int first = -1;
    int second = -1;
    double before = 0;
    int last = -1;
    for (int i = 0; i < curve.length; i++) {
      double y = 1 - curve[i];
      if (Double.isNaN(y) || y == before) {
        continue;
      }
      before = y;
      last = i;
      if (first < 0 && y + LEVEL >= p) {
        first = i;
      }
      if (second < 0 && y - LEVEL >= p) {
        second = i;
      }
    }
    if (first < 0) {
      return Double.NaN;
    }
    if (second < 0) {
      // The curve ends on the level.
      return Math.abs(1 - curve[last] - p) < LEVEL
          ? (table.time(first) + table.last()) / 2
          : Double.NaN;
    }
    return (table.time(first) + table.time(second)) / 2;
  }

  /**
   * Mean survival time restricted to {@code end}: the area under the curve; its last value goes on
   * to the end.
   *
   * @return mean and standard error
   */
  public double[] restrictedMean(double end) {
    int size = 0;
    while (size < table.size() && table.time(size) <= end) {
      size++;
    }
    // Area from each time to the next one.
    double[] areas = new double[size + 1];
    double from = 0;
    for (int i = 0; i <= size; i++) {
      double to = i < size ? table.time(i) : end;
      areas[i] = (to - from) * survival(i);
      from = to;
    }
    double rest = 0;
    double variance = 0;
    for (int i = size - 1; i >= 0; i--) {
      rest += areas[i + 1];
      double n = table.risk(i);
      double d = table.events(i);
      if (d > 0 && d < n) {
        variance += rest * rest * d / (n * (n - d));
      }
    }
    return new double[] {Arrays.stream(areas).sum(), Math.sqrt(variance)};
  }
}
