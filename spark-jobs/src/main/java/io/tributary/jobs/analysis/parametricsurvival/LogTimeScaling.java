package io.tributary.jobs.analysis.parametricsurvival;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Counted;
import io.tributary.jobs.analysis.parametricsurvival.SurvivalState.Spread;
import io.tributary.study.Errors;
import java.io.Serializable;

/**
 * Centres and scales of the outcome and the columns inside a fit, and the bounds that follow: one
 * square is at most the sum of squares.
 *
 * @param centres of the outcome, then of the columns
 * @param scales powers of two near the standard deviations; 1 for the outcome
 * @param reach largest absolute value in that scale
 * @param weights sum of all
 * @param persons rows
 */
record LogTimeScaling(Reals centres, Reals scales, Reals reach, double weights, long persons)
    implements Serializable {

  static LogTimeScaling of(Counted counted, Spread spread) {
    int size = counted.numbers().size();
    double[] scales = new double[size];
    double[] reach = new double[size];
    for (int j = 0; j < size; j++) {
      double root = Exact.root(spread.squares().get(j));
      scales[j] = j == 0 ? 1 : Scales.powerNear(root, counted.persons());
      reach[j] = Scales.above(root / scales[j]);
    }
    return new LogTimeScaling(
        centres(counted),
        Reals.of(scales),
        Reals.of(reach),
        Exact.upperBound(counted.weights()),
        counted.persons());
  }

  static Reals centres(Counted counted) {
    return Reals.of(
        counted.numbers().stream()
            .mapToDouble(sum -> Exact.mean(sum, counted.persons()))
            .toArray());
  }

  int columns() {
    return centres.size() - 1;
  }

  /** Largest absolute element of a row of the fit. */
  double greatestReach() {
    double greatest = 1;
    for (int j = 0; j < reach.size(); j++) {
      greatest = Math.max(greatest, reach.at(j));
    }
    return greatest;
  }

  /**
   * Writes a row of the fit as [1, columns, outcome].
   *
   * @param ofNull whether columns are left out
   * @param slot that a value beyond its bound would break
   * @return the greatest absolute element
   */
  double write(double[] block, int row, boolean ofNull, String slot, double[] into) {
    into[0] = 1;
    double most = 1;
    for (int j = 0; j < centres.size(); j++) {
      double number = block[row + LogTimeReader.OUTCOME + j];
      double value = (number - centres.at(j)) / scales.at(j);
      if (!(Math.abs(value) <= reach.at(j))) {
        throw Errors.valueOutOfBounds(slot, reach.at(j));
      }
      int at = j == 0 ? into.length - 1 : j;
      if (j == 0 || !ofNull) {
        into[at] = value;
        most = Math.max(most, Math.abs(value));
      }
    }
    return most;
  }
}
