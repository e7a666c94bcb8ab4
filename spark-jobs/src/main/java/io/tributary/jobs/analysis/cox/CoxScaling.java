package io.tributary.jobs.analysis.cox;

import io.tributary.jobs.analysis.Exact;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.Scales;
import io.tributary.jobs.analysis.cox.CoxState.Counted;
import io.tributary.jobs.analysis.cox.CoxState.Element;
import io.tributary.jobs.analysis.cox.CoxState.Spread;
import java.io.Serializable;

/**
 * How columns are centred and scaled inside a fit, and the bounds that follow from public sums: one
 * term of a sum of squares is at most the sum. A partial likelihood does not know centres, so they
 * cost nothing.
 *
 * @param centres means of the columns, [p]
 * @param scales of the columns, powers of two, [p]
 * @param reach largest |(x - centre) / scale| that can occur, [p]
 * @param offsetCentre mean offset
 * @param offsetReach largest |offset - mean|
 * @param weightUnit power of two near the mean weight
 * @param weightReach largest weight
 * @param persons rows
 */
record CoxScaling(
    Reals centres,
    Reals scales,
    Reals reach,
    double offsetCentre,
    double offsetReach,
    double weightUnit,
    double weightReach,
    long persons)
    implements Serializable {

  static CoxScaling of(boolean weighted, Counted in, Spread spread) {
    int columns = in.design().size();
    long n = in.persons();
    double[] scales = new double[columns];
    double[] reach = new double[columns];
    for (int j = 0; j < columns; j++) {
      double root = Exact.root(spread.design().get(j));
      scales[j] = Scales.powerNear(root, n);
      reach[j] = Scales.above(root / scales[j]);
    }
    double weight = Exact.mean(in.other(Element.W), n);
    return new CoxScaling(
        Reals.of(centres(in)),
        Reals.of(scales),
        Reals.of(reach),
        offsetCentre(in),
        Scales.above(Exact.root(spread.offset())),
        weighted ? Math.scalb(1.0, Math.getExponent(weight)) : 1,
        weighted ? Exact.upperBound(in.other(Element.W)) : 1,
        n);
  }

  /** Means of the columns. */
  static double[] centres(Counted counted) {
    double[] centres = new double[counted.design().size()];
    for (int j = 0; j < centres.length; j++) {
      centres[j] = Exact.mean(counted.design().get(j), counted.persons());
    }
    return centres;
  }

  static double offsetCentre(Counted counted) {
    return Exact.mean(counted.other(Element.OFFSET), counted.persons());
  }

  /** p. */
  int size() {
    return centres.size();
  }

  /** Largest |z| of any column, at least 1. */
  double greatestReach() {
    double greatest = 1;
    for (int j = 0; j < reach.size(); j++) {
      greatest = Math.max(greatest, reach.at(j));
    }
    return greatest;
  }
}
