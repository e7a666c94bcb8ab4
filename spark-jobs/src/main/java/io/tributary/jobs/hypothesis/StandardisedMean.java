package io.tributary.jobs.hypothesis;

import io.tributary.jobs.probability.Noncentral;
import org.apache.commons.math3.special.Gamma;

/**
 * A difference of means in standard deviations, with exact limits: the noncentrality whose t
 * distribution puts the statistic at its tails, over the root of the effective size (Steiger and
 * Fouladi 1997).
 *
 * @param estimate Cohen's d
 * @param low lower limit
 * @param high upper limit
 * @param correction what Hedges' g multiplies all three by (Hedges 1981)
 */
public record StandardisedMean(double estimate, double low, double high, double correction) {

  /** Of two means, over the standard deviation within both groups. */
  public static StandardisedMean two(Sample first, Sample second, double level) {
    return of(
        StudentTest.pooled(first, second, 0),
        1 / StrictMath.sqrt(1.0 / first.n() + 1.0 / second.n()),
        level);
  }

  /** Of one mean less the hypothesis, over the standard deviation. */
  public static StandardisedMean one(Sample sample, double hypothesis, double level) {
    return of(StudentTest.one(sample, hypothesis), StrictMath.sqrt((double) sample.n()), level);
  }

  private static StandardisedMean of(StudentTest test, double root, double level) {
    double[] limits = Noncentral.studentLimits(test.statistic(), test.df(), level);
    return new StandardisedMean(
        test.statistic() / root, limits[0] / root, limits[1] / root, correction(test.df()));
  }

  /** Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)). */
  private static double correction(double m) {
    return StrictMath.exp(
        Gamma.logGamma(m / 2) - 0.5 * StrictMath.log(m / 2) - Gamma.logGamma((m - 1) / 2));
  }
}
