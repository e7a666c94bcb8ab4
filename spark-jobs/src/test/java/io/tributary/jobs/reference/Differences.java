package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** Relative differences to an oracle, checked against a tolerance and collected for a table. */
final class Differences {
  private static final Map<Quantity, Worst> WORST = new TreeMap<>();

  private Differences() {}

  /**
   * What is compared.
   *
   * @param file of the expected values, below the folder of oracles, or another name of their
   *     source
   */
  record Quantity(String file, String name) implements Comparable<Quantity> {
    @Override
    public int compareTo(Quantity other) {
      int byFile = file.compareTo(other.file);
      return byFile != 0 ? byFile : name.compareTo(other.name);
    }
  }

  /**
   * How a quantity compares.
   *
   * @param values compared
   * @param difference largest relative one
   * @param tolerance largest that a value was held against
   */
  record Worst(int values, double difference, double tolerance) {
    Worst with(Worst other) {
      return new Worst(
          values + other.values,
          Math.max(difference, other.difference),
          Math.max(tolerance, other.tolerance));
    }
  }

  /** Asserts |actual - expected| <= tolerance |expected|. */
  static void check(
      String file, String quantity, double actual, double expected, double tolerance) {
    record(
        file,
        quantity,
        actual == expected ? 0 : Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300),
        tolerance,
        actual + ", expected " + expected);
  }

  /** Asserts |actual - expected| <= tolerance max(|expected|, scale): a value may be near 0. */
  static void check(
      String file,
      String quantity,
      double actual,
      double expected,
      double scale,
      double tolerance) {
    record(
        file,
        quantity,
        actual == expected
            ? 0
            : Math.abs(actual - expected) / Math.max(Math.abs(expected), Math.abs(scale)),
        tolerance,
        actual + ", expected " + expected + " to " + scale);
  }

  /** Asserts that a count is the expected one. */
  static void exact(String file, String quantity, long actual, long expected) {
    check(file, quantity, (double) actual, (double) expected, 0);
  }

  private static void record(
      String file, String quantity, double difference, double tolerance, String numbers) {
    synchronized (WORST) {
      WORST.merge(new Quantity(file, quantity), new Worst(1, difference, tolerance), Worst::with);
    }
    assertThat(difference).as("%s %s: %s", file, quantity, numbers).isLessThanOrEqualTo(tolerance);
  }

  /** What has been compared in this process since {@link #clear}. */
  static Map<Quantity, Worst> collected() {
    synchronized (WORST) {
      return new TreeMap<>(WORST);
    }
  }

  static void clear() {
    synchronized (WORST) {
      WORST.clear();
    }
  }
}
