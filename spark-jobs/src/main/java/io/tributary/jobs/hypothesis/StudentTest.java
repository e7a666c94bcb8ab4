package io.tributary.jobs.hypothesis;

import io.tributary.jobs.probability.Tails;
import java.math.BigDecimal;

/**
 * A test of a mean, or of a difference of two.
 *
 * @param estimate mean, or first mean less second
 * @param error standard error of it
 * @param statistic (estimate - hypothesis) / error; infinite or NaN without variation
 * @param df degrees of freedom
 */
public record StudentTest(double estimate, double error, double statistic, double df) {

  /** Of one mean (Student 1908). */
  public static StudentTest one(Sample sample, double hypothesis) {
    double error = StrictMath.sqrt(sample.variance() / sample.n());
    return of(sample.mean(), hypothesis, error, sample.n() - 1.0);
  }

  /** Of two means with one variance. */
  public static StudentTest pooled(Sample first, Sample second, double hypothesis) {
    double df = first.n() + second.n() - 2.0;
    double error = pooledSd(first, second) * StrictMath.sqrt(1.0 / first.n() + 1.0 / second.n());
    return of(first.mean().subtract(second.mean()), hypothesis, error, df);
  }

  /** Of two means with a variance each (Welch 1947). */
  public static StudentTest welch(Sample first, Sample second, double hypothesis) {
    double a = first.variance() / first.n();
    double b = second.variance() / second.n();
    double df = (a + b) * (a + b) / (a * a / (first.n() - 1) + b * b / (second.n() - 1));
    return of(first.mean().subtract(second.mean()), hypothesis, StrictMath.sqrt(a + b), df);
  }

  private static StudentTest of(BigDecimal estimate, double hypothesis, double error, double df) {
    double off = estimate.subtract(new BigDecimal(hypothesis)).doubleValue();
    return new StudentTest(estimate.doubleValue(), error, off / error, df);
  }

  /** Standard deviation within two groups that share it. */
  public static double pooledSd(Sample first, Sample second) {
    BigDecimal squares = first.squares().add(second.squares());
    return StrictMath.sqrt(squares.doubleValue() / (first.n() + second.n() - 2));
  }

  /** Whether there is any variation to test against. */
  public boolean isDefined() {
    return error > 0 && Double.isFinite(statistic) && Double.isFinite(df);
  }

  /** Natural logarithm of the two-sided p-value. */
  public double logP() {
    return Tails.logStudentTwoSided(statistic, df);
  }

  /** Limits of the estimate: low, high. */
  public double[] limits(double level) {
    double reach = Tails.studentQuantile(level, df) * error;
    return new double[] {estimate - reach, estimate + reach};
  }
}
