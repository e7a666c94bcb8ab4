package io.tributary.jobs.hypothesis;

import io.tributary.jobs.probability.Noncentral;
import io.tributary.jobs.probability.Tails;
import java.util.Arrays;

/** Counts by two categories, and what they say about each other. */
public final class ContingencyTable {
  private final long[][] counts;
  private final double[] rows;
  private final double[] columns;
  private final double total;

  private ContingencyTable(long[][] counts) {
    this.counts = counts;
    this.rows = new double[counts.length];
    this.columns = new double[counts[0].length];
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        rows[i] += counts[i][j];
        columns[j] += counts[i][j];
        sum += counts[i][j];
      }
    }
    this.total = sum;
  }

  /** From [rows][columns]. */
  public static ContingencyTable of(long[][] counts) {
    return new ContingencyTable(Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new));
  }

  public int rows() {
    return rows.length;
  }

  public int columns() {
    return columns.length;
  }

  public boolean isFourfold() {
    return rows.length == 2 && columns.length == 2;
  }

  /**
   * A statistic that is chi-square where nothing is associated.
   *
   * @param statistic infinite or NaN where it is not defined
   * @param df degrees of freedom
   */
  public record Test(double statistic, double df) {
    public boolean isDefined() {
      return Double.isFinite(statistic) && df > 0;
    }

    public double logP() {
      return Tails.logChiSquareUpper(statistic, df);
    }
  }

  /**
   * Pearson's (1900).
   *
   * @param correction most that is taken off every |observed - expected|: 0, or 1/2 by Yates (1934)
   */
  public Test chiSquare(double correction) {
    double yates = correction;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        yates = Math.min(yates, Math.abs(counts[i][j] - expected(i, j)));
      }
    }
    double statistic = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        double off = Math.abs(counts[i][j] - expected(i, j)) - yates;
        statistic += off * off / expected(i, j);
      }
    }
    return new Test(statistic, (rows.length - 1.0) * (columns.length - 1.0));
  }

  private double expected(int i, int j) {
    return rows[i] * columns[j] / total;
  }

  /**
   * Proportions of the second row against scores of the columns (Cochran 1954, Armitage 1955); two
   * rows.
   */
  public Test trend(double[] scores) {
    double share = rows[1] / total;
    double sum = 0;
    double mean = 0;
    for (int j = 0; j < columns.length; j++) {
      mean += scores[j] * columns[j] / total;
    }
    double spread = 0;
    for (int j = 0; j < columns.length; j++) {
      double off = scores[j] - mean;
      sum += off * (counts[1][j] - columns[j] * share);
      spread += columns[j] * off * off;
    }
    return new Test(sum * sum / (share * (1 - share) * spread), 1);
  }

  /**
   * Whether two answers of the same persons agree in their margins (McNemar 1947, Bowker 1948); as
   * many rows as columns.
   *
   * @param correction most that is taken off every difference, 0 or 1
   */
  public Test symmetry(double correction) {
    double statistic = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = i + 1; j < columns.length; j++) {
        double off = Math.abs((double) (counts[i][j] - counts[j][i]));
        off -= Math.min(correction, off);
        statistic += off * off / (counts[i][j] + counts[j][i]);
      }
    }
    return new Test(statistic, rows.length * (rows.length - 1) / 2.0);
  }

  /** Cramer's V (1946), and its limits by the noncentrality of chi-square: low, high. */
  public double[] association(double level) {
    Test test = chiSquare(0);
    double most = total * (Math.min(rows.length, columns.length) - 1);
    double[] limits = Noncentral.chiSquareLimits(test.statistic, test.df, level);
    return new double[] {
      StrictMath.sqrt(test.statistic / most),
      StrictMath.sqrt(limits[0] / most),
      Math.min(1, StrictMath.sqrt(limits[1] / most))
    };
  }

  /**
   * An effect on a scale on which it is about normal.
   *
   * @param estimate a logarithm, or a difference
   * @param error its standard error
   */
  public record Effect(double estimate, double error) {
    public boolean isDefined() {
      return Double.isFinite(estimate) && Double.isFinite(error);
    }
  }

  /** Logarithm of the odds ratio of a fourfold table (Woolf 1955). */
  public Effect logOddsRatio() {
    double variance = 0;
    for (long[] row : counts) {
      for (long count : row) {
        variance += 1.0 / count;
      }
    }
    double ratio = (double) counts[0][0] / counts[0][1] * ((double) counts[1][1] / counts[1][0]);
    return new Effect(StrictMath.log(ratio), StrictMath.sqrt(variance));
  }

  /**
   * Logarithm of the odds ratio within persons: those who moved up over those who moved down; rows
   * and columns are two answers of the same persons.
   */
  public Effect logPairedOddsRatio() {
    double up = counts[1][0];
    double down = counts[0][1];
    return new Effect(StrictMath.log(up / down), StrictMath.sqrt(1 / up + 1 / down));
  }

  /** Logarithm of the second column's share of second row over that of the first (Katz 1978). */
  public Effect logRiskRatio() {
    double variance = 1.0 / counts[1][1] - 1 / columns[1] + 1.0 / counts[1][0] - 1 / columns[0];
    return new Effect(StrictMath.log(share(1) / share(0)), StrictMath.sqrt(variance));
  }

  private double share(int column) {
    return counts[1][column] / columns[column];
  }

  /**
   * The same shares' difference, with limits of Newcombe (1998, method 10): estimate, low, high.
   */
  public double[] riskDifference(double level) {
    double z = Tails.normalQuantile(level);
    double[] first = wilson(0, z);
    double[] second = wilson(1, z);
    double off = share(1) - share(0);
    return new double[] {
      off,
      off - StrictMath.hypot(share(1) - second[0], first[1] - share(0)),
      off + StrictMath.hypot(second[1] - share(1), share(0) - first[0])
    };
  }

  /** Limits of a share (Wilson 1927). */
  private double[] wilson(int column, double z) {
    double n = columns[column];
    double middle = (share(column) + z * z / (2 * n)) / (1 + z * z / n);
    double reach =
        z
            / (1 + z * z / n)
            * StrictMath.sqrt(share(column) * (1 - share(column)) / n + z * z / (4 * n * n));
    return new double[] {middle - reach, middle + reach};
  }
}
