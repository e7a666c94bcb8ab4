package io.tributary.jobs.analysis.elasticnet;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.elasticnet.NetState.Counted;
import io.tributary.jobs.analysis.elasticnet.NetState.Spread;
import java.math.BigDecimal;

/**
 * The rows a fit is made of: all, or all but one part.
 *
 * @param left the part that is left out, -1 for none
 * @param persons rows
 * @param events rows with the outcome 1
 * @param deviations standard deviations of the columns, then of the outcome, with n as divisor
 */
record TrainingSet(int left, long persons, long events, Reals deviations) {

  static TrainingSet without(int left, Counted counted, Spread spread) {
    int size = counted.absolutes().size();
    Reals centres = NetScaling.centres(counted);
    long persons = counted.persons().sum();
    long events = counted.events().sum();
    if (left >= 0) {
      persons -= counted.persons().at(left);
      events -= counted.events().at(left);
    }
    double[] deviations = new double[size];
    for (int j = 0; j < size; j++) {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal squares = BigDecimal.ZERO;
      for (int part = 0; part < counted.parts(); part++) {
        if (part != left) {
          sum = sum.add(counted.number(part, j));
          squares = squares.add(spread.squares().get(part * size + j));
        }
      }
      BigDecimal about = Exact.squaresAboutMean(squares, sum, persons, centres.at(j));
      deviations[j] = Exact.root(about) / Math.sqrt((double) persons);
    }
    return new TrainingSet(left, persons, events, Reals.of(deviations));
  }

  /** Whether a row of a part is among them. */
  boolean has(int part) {
    return part != left;
  }
}
