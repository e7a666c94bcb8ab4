package io.tributary.study;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A privacy loss in zero-concentrated differential privacy (Bun and Steinke 2016), as an exact
 * rational: budgets are added and compared without rounding (PROTOCOL.md 3.2). Not negative, in
 * lowest terms.
 *
 * @param numerator at least 0
 * @param denominator at least 1
 */
public record Rho(BigInteger numerator, BigInteger denominator) implements Comparable<Rho> {
  public static final Rho ZERO = new Rho(BigInteger.ZERO, BigInteger.ONE);

  /** A sum of many steps stays below this; more digits are a mistake or an attack on memory. */
  private static final int MAX_BITS = 4096;

  private static final Pattern FRACTION = Pattern.compile("([0-9]{1,18})/([0-9]{1,18})");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,18})?");

  public Rho {
    if (numerator.signum() < 0 || denominator.signum() <= 0) {
      throw new IllegalArgumentException("rho=" + numerator + "/" + denominator);
    }
    BigInteger common = numerator.gcd(denominator);
    numerator = numerator.divide(common);
    denominator = denominator.divide(common);
    if (numerator.bitLength() > MAX_BITS || denominator.bitLength() > MAX_BITS) {
      throw new IllegalArgumentException("rho has too many digits");
    }
  }

  public static Rho of(long numerator, long denominator) {
    return new Rho(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  /**
   * What a person wrote: {@code 1/8}, {@code 0.125} or {@code 2}, exactly that number.
   *
   * @return empty if the text is nothing of these
   */
  public static Optional<Rho> parse(String text) {
    Matcher fraction = FRACTION.matcher(text);
    if (fraction.matches()) {
      BigInteger denominator = new BigInteger(fraction.group(2));
      return denominator.signum() == 0
          ? Optional.empty()
          : Optional.of(new Rho(new BigInteger(fraction.group(1)), denominator));
    }
    if (!DECIMAL.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal decimal = new BigDecimal(text);
    return Optional.of(new Rho(decimal.unscaledValue(), BigInteger.TEN.pow(decimal.scale())));
  }

  public Rho plus(Rho other) {
    return new Rho(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** What is left of this after {@code other}; empty if that is more than this. */
  public Optional<Rho> minus(Rho other) {
    BigInteger difference =
        numerator.multiply(other.denominator).subtract(other.numerator.multiply(denominator));
    return difference.signum() < 0
        ? Optional.empty()
        : Optional.of(new Rho(difference, denominator.multiply(other.denominator)));
  }

  /** This many times as much; {@code factor} at least 0. */
  public Rho times(long factor) {
    return new Rho(numerator.multiply(BigInteger.valueOf(factor)), denominator);
  }

  /** One of {@code parts} equal parts; at least 1. */
  public Rho dividedBy(long parts) {
    return new Rho(numerator, denominator.multiply(BigInteger.valueOf(parts)));
  }

  public boolean isZero() {
    return numerator.signum() == 0;
  }

  /** The nearest double; for display and for noise scales, never for comparison. */
  public double toDouble() {
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), java.math.MathContext.DECIMAL128)
        .doubleValue();
  }

  @Override
  public int compareTo(Rho other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  /** {@code 1/8}, or {@code 2}; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
