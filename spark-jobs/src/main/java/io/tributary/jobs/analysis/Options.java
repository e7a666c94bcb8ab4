package io.tributary.jobs.analysis;

import io.tributary.study.Errors;
import io.tributary.study.Study.AnalysisSpec;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads one analysis's options strictly: an unknown name or a wrong type is STUDY_INVALID. */
public final class Options {
  private final AnalysisSpec spec;

  private Options(AnalysisSpec spec) {
    this.spec = spec;
  }

  /** Refuses every option that is not among {@code allowed}. */
  public static Options of(AnalysisSpec spec, String... allowed) {
    TreeSet<String> known = new TreeSet<>(List.of(allowed));
    for (String name : spec.options().keySet()) {
      if (!known.contains(name)) {
        throw Errors.badOption(
            spec.name(),
            "option '" + name + "' is unknown to " + spec.type() + ".",
            String.join(", ", known));
      }
    }
    return new Options(spec);
  }

  public boolean has(String name) {
    return spec.options().containsKey(name);
  }

  /** A refusal of an option's value. */
  public TributaryException refuse(String name, String problem, String allowed) {
    return Errors.badOption(spec.name(), "option '" + name + "' " + problem + ".", allowed);
  }

  public Optional<String> text(String name) {
    Object value = spec.options().get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    throw refuse(name, "is not a text", "one text");
  }

  public String requiredText(String name, String allowed) {
    return text(name).orElseThrow(() -> refuse(name, "is missing", allowed));
  }

  /** One of a closed list of words. */
  public String word(String name, String fallback, List<String> allowed) {
    String value = text(name).orElse(fallback);
    if (!allowed.contains(value)) {
      throw refuse(name, "is '" + value + "'", String.join(", ", allowed));
    }
    return value;
  }

  /** A name or a list of different names; empty if the option is absent. */
  public List<String> names(String name) {
    Object value = spec.options().get(name);
    if (value == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      if (!(item instanceof String text) || text.isBlank()) {
        throw refuse(name, "is not a name or a list of names", "a column name, or a list of them");
      }
      if (names.contains(text)) {
        throw refuse(name, "names '" + text + "' twice", "each column once");
      }
      names.add(text);
    }
    return List.copyOf(names);
  }

  /** A number or a list of numbers; the fallback if the option is absent. */
  public double[] numbers(String name, double... fallback) {
    Object value = spec.options().get(name);
    if (value == null) {
      return fallback.clone();
    }
    List<?> items = value instanceof List<?> list ? list : List.of(value);
    double[] numbers = new double[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(items.get(i) instanceof Number number) || !Double.isFinite(number.doubleValue())) {
        throw refuse(name, "is not a number or a list of numbers", "finite numbers");
      }
      numbers[i] = number.doubleValue();
    }
    return numbers;
  }

  /**
   * At most {@code most} numbers above 0 and below {@code below}, each greater than the one before;
   * the fallback if the option is absent.
   */
  public Reals ascending(String name, int most, double below, double... fallback) {
    double[] wanted = numbers(name, fallback);
    if (wanted.length > most) {
      throw refuse(name, "has " + wanted.length + " numbers", "at most " + most + " numbers");
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!(wanted[i] > 0 && wanted[i] < below) || (i > 0 && !(wanted[i] > wanted[i - 1]))) {
        throw refuse(
            name,
            "does not ascend between its ends",
            below == 1 ? "numbers between 0 and 1, ascending" : "positive numbers, ascending");
      }
    }
    return Reals.of(wanted);
  }

  /** A number from {@code low} on and below {@code high}. */
  public double from(String name, double fallback, double low, double high) {
    if (spec.options().get(name) instanceof Number number && number.doubleValue() == low) {
      return low;
    }
    return between(name, fallback, low, high, "a number from " + low + " on and below " + high);
  }

  /** A number strictly between two limits. */
  public double between(String name, double fallback, double low, double high) {
    return between(name, fallback, low, high, "a number above " + low + " and below " + high);
  }

  private double between(String name, double fallback, double low, double high, String allowed) {
    Object value = spec.options().get(name);
    if (value == null) {
      return fallback;
    }
    if (!(value instanceof Number number)) {
      throw refuse(name, "is not a number", allowed);
    }
    double real = number.doubleValue();
    if (!(real > low && real < high)) {
      throw refuse(name, "is " + real, allowed);
    }
    return real;
  }

  /** A whole number from {@code low} to {@code high}. */
  public int whole(String name, int fallback, int low, int high) {
    Object value = spec.options().get(name);
    if (value == null) {
      return fallback;
    }
    String allowed = "a whole number from " + low + " to " + high;
    if (!(value instanceof Integer || value instanceof Long)) {
      throw refuse(name, "is not a whole number", allowed);
    }
    long whole = ((Number) value).longValue();
    if (whole < low || whole > high) {
      throw refuse(name, "is " + whole, allowed);
    }
    return (int) whole;
  }

  /** True or false. */
  public boolean flag(String name, boolean fallback) {
    Object value = spec.options().get(name);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw refuse(name, "is neither true nor false", "true, false");
  }

  /** A list of mappings from names to texts, numbers, true or false; empty if absent. */
  public List<Map<String, Object>> mappings(String name, int most) {
    Object value = spec.options().get(name);
    if (value == null) {
      return List.of();
    }
    String allowed = "a list of 1 to " + most + " mappings, e.g. [{age: 60, sex: female}]";
    if (!(value instanceof List<?> items) || items.isEmpty() || items.size() > most) {
      throw refuse(name, "is not such a list", allowed);
    }
    List<Map<String, Object>> mappings = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof Map<?, ?> mapping)) {
        throw refuse(name, "holds something else than a mapping", allowed);
      }
      Map<String, Object> own = new LinkedHashMap<>();
      mapping.forEach(
          (key, inner) -> {
            if (inner instanceof List<?> || inner instanceof Map<?, ?>) {
              throw refuse(name, "holds more than one value of '" + key + "'", allowed);
            }
            own.put(String.valueOf(key), inner);
          });
      mappings.add(own);
    }
    return List.copyOf(mappings);
  }

  /** The raw options, for messages. */
  public Map<String, Object> all() {
    return spec.options();
  }
}
