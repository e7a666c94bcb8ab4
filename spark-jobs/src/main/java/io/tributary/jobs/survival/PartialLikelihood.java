package io.tributary.jobs.survival;

import io.tributary.jobs.linalg.Cholesky;

/**
 * Cox's partial likelihood from sums over risk sets (Cox 1972; ties by Breslow 1974 or Efron 1977).
 *
 * <p>With r = w exp(predictor), S0, S1, S2 are the sums of r, r z and r z z' over the rows at risk
 * at an event time, E0, E1, E2 the same over its d events, and W the sum of the events' weights.
 * Breslow takes one term of weight W; Efron takes d terms of weight W / d over the sums S - (k / d)
 * E, k = 0 .. d - 1. A term with sums A of weight v adds v log A0 to the logarithm, v A1 / A0 to
 * the mean, and v (A2 / A0 - A1 A1' / A0^2) to the information.
 */
public final class PartialLikelihood {
  private final EventTimes times;
  private final int parameters;
  private final int size;
  private final double[] risk;
  private final double[] tied;
  private final double[] weights;

  /**
   * Sums over risk sets.
   *
   * @param parameters p
   * @param risk S of each cell, [cells x sums(p)]: S0, S1, and S2 packed by rows
   * @param tied E of each cell with several events, [ties x sums(p)]; of length 0 for Breslow
   * @param weights W of each cell, [cells]
   */
  public PartialLikelihood(
      EventTimes times, int parameters, double[] risk, double[] tied, double[] weights) {
    this.times = times;
    this.parameters = parameters;
    this.size = sums(parameters);
    this.risk = risk.clone();
    this.tied = tied.clone();
    this.weights = weights.clone();
    if (risk.length != times.cells() * size
        || weights.length != times.cells()
        || (tied.length != 0 && tied.length != times.ties() * size)) {
      throw new IllegalArgumentException("risk=" + risk.length + " tied=" + tied.length);
    }
  }

  /** Sums of one risk set: S0, S1 [p], S2 [p (p + 1) / 2]. */
  public static int sums(int parameters) {
    return 1 + parameters + parameters * (parameters + 1) / 2;
  }

  /** Takes the terms of the likelihood one by one. */
  private interface Terms {
    /**
     * One term.
     *
     * @param share k / d
     * @param weight v
     * @param sums A, [sums(p)]; reused
     */
    void take(int cell, double share, double weight, double[] sums);
  }

  private void each(Terms terms) {
    double[] sums = new double[size];
    for (int cell = 0; cell < times.cells(); cell++) {
      long several = tied.length > 0 && times.tie(cell) >= 0 ? times.events(cell) : 1;
      for (long k = 0; k < several; k++) {
        double share = (double) k / several;
        for (int i = 0; i < size; i++) {
          double own = risk[cell * size + i];
          sums[i] = several > 1 ? own - share * tied[times.tie(cell) * size + i] : own;
        }
        terms.take(cell, share, weights[cell] / several, sums);
      }
    }
  }

  /** Least S0 of any cell; that of a sum on a grid has lost digits if it is not far above it. */
  public double leastRisk() {
    double least = Double.POSITIVE_INFINITY;
    for (int cell = 0; cell < times.cells(); cell++) {
      least = Math.min(least, risk[cell * size]);
    }
    return least;
  }

  /** Sum of v log A0; the log-likelihood is what the events' predictors add up to, less this. */
  public double logarithm() {
    double[] sum = new double[1];
    each((cell, share, weight, sums) -> sum[0] += weight * StrictMath.log(sums[0]));
    return sum[0];
  }

  /**
   * Sum of g v A1 / A0, [p]; the score is what the events' z add up to, less this.
   *
   * @param g a factor for each cell
   */
  public double[] mean(double... g) {
    double[] mean = new double[parameters];
    each(
        (cell, share, weight, sums) -> {
          for (int j = 0; j < parameters; j++) {
            mean[j] += g[cell] * weight * (sums[1 + j] / sums[0]);
          }
        });
    return mean;
  }

