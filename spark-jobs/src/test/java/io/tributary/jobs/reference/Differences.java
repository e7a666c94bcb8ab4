package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** Relative differences to an oracle, checked against a tolerance and collected for a table. */
final class Differences {
  private static final Map<String, Double> WORST = new TreeMap<>();

  private Differences() {}

  /** Asserts |actual - expected| <= tolerance |expected|. */
  static void check(
      String study, String quantity, double actual, double expected, double tolerance) {
    double difference =
        actual == expected ? 0 : Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
    synchronized (WORST) {
      WORST.merge(study + " " + quantity, difference, Math::max);
    }
    assertThat(difference)
        .as("%s %s: %s, expected %s", study, quantity, actual, expected)
        .isLessThanOrEqualTo(tolerance);
  }

  /** Largest difference of each quantity so far, one line each. */
  static String table() {
    StringBuilder table = new StringBuilder();
    synchronized (WORST) {
      WORST.forEach(
          (quantity, worst) ->
              table.append(String.format(java.util.Locale.ROOT, "%-60s %.1e%n", quantity, worst)));
    }
    return table.toString();
  }
}
