package io.tributary.report.text;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers as text. {@link #exact} is for machines: the shortest decimal that reads back to the same
 * bits. The rest is for people: one number of decimals a column, chosen from the column's values,
 * so that figures line up and none pretends to more digits than matter.
 */
public final class Digits {
  /** Signs and separators to use. */
  public enum Style {
    /** ASCII, for terminals. */
    PLAIN,
    /** True minus, thin spaces between thousands, raised exponents: for HTML and SVG. */
    TYPESET
  }

  private static final int MOST_DECIMALS = 6;
  private static final int SINGLE_SIGNIFICANT = 6;
  private static final int SINGLE_DECIMALS = 4;
  // Below this, whole numbers in a double are exact and worth printing in full.
  private static final double WHOLE_LIMIT = 1e15;
  private static final double SCIENTIFIC_FROM = 1e9;
  private static final double LEAST_PLAIN = 1e-4;
  private static final int LEAST_PLAIN_EXPONENT = -4;
  private static final String NARROW_SPACE = "\u202f";
  private static final String MINUS = "\u2212";
  private static final String RAISED =
      "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

  private final Style style;
  private final int decimals;
  private final boolean probability;
  private final boolean whole;

  private Digits(Style style, int decimals, boolean probability, boolean whole) {
    this.style = style;
    this.decimals = decimals;
    this.probability = probability;
    this.whole = whole;
  }

  /**
   * The shortest decimal that parses to the same double (Giulietti 2020, "The Schubfach way to
   * render doubles"). Not {@code Double.toString}: before Java 19 that is longer than needed for
   * some values, and the same result would have other bytes under another Java.
   */
  public static String exact(double value) {
    return NumberOutput.toString(value, true);
  }

  /**
   * So many significant digits, as C's {@code %#g} prints them: rounded half up from {@link
   * #exact}, with an exponent from that many digits before the point on and below 1e-4.
   */
  public static void appendSignificant(double value, int significant, StringBuilder out) {
    String exact = exact(Math.abs(value));
    char[] digits = new char[significant + 1];
    int count = 0;
    int exponent = 0;
    boolean point = false;
    int at = 0;
    boolean up = false;
    for (; at < exact.length() && exact.charAt(at) != 'E'; at++) {
      char c = exact.charAt(at);
      if (c == '.') {
        point = true;
      } else if (count == 0 && c == '0') {
        exponent -= point ? 1 : 0;
      } else {
        // Of the first digit that is left out, half is what rounds up.
        up = count == significant ? c >= '5' : up;
        if (count < significant) {
          digits[count] = c;
        }
        exponent += point ? 0 : 1;
        count++;
      }
    }
    out.append(value < 0 || 1 / value < 0 ? "-" : "");
    if (count == 0) {
      out.append("0.").append("0".repeat(significant - 1));
      return;
    }
    if (at < exact.length()) {
      exponent += Integer.parseInt(exact, at + 1, exact.length(), 10);
    }
    for (int i = count; i < significant; i++) {
      digits[i] = '0';
    }
    exponent--;
    if (up && increment(digits, significant)) {
      exponent++;
    }
    append(digits, significant, exponent, out);
  }

  /** The next decimal; whether it has one more digit, of which the last is left off. */
  private static boolean increment(char[] digits, int significant) {
    for (int i = significant - 1; i >= 0; i--) {
      if (digits[i] < '9') {
        digits[i]++;
        return false;
      }
      digits[i] = '0';
    }
    digits[0] = '1';
    return true;
  }

  private static void append(char[] digits, int significant, int exponent, StringBuilder out) {
    if (exponent < LEAST_PLAIN_EXPONENT || exponent >= significant) {
      out.append(digits[0]).append('.').append(digits, 1, significant - 1).append('e');
      int size = Math.abs(exponent);
      out.append(exponent < 0 ? '-' : '+').append(size < 10 ? "0" : "").append(size);
    } else if (exponent < 0) {
      out.append("0.").append("0".repeat(-exponent - 1)).append(digits, 0, significant);
    } else {
      out.append(digits, 0, exponent + 1);
      if (exponent + 1 < significant) {
        out.append('.').append(digits, exponent + 1, significant - exponent - 1);
      }
    }
  }

  /** A format for all values of one column; the column's name tells probabilities apart. */
  public static Digits ofColumn(String name, double[] values, Style style) {
    boolean probability = isProbability(name);
    double largest = 0;
    boolean whole = true;
    for (double value : values) {
      // What is shown in scientific form anyway has no say in the decimals of the others.
      largest = Math.max(largest, Math.abs(value) < SCIENTIFIC_FROM ? Math.abs(value) : 0);
      whole &= value == Math.rint(value) && Math.abs(value) < WHOLE_LIMIT;
    }
    if (whole || largest == 0) {
      return new Digits(style, 0, probability, whole);
    }
    double smallest = largest;
    int given = 0;
    for (double value : values) {
      double size = Math.abs(value);
      // What is a thousandth of the largest or less is shown in scientific form instead.
      if (size > largest / 1000 && size < SCIENTIFIC_FROM) {
        smallest = Math.min(smallest, size);
        given = Math.max(given, decimalsOf(value));
      }
    }
    // Three significant digits of the largest and at least one decimal below 1000, for shares
    // three;
    // of the smallest three as well, or two below 1.
    int least = largest <= 1 ? 3 : largest < 1000 ? 1 : 0;
    int ofLargest = Math.max(least, 2 - exponent(largest));
    int wanted = Math.max(ofLargest, (smallest < 1 ? 1 : 2) - exponent(smallest));
    int decimals = Math.max(0, Math.min(Math.min(wanted, given), MOST_DECIMALS));
    return new Digits(style, decimals, probability, false);
  }

  /** A format with a fixed number of decimals. */
  public static Digits fixed(int decimals, Style style) {
    return new Digits(style, decimals, false, false);
  }

  /** True for p_value and its kin, but not for minus log10 of one. */
  public static boolean isProbability(String name) {
    return (name.equals("p") || name.equals("p_value") || name.endsWith("_p_value"))
        && !name.startsWith("neg_log");
  }

  public String of(double value) {
    if (probability && value >= 0 && value <= 1) {
      return probability(value);
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (whole) {
      return typeset(grouped(new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN)));
    }
    if (size >= SCIENTIFIC_FROM || size < Math.min(Math.pow(10, -decimals), LEAST_PLAIN)) {
      return scientific(value, 3);
    }
    if (size < Math.pow(10, -decimals)) {
      // A little below the others: two digits of its own read better than a power of ten.
      return typeset(grouped(new BigDecimal(value).round(new MathContext(2))));
    }
    return typeset(grouped(new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN)));
  }

  /** A count. */
  public static String whole(long value, Style style) {
    return new Digits(style, 0, false, true)
        .typeset(new Digits(style, 0, false, true).grouped(BigDecimal.valueOf(value)));
  }

  /** A figure that stands alone: up to six significant digits, at most four decimals. */
  public static String single(String name, double value, Style style) {
    double size = Math.abs(value);
    if (size == 0 || value == Math.rint(value)) {
      return ofColumn(name, new double[] {value}, style).of(value);
    }
    int wanted = Math.min(SINGLE_SIGNIFICANT - 1 - exponent(size), SINGLE_DECIMALS);
    // Below 0.01 four decimals are too few digits.
    int decimals = size < 0.01 ? 2 - exponent(size) : Math.min(wanted, decimalsOf(value));
    return new Digits(
            style, Math.max(0, Math.min(decimals, MOST_DECIMALS)), isProbability(name), false)
        .of(value);
  }

  /** As journals print it: three decimals, two from 0.1 on, and a bound below 0.001. */
  private static String probability(double value) {
    if (value < 0.001) {
      return "<0.001";
    }
    int places = value < 0.0995 ? 3 : 2;
    String text = new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
    return value < 0.995 ? text : value == 1 ? "1" : ">0.99";
  }

  /** Mantissa and power of ten. */
  private String scientific(double value, int significant) {
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(significant, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    BigDecimal mantissa =
        rounded.movePointLeft(exponent).setScale(significant - 1, RoundingMode.HALF_EVEN);
    if (style == Style.PLAIN) {
      return mantissa.toPlainString() + String.format(Locale.ROOT, "e%+03d", exponent);
    }
    StringBuilder raised = new StringBuilder();
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      raised.append(RAISED.charAt(digit - '0'));
    }
    String sign = exponent < 0 ? "\u207b" : "";
    return typeset(mantissa.toPlainString()) + "\u00d710" + sign + raised;
  }

  private String grouped(BigDecimal value) {
    String text = value.toPlainString();
    int point = text.indexOf('.');
    int end = point < 0 ? text.length() : point;
    int start = text.startsWith("-") ? 1 : 0;
    // Four digits stay together, as in journals that use spaces.
    if (style == Style.PLAIN || end - start <= 4) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.substring(end));
    for (int to = end; to > start; to -= 3) {
      int from = Math.max(start, to - 3);
      out.insert(0, (from > start ? NARROW_SPACE : "") + text.substring(from, to));
    }
    return text.substring(0, start) + out;
  }

  private String typeset(String text) {
    return style == Style.TYPESET ? text.replace("-", MINUS) : text;
  }

  private static int exponent(double size) {
    return (int) Math.floor(Math.log10(size));
  }

  /** Decimals of the shortest exact form. */
  private static int decimalsOf(double value) {
    return Math.max(0, new BigDecimal(exact(value)).stripTrailingZeros().scale());
  }
}
