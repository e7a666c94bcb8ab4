package io.tributary.jobs.analysis.glm;

import io.tributary.codec.GridSum;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.RowBlocks;
import io.tributary.jobs.analysis.ScoreSquares;

/**
 * Squares of score residuals w (y - mu) mu' / V z at the estimate, summed over a cluster's rows
 * first; for HC2 and HC3 each divided by a power of 1 - h, h = w mu'^2 / V z' (X'WX)^-1 z.
 *
 * @param beta coefficients of centred and scaled columns
 * @param inverse of the information, [p x p]
 * @param power of 1 - h
 */
record SquaresKernel(
    FamilyLink model, Scaling scaling, Bounds.Caps caps, Reals beta, Reals inverse, int power)
    implements RowBlocks.Kernel {
  static final String SQUARES = "squares of residuals";
  static final String BEYOND = "residual beyond its cap";

  /** Summed where leverages are looked at. */
  static final String FULL = "leverage of 1";

  /** Least 1 - h of a row that is added. */
  static final double LEAST_REST = 0x1p-20;

  @Override
  public void add(double[] block, GridSum sum) {
    double[] coefficients = beta.toArray();
    double[] bread = inverse.toArray();
    double[] at = new double[FamilyLink.OUT];
    ScaledRow row = new ScaledRow(scaling, SQUARES);
    ScoreSquares squares = new ScoreSquares(sum, sum.slot(SQUARES));
    int beyond = sum.slot(BEYOND);
    int full = power == 0 ? -1 : sum.slot(FULL);
    int width = DesignReader.BEFORE + scaling.centres().size();
    boolean first = true;
    for (int start = 1; start < block.length; start += width) {
      first |= block[start + DesignReader.FIRST] == 1;
      if (block[start + 1] == 0) {
        continue;
      }
      row.read(block, start);
      model.evaluate(row.y(), row.offset() + row.dot(coefficients), at);
      if (!caps.admit(row.weight(), at)) {
        sum.count(beyond, 0, 1);
        continue;
      }
      double rest = power == 0 ? 1 : 1 - row.weight() * at[2] * quadratic(row.z(), bread);
      if (!(rest >= LEAST_REST)) {
        sum.count(full, 0, 1);
        continue;
      }
      double factor = row.weight() * at[1] / (power == 1 ? Math.sqrt(rest) : rest);
      double[] residual = row.z().clone();
      for (int j = 0; j < residual.length; j++) {
        residual[j] *= factor;
      }
      squares.add(residual, first);
      first = false;
    }
    squares.end();
  }

  private static double quadratic(double[] z, double[] matrix) {
    double sum = 0;
    for (int j = 0; j < z.length; j++) {
      double row = 0;
      for (int k = 0; k < z.length; k++) {
        row += matrix[j * z.length + k] * z[k];
      }
      sum += z[j] * row;
    }
    return sum;
  }
}
