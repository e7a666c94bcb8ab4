package io.tributary.report.svg;

import io.tributary.report.text.Digits;
import java.util.ArrayList;
import java.util.List;

/**
 * A scale from values to pixels with round ticks.
 *
 * @param low first value, on {@code from}
 * @param high last value, on {@code to}
 * @param from pixel of the low end
 * @param to pixel of the high end
 * @param log whether pixels are linear in the logarithm
 * @param ticks values to mark, ascending
 */
record Axis(double low, double high, double from, double to, boolean log, List<Double> ticks) {
  private static final int MOST_TICKS = 40;

  Axis {
    ticks = List.copyOf(ticks);
  }

  /** A linear axis whose ends are ticks, about {@code wanted} of them. */
  static Axis linear(double low, double high, double from, double to, int wanted) {
    double step = step(high > low ? high - low : Math.max(1, Math.abs(low)), wanted);
    double first = Math.floor(low / step + 1e-9) * step;
    double last = Math.ceil(high / step - 1e-9) * step;
    if (last <= first) {
      last = first + step;
    }
    List<Double> ticks = new ArrayList<>();
    int count = (int) Math.round((last - first) / step);
    for (int i = 0; i <= Math.min(count, MOST_TICKS); i++) {
      // Adding 0.0 turns a negative zero into zero.
      ticks.add(Math.rint(first / step + i) * step + 0.0);
    }
    return new Axis(first, last, from, to, false, ticks);
  }

  /** A linear axis with exactly these ends; ticks are round values between them. */
  static Axis between(double low, double high, double from, double to, int wanted) {
    Axis round = linear(low, high, from, to, wanted);
    double slack = (high - low) * 1e-9;
    List<Double> ticks =
        round.ticks.stream().filter(t -> t >= low - slack && t <= high + slack).toList();
    return new Axis(low, high, from, to, false, ticks);
  }

  /** A logarithmic axis over positive values, with ticks at 1, 2, 5 times powers of ten. */
  static Axis logarithmic(double low, double high, double from, double to, int wanted) {
    double[][] choices = {{1, 1.5, 2, 3, 4, 5, 7}, {1, 2, 3, 5}, {1, 2, 5}, {1, 3}, {1}};
    double bottom = low;
    double top = high > low ? high : low * 2;
    for (double[] choice : choices) {
      List<Double> ticks = logTicks(bottom, top, choice);
      if (ticks.size() <= wanted && ticks.size() >= 2) {
        return new Axis(bottom, top, from, to, true, ticks);
      }
    }
    return new Axis(bottom, top, from, to, true, decades(bottom, top, wanted));
  }

  double at(double value) {
    double share =
        log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return from + share * (to - from);
  }

  boolean holds(double value) {
    return value >= low && value <= high;
  }

  /** The tick as text, with as many decimals as all ticks need. */
  String label(double tick) {
    double[] all = ticks.stream().mapToDouble(Double::doubleValue).toArray();
    if (log) {
      return Digits.single("", tick, Digits.Style.TYPESET);
    }
    return Digits.ofColumn("", clean(all), Digits.Style.TYPESET).of(clean(new double[] {tick})[0]);
  }

  /** Ticks are multiples of a step; away with the last bits that say otherwise. */
  private static double[] clean(double[] values) {
    double[] clean = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      clean[i] = Double.parseDouble(String.format(java.util.Locale.ROOT, "%.10g", values[i]));
    }
    return clean;
  }

  private static double step(double span, int wanted) {
    double rough = span / Math.max(1, wanted);
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      if (factor * power >= rough * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static List<Double> logTicks(double low, double high, double[] choice) {
    List<Double> ticks = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    for (int e = first; e <= last && ticks.size() < MOST_TICKS; e++) {
      for (double factor : choice) {
        double tick = Double.parseDouble(factor + "e" + e);
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private static List<Double> decades(double low, double high, int wanted) {
    List<Double> all = logTicks(low, high, new double[] {1});
    if (all.isEmpty()) {
      return List.of(low, high);
    }
    int every = Math.max(1, (int) Math.ceil(all.size() / (double) Math.max(1, wanted)));
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i < all.size(); i += every) {
      ticks.add(all.get(i));
    }
    return ticks;
  }
}
