package io.tributary.study;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A privacy cost in zero-concentrated differential privacy: a rational number of at least 0, in
 * lowest terms (PROTOCOL.md 3.2). Costs compose by addition, and a budget that is added up in
 * doubles would drift; so sums and comparisons here are exact.
 *
 * @param numerator at least 0
 * @param denominator at least 1; has no factor in common with the numerator
 */
public record Rho(BigInteger numerator, BigInteger denominator)
    implements Comparable<Rho>, Serializable {
  public static final Rho ZERO = new Rho(BigInteger.ZERO, BigInteger.ONE);

  /** Longest text that {@link #parse} reads; longer ones are no budget that a person wrote. */
  public static final int MAX_TEXT = 4096;

  private static final Pattern FRACTION = Pattern.compile("[0-9]+/[0-9]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?");

  public Rho {
    Objects.requireNonNull(numerator, "numerator");
    Objects.requireNonNull(denominator, "denominator");
    if (numerator.signum() < 0 || denominator.signum() <= 0) {
      throw new IllegalArgumentException("rho is a fraction of at least 0");
    }
    BigInteger common = numerator.gcd(denominator);
    numerator = numerator.divide(common);
    denominator = denominator.divide(common);
  }

  public static Rho of(BigInteger numerator, BigInteger denominator) {
    return new Rho(numerator, denominator);
  }

  public static Rho of(long numerator, long denominator) {
    return new Rho(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  /** The decimal number itself, without rounding. */
  public static Rho of(BigDecimal value) {
    BigInteger unscaled = value.unscaledValue();
    return value.scale() >= 0
        ? new Rho(unscaled, BigInteger.TEN.pow(value.scale()))
        : new Rho(unscaled.multiply(BigInteger.TEN.pow(-value.scale())), BigInteger.ONE);
  }

  /**
   * Reads {@code 1/10}, as {@link #toString} writes it, or a decimal such as {@code 0.1} or {@code
   * 5e-2}, without rounding.
   *
   * @throws IllegalArgumentException for any other text, a sign, a denominator of 0, or more than
   *     {@link #MAX_TEXT} characters
   */
  public static Rho parse(String text) {
    if (text.length() <= MAX_TEXT && FRACTION.matcher(text).matches()) {
      int bar = text.indexOf('/');
      return new Rho(
          new BigInteger(text.substring(0, bar)), new BigInteger(text.substring(bar + 1)));
    }
    if (text.length() <= MAX_TEXT && DECIMAL.matcher(text).matches()) {
      return of(new BigDecimal(text));
    }
    throw new IllegalArgumentException("rho is written as a fraction 1/10 or a decimal 0.1");
  }

  public Rho plus(Rho other) {
    return new Rho(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** What is left of this after {@code other}, which may not be more. */
  public Rho minus(Rho other) {
    return new Rho(
        numerator.multiply(other.denominator).subtract(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  public Rho times(Rho other) {
    return new Rho(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  public Rho times(long factor) {
    return new Rho(numerator.multiply(BigInteger.valueOf(factor)), denominator);
  }

  /** A part of this, as of a budget that is split evenly; {@code divisor} at least 1. */
  public Rho dividedBy(long divisor) {
    return new Rho(numerator, denominator.multiply(BigInteger.valueOf(divisor)));
  }

  /** This divided by another cost, which is not zero. */
  public Rho dividedBy(Rho other) {
    return new Rho(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  public boolean isZero() {
    return numerator.signum() == 0;
  }

  /** Whether a budget of {@code budget} covers this. */
  public boolean isAtMost(Rho budget) {
    return compareTo(budget) <= 0;
  }

  @Override
  public int compareTo(Rho other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  /** The least double that is not below this: for reports, which may not understate a cost. */
  public double ceiling() {
    BigDecimal value =
        new BigDecimal(numerator)
            .divide(new BigDecimal(denominator), new MathContext(40, RoundingMode.CEILING));
    double near = value.doubleValue();
    return new BigDecimal(near).compareTo(value) < 0 ? Math.nextUp(near) : near;
  }

  /** The greatest double that is not above this: for noise, which a cost may not overstate. */
  public double floor() {
    BigDecimal value =
        new BigDecimal(numerator)
            .divide(new BigDecimal(denominator), new MathContext(40, RoundingMode.FLOOR));
    double near = value.doubleValue();
    return new BigDecimal(near).compareTo(value) > 0 ? Math.nextDown(near) : near;
  }

  /** The fraction in lowest terms, such as {@code 1/10}; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return numerator + "/" + denominator;
  }
}
