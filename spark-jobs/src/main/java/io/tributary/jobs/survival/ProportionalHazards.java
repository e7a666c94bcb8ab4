package io.tributary.jobs.survival;

import io.tributary.jobs.linalg.Cholesky;
import java.util.List;

/**
 * The score test of coefficients that change along a function g of time, at a fit whose
 * coefficients do not (Grambsch and Therneau 1994, in the exact form of R's cox.zph from survival
 * 3.0 on).
 */
public final class ProportionalHazards {
  /** Share of a column's information that others must leave; less is none. */
  private static final double DEPENDENT = 1e-10;

  private final int parameters;
  private final double[] score;
  private final double[] information;
  private final double[] crossed;
  private final double[] squared;

  /**
   * Sums at the fit.
   *
   * @param score of the columns times g, [p]
   * @param information of the columns, packed by rows
   * @param crossed the same with each term times g
   * @param squared the same with each term times g^2
   */
  public ProportionalHazards(
      double[] score, double[] information, double[] crossed, double[] squared) {
    this.parameters = score.length;
    this.score = score.clone();
    this.information = information.clone();
    this.crossed = crossed.clone();
    this.squared = squared.clone();
  }

  /**
   * A test.
   *
   * @param df 0 if the columns times g follow from the columns; chiSquare is 0 then
   */
  public record Test(double chiSquare, int df) {}

  /** Whether the coefficients of these columns change. */
  public Test of(List<Integer> columns) {
    int p = parameters;
    int size = p + columns.size();
    double[] upper = new double[size * (size + 1) / 2];
    double[] right = new double[size];
    for (int j = 0; j < size; j++) {
      for (int k = j; k < size; k++) {
        double[] matrix = k < p ? information : j < p ? crossed : squared;
        int row = j < p ? j : columns.get(j - p);
        int column = k < p ? k : columns.get(k - p);
        upper[Cholesky.packed(size, j, k)] =
            matrix[Cholesky.packed(p, Math.min(row, column), Math.max(row, column))];
      }
      right[j] = j < p ? 0 : score[columns.get(j - p)];
    }
    Cholesky factor = Cholesky.of(size, upper, DEPENDENT);
    int df = columns.size() - (int) factor.aliased().stream().filter(at -> at >= p).count();
    double[] solved = factor.solve(right);
    double chiSquare = 0;
    for (int j = p; j < size; j++) {
      chiSquare += right[j] * solved[j];
    }
    return new Test(df == 0 ? 0 : chiSquare, df);
  }
}
