package io.tributary.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One line of output.
 *
 * @param name benchmark and what of it, such as {@code secure-sum/cpu}
 * @param size of the input, in words
 * @param value measured
 * @param unit of value and baseline: {@code s}, {@code GB/s}, {@code MiB}
 * @param baseline what it is compared with, measured in the same run
 * @param ratio value against baseline; below says which way is better in the goal
 * @param goal what value or ratio shall be
 */
public record Measurement(
    String name,
    String size,
    double value,
    String unit,
    OptionalDouble baseline,
    OptionalDouble ratio,
    Goal goal) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a measurement shall reach. */
  public sealed interface Goal {
    /** No goal, a figure to know. */
    record None() implements Goal {}

    /** The value is at most this. */
    record ValueAtMost(double bound) implements Goal {}

    /** The value is at least this. */
    record ValueAtLeast(double bound) implements Goal {}

    /** The ratio is at most this. */
    record RatioAtMost(double bound) implements Goal {}

    /** The ratio is at least this. */
    record RatioAtLeast(double bound) implements Goal {}
  }

  public static Measurement of(String name, String size, double value, String unit) {
    return new Measurement(
        name, size, value, unit, OptionalDouble.empty(), OptionalDouble.empty(), new Goal.None());
  }

  /** The same, beside what it is compared with; ratio = value / baseline. */
  public Measurement against(double measured) {
    return new Measurement(
        name,
        size,
        value,
        unit,
        OptionalDouble.of(measured),
        OptionalDouble.of(value / measured),
        goal);
  }

  public Measurement goal(Goal wanted) {
    return new Measurement(name, size, value, unit, baseline, ratio, wanted);
  }

  /** Whether the goal is reached; true without one. */
  public boolean met() {
    if (goal instanceof Goal.ValueAtMost most) {
      return value <= most.bound();
    } else if (goal instanceof Goal.ValueAtLeast least) {
      return value >= least.bound();
    } else if (goal instanceof Goal.RatioAtMost most) {
      return ratio.orElseThrow() <= most.bound();
    } else if (goal instanceof Goal.RatioAtLeast least) {
      return ratio.orElseThrow() >= least.bound();
    }
    return true;
  }

  private String goalText() {
    if (goal instanceof Goal.ValueAtMost most) {
      return "value <= " + most.bound();
    } else if (goal instanceof Goal.ValueAtLeast least) {
      return "value >= " + least.bound();
    } else if (goal instanceof Goal.RatioAtMost most) {
      return "ratio <= " + most.bound();
    } else if (goal instanceof Goal.RatioAtLeast least) {
      return "ratio >= " + least.bound();
    }
    return "";
  }

  /** One JSON object on one line; what does not apply is null. */
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("size", size);
    fields.put("value", rounded(value));
    fields.put("unit", unit);
    fields.put("ratio", ratio.isPresent() ? rounded(ratio.getAsDouble()) : null);
    fields.put("baseline", baseline.isPresent() ? rounded(baseline.getAsDouble()) : null);
    boolean wanted = !(goal instanceof Goal.None);
    fields.put("goal", wanted ? goalText() : null);
    fields.put("met", wanted ? met() : null);
    return line(fields);
  }

  /** Any fields as one JSON line. */
  public static String line(Map<String, Object> fields) {
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and texts can be written", e);
    }
  }

  /** Four significant digits: more would pretend. */
  private static double rounded(double value) {
    return Double.parseDouble(String.format(java.util.Locale.ROOT, "%.4g", value));
  }
}
