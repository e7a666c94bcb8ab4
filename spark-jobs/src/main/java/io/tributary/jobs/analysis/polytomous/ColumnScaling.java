package io.tributary.jobs.analysis.polytomous;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.polytomous.PolytomousState.Counted;
import io.tributary.study.Errors;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

/**
 * Centres and scales of the columns inside a fit, and the bounds that follow: one square is at most
 * the sum of squares.
 *
 * @param centres of the columns
 * @param scales powers of two near the standard deviations
 * @param reach largest absolute value in that scale
 * @param weights no row's weight is more
 */
record ColumnScaling(Reals centres, Reals scales, Reals reach, double weights)
    implements Serializable {

  static ColumnScaling of(Counted counted, List<BigDecimal> squares) {
    double[] scales = new double[squares.size()];
    double[] reach = new double[squares.size()];
    for (int j = 0; j < squares.size(); j++) {
      double root = Exact.root(squares.get(j));
      scales[j] = Scales.powerNear(root, counted.persons());
      reach[j] = Scales.above(root / scales[j]);
    }
    return new ColumnScaling(
        centres(counted),
        Reals.of(scales),
        Reals.of(reach),
        Exact.upperBound(counted.allWeights()));
  }

  static Reals centres(Counted counted) {
    return Reals.of(
        counted.numbers().stream()
            .mapToDouble(sum -> Exact.mean(sum, counted.persons()))
            .toArray());
  }

  int columns() {
    return centres.size();
  }

  /** Largest absolute element of a row of the fit, which also has an element 1. */
  double greatestReach() {
    double greatest = 1;
    for (int j = 0; j < reach.size(); j++) {
      greatest = Math.max(greatest, reach.at(j));
    }
    return greatest;
  }

  /** Largest absolute value of columns times coefficients from a position on. */
  double predictorReach(Reals coefficients, int from) {
    double sum = 0;
    for (int j = 0; j < reach.size(); j++) {
      sum += Math.abs(coefficients.at(from + j)) * reach.at(j);
    }
    return sum;
  }

  /**
   * Writes a row's columns in the scale of the fit.
   *
   * @param slot that a value beyond its bound would break
   * @param at position of the first column
   * @return the greatest absolute element, at least 1
   */
  double write(double[] block, int row, String slot, double[] into, int at) {
    if (!(block[row + CategoryReader.WEIGHT] <= weights)) {
      throw Errors.valueOutOfBounds(slot, weights);
    }
    double most = 1;
    for (int j = 0; j < centres.size(); j++) {
      double number = block[row + CategoryReader.COLUMNS + j];
      double value = (number - centres.at(j)) / scales.at(j);
      if (!(Math.abs(value) <= reach.at(j))) {
        throw Errors.valueOutOfBounds(slot, reach.at(j));
      }
      into[at + j] = value;
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }
}
