package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.polytomous.PolytomousModel.Constant;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * From columns that were centred and scaled back to the columns as they are. Scales are powers of
 * two, so slopes keep every bit; constants are added up exactly and rounded once.
 */
final class Uncentring {
  private final ColumnScaling scaling;
  // For each parameter the first of its slopes, or -1 for a slope itself, and its sign.
  private final int[] firstSlope;
  private final int[] sign;

  Uncentring(PolytomousModel model, ColumnScaling scaling) {
    this.scaling = scaling;
    this.firstSlope = new int[model.parameters()];
    this.sign = new int[model.parameters()];
    Arrays.fill(firstSlope, -1);
    for (Constant constant : model.constants()) {
      firstSlope[constant.parameter()] = constant.firstSlope();
      sign[constant.parameter()] = constant.sign();
    }
  }

  /** Slopes over their scales; constants as they stand for columns that are 0. */
  Reals estimates(Reals scaled) {
    double[] slopes = scaled.toArray();
    divide(slopes, 1);
    double[] estimates = slopes.clone();
    for (int i = 0; i < estimates.length; i++) {
      if (firstSlope[i] >= 0) {
        estimates[i] = combined(i, slopes, 0).doubleValue();
      }
    }
    return Reals.of(estimates);
  }

  /**
   * T V T' with T the linear map of {@link #estimates}.
   *
   * @param scaled V, row-major [p x p]
   */
  Reals covariance(double[] scaled) {
    int p = firstSlope.length;
    double[] slopes = scaled.clone();
    for (int i = 0; i < p; i++) {
      double[] row = Arrays.copyOfRange(slopes, i * p, (i + 1) * p);
      divide(row, scaleOf(i));
      System.arraycopy(row, 0, slopes, i * p, p);
    }
    BigDecimal[] half = new BigDecimal[p * p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        half[i * p + j] =
            firstSlope[j] >= 0 ? combined(j, slopes, i * p) : new BigDecimal(slopes[i * p + j]);
      }
    }
    double[] whole = new double[p * p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        whole[i * p + j] =
            firstSlope[i] >= 0 ? combined(i, half, j) : half[i * p + j].doubleValue();
      }
    }
    for (int i = 0; i < p; i++) {
      for (int j = i + 1; j < p; j++) {
        whole[j * p + i] = whole[i * p + j];
      }
    }
    return Reals.of(whole);
  }

  private double scaleOf(int parameter) {
    if (firstSlope[parameter] >= 0) {
      return 1;
    }
    return scaling.scales().at(column(parameter));
  }

  /** The column of a slope: constants stand before or behind runs of all columns. */
  private int column(int slope) {
    for (int i = 0; i < firstSlope.length; i++) {
      int first = firstSlope[i];
      if (first >= 0 && slope >= first && slope < first + scaling.columns()) {
        return slope - first;
      }
    }
    throw new IllegalStateException("slope " + slope + " has no constant");
  }

  private void divide(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] /= scaleOf(i) * by;
    }
  }

  /** A constant of one row of parameters, which begins at an offset. */
  private BigDecimal combined(int constant, double[] values, int offset) {
    BigDecimal sum = new BigDecimal(values[offset + constant]);
    for (int j = 0; j < scaling.columns(); j++) {
      BigDecimal part =
          new BigDecimal(values[offset + firstSlope[constant] + j])
              .multiply(new BigDecimal(scaling.centres().at(j)));
      sum = sign[constant] > 0 ? sum.add(part) : sum.subtract(part);
    }
    return sum;
  }

  /** A constant of one column of a matrix whose rows are parameters. */
  private double combined(int constant, BigDecimal[] values, int column) {
    int p = firstSlope.length;
    BigDecimal sum = values[constant * p + column];
    for (int j = 0; j < scaling.columns(); j++) {
      BigDecimal part =
          values[(firstSlope[constant] + j) * p + column].multiply(
              new BigDecimal(scaling.centres().at(j)));
      sum = sign[constant] > 0 ? sum.add(part) : sum.subtract(part);
    }
    return sum.doubleValue();
  }
}