  /**
   * Sum of g v (A2 / A0 - A1 A1' / A0^2), packed by rows, [p (p + 1) / 2].
   *
   * @param g a factor for each cell
   */
  public double[] information(double... g) {
    double[] information = new double[parameters * (parameters + 1) / 2];
    each(
        (cell, share, weight, sums) -> {
          int at = 0;
          for (int j = 0; j < parameters; j++) {
            double left = sums[1 + j] / sums[0];
            for (int k = j; k < parameters; k++) {
              double product = sums[1 + parameters + at] / sums[0] - left * (sums[1 + k] / sums[0]);
              information[at++] += g[cell] * weight * product;
            }
          }
        });
    return information;
  }

  /**
   * Sum of v A2 / A0 over the diagonal, [p]: what the information would be if no mean were taken
   * off. A diagonal element far below it is nothing but rounding.
   */
  public double[] squares() {
    double[] squares = new double[parameters];
    each(
        (cell, share, weight, sums) -> {
          for (int j = 0; j < parameters; j++) {
            int diagonal = 1 + parameters + Cholesky.packed(parameters, j, j);
            squares[j] += weight * (sums[diagonal] / sums[0]);
          }
        });
    return squares;
  }

  /**
   * What score residuals need of each risk set (Therneau, Grambsch and Fleming 1990), with h = v /
   * A0 and a = A1 / A0 of each term.
   *
   * @return for each cell the sum of h, the sum of h a [p] and the mean of a over its terms [p];
   *     then for each tied cell the sums of (k / d) h and of (k / d) h a [p], by which its events
   *     are less at risk
   */
  public double[] residuals() {
    int ofCell = 1 + 2 * parameters;
    int ofTie = 1 + parameters;
    double[] into = new double[residuals(times, parameters, tied.length > 0)];
    int ties = times.cells() * ofCell;
    each(
        (cell, share, weight, sums) -> {
          double h = weight / sums[0];
          int at = cell * ofCell;
          int tie = times.tie(cell) < 0 ? -1 : ties + times.tie(cell) * ofTie;
          into[at] += h;
          if (share > 0) {
            into[tie] += share * h;
          }
          for (int j = 0; j < parameters; j++) {
            double mean = sums[1 + j] / sums[0];
            into[at + 1 + j] += h * mean;
            into[at + 1 + parameters + j] += mean * (weight / weights[cell]);
            if (share > 0) {
              into[tie + 1 + j] += share * h * mean;
            }
          }
        });
    return into;
  }

  /** Numbers that {@link #residuals()} gives. */
  public static int residuals(EventTimes times, int parameters, boolean efron) {
    return times.cells() * (1 + 2 * parameters) + (efron ? times.ties() * (1 + parameters) : 0);
  }

  /** Increments of the cumulative baseline hazard at predictor 0, the sum of v / A0, [cells]. */
  public double[] hazard() {
    double[] hazard = new double[times.cells()];
    each((cell, share, weight, sums) -> hazard[cell] += weight / sums[0]);
    return hazard;
  }

  /**
   * Increments of what the error of a cumulative hazard needs (Tsiatis 1981; Therneau and Grambsch
   * 2000, section 10.2): the variance at known coefficients, the sum of v / A0^2, and the hazard
   * times the mean of the risk set, the sum of v A1 / A0^2, [cells x (1 + p)].
   */
  public double[] hazardError() {
    double[] into = new double[times.cells() * (1 + parameters)];
    each(
        (cell, share, weight, sums) -> {
          double h = weight / sums[0];
          int at = cell * (1 + parameters);
          into[at] += h / sums[0];
          for (int j = 0; j < parameters; j++) {
            into[at + 1 + j] += h * (sums[1 + j] / sums[0]);
          }
        });
    return into;
  }
}
