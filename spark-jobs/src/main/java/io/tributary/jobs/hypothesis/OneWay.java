package io.tributary.jobs.hypothesis;

import io.tributary.jobs.probability.Noncentral;
import io.tributary.jobs.probability.Tails;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Analysis of variance of one way (Fisher 1925).
 *
 * @param between sum of squares of the groups' means about the mean of all
 * @param within sum of squares about the groups' means
 * @param groups at least 2
 * @param persons in all groups
 */
public record OneWay(double between, double within, int groups, long persons) {

  /**
   * A ratio of variances.
   *
   * @param statistic F; infinite or NaN without variation within groups
   * @param df1 numerator's degrees of freedom
   * @param df2 denominator's
   */
  public record Test(double statistic, double df1, double df2) {
    public boolean isDefined() {
      return Double.isFinite(statistic) && Double.isFinite(df2);
    }

    public double logP() {
      return Tails.logFisherUpper(statistic, df1, df2);
    }
  }

  public static OneWay of(List<Sample> groups) {
    Sample all = Sample.all(groups);
    BigDecimal within = BigDecimal.ZERO;
    for (Sample group : groups) {
      within = within.add(group.squares());
    }
    return new OneWay(
        all.squares().subtract(within).doubleValue(), within.doubleValue(), groups.size(), all.n());
  }

  public double dfBetween() {
    return groups - 1.0;
  }

  public double dfWithin() {
    return (double) (persons - groups);
  }

  /** Fisher's F. */
  public Test test() {
    return new Test((between / dfBetween()) / (within / dfWithin()), dfBetween(), dfWithin());
  }

  /** Share of the variation that lies between groups. */
  public double etaSquared() {
    return between / (between + within);
  }

  /**
   * Limits of eta squared: noncentralities l of F by l / (l + n) (Steiger 2004, Psychological
   * Methods 9, section on fixed effects).
   */
  public double[] etaSquaredLimits(double level) {
    Test test = test();
    double[] limits = Noncentral.fisherLimits(test.statistic, test.df1, test.df2, level);
    return new double[] {limits[0] / (limits[0] + persons), limits[1] / (limits[1] + persons)};
  }

  /** Eta squared less what chance adds to it (Hays 1963). */
  public double omegaSquared() {
    double error = within / dfWithin();
    return (between - dfBetween() * error) / (between + within + error);
  }

  /** Equal means where each group has its own variance (Welch 1951). */
  public static Test welch(List<Sample> groups) {
    BigDecimal centre = Sample.all(groups).mean();
    double weights = 0;
    double mean = 0;
    for (Sample group : groups) {
      double weight = group.n() / group.variance();
      weights += weight;
      mean += weight * group.minus(centre);
    }
    mean /= weights;
    double between = 0;
    double unsure = 0;
    for (Sample group : groups) {
      double weight = group.n() / group.variance();
      double off = group.minus(centre) - mean;
      between += weight * off * off;
      double rest = 1 - weight / weights;
      unsure += rest * rest / (group.n() - 1);
    }
    int k = groups.size();
    double square = (double) k * k - 1;
    double statistic = between / (k - 1) / (1 + 2 * (k - 2) * unsure / square);
    return new Test(statistic, k - 1.0, square / (3 * unsure));
  }

  /**
   * Equal variances, by the distances from the groups' means (Levene 1960).
   *
   * @param distances sum of |x - mean| of each group
   */
  public static Test levene(List<Sample> groups, List<BigDecimal> distances) {
    List<Sample> spread = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      BigDecimal n = BigDecimal.valueOf(groups.get(g).n());
      BigDecimal mean = distances.get(g).divide(n, new java.math.MathContext(80));
      BigDecimal squares = groups.get(g).squares().subtract(n.multiply(mean.multiply(mean)));
      spread.add(new Sample(groups.get(g).n(), mean, squares.max(BigDecimal.ZERO)));
    }
    return of(spread).test();
  }

  /** Equal variances of normal groups (Bartlett 1937): chi-square with one group less. */
  public static double bartlett(List<Sample> groups) {
    OneWay all = of(groups);
    double sum = all.dfWithin() * StrictMath.log(all.within / all.dfWithin());
    double inverses = 0;
    for (Sample group : groups) {
      sum -= (group.n() - 1) * StrictMath.log(group.variance());
      inverses += 1.0 / (group.n() - 1);
    }
    return sum / (1 + (inverses - 1 / all.dfWithin()) / (3 * all.dfBetween()));
  }
}
