package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.CentredColumns;
import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.elasticnet.NetState.Counted;
import io.tributary.jobs.analysis.elasticnet.NetState.Spread;
import io.tributary.study.Errors;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Centres and scales of the columns, and of the outcome behind them, inside a fit, with the bounds
 * that follow: one square is at most the sum of squares.
 *
 * @param centres means over all parts, [columns + 1]
 * @param scales powers of two near the standard deviations, [columns + 1]
 * @param reach largest absolute value in that scale, [columns + 1]
 */
record NetScaling(Reals centres, Reals scales, Reals reach) implements Serializable {

  static NetScaling of(Counted counted, Spread spread) {
    int size = counted.absolutes().size();
    long n = counted.persons().sum();
    double[] scales = new double[size];
    double[] reach = new double[size];
    for (int j = 0; j < size; j++) {
      BigDecimal squares = BigDecimal.ZERO;
      for (int part = 0; part < counted.parts(); part++) {
        squares = squares.add(spread.squares().get(part * size + j));
      }
      double root = Exact.root(squares);
      scales[j] = Scales.powerNear(root, n);
      reach[j] = Scales.above(root / scales[j]);
    }
    return new NetScaling(centres(counted), Reals.of(scales), Reals.of(reach));
  }

  static Reals centres(Counted counted) {
    double[] centres = new double[counted.absolutes().size()];
    for (int j = 0; j < centres.length; j++) {
      centres[j] = Exact.mean(counted.number(j), counted.persons().sum());
    }
    return Reals.of(centres);
  }

  int columns() {
    return centres.size() - 1;
  }

  /** Largest absolute element of a row [1, columns]. */
  double greatestReach() {
    double greatest = 1;
    for (int j = 0; j < columns(); j++) {
      greatest = Math.max(greatest, reach.at(j));
    }
    return greatest;
  }

  /** Largest absolute value of the outcome in its scale. */
  double outcomeReach() {
    return reach.at(columns());
  }

  /** Largest absolute predictor. */
  double predictorReach(Reals coefficients) {
    double sum = Math.abs(coefficients.at(0));
    for (int j = 0; j < columns(); j++) {
      sum += Math.abs(coefficients.at(1 + j)) * reach.at(j);
    }
    return sum;
  }

  /**
   * Writes a row of the fit as [1, columns].
   *
   * @param slot that a value beyond its bound would break
   * @return the greatest absolute element
   */
  double write(double[] block, int row, String slot, double[] into) {
    into[0] = 1;
    double most = 1;
    for (int j = 0; j < columns(); j++) {
      into[1 + j] = scaled(block[row + PartReader.COLUMNS + j], j, slot);
      most = Math.max(most, Math.abs(into[1 + j]));
    }
    return most;
  }

  /** The outcome in its scale. */
  double outcome(double[] block, int row, String slot) {
    return scaled(block[row + PartReader.OUTCOME], columns(), slot);
  }

  private double scaled(double number, int column, String slot) {
    double value = (number - centres.at(column)) / scales.at(column);
    if (!(Math.abs(value) <= reach.at(column))) {
      throw Errors.valueOutOfBounds(slot, reach.at(column));
    }
    return value;
  }

  /**
   * Coefficients of the columns as they are, the intercept first.
   *
   * @param linear whether the outcome was centred and scaled too
   */
  Reals estimates(Reals coefficients, boolean linear) {
    int q = columns();
    CentredColumns back =
        new CentredColumns(
            true,
            Reals.of(Arrays.copyOf(centres.toArray(), q)),
            Reals.of(Arrays.copyOf(scales.toArray(), q)));
    return linear
        ? back.estimates(coefficients, centres.at(q), scales.at(q))
        : back.estimates(coefficients, 0, 1);
  }
}
