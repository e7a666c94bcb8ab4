package io.tributary.jobs.analysis.ranktest;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Options;
import java.io.Serializable;

/**
 * The values that persons are counted at: whole multiples of a step, from {@code first} on. Values
 * between two of them are counted at the nearer one. No value of a declared range lies outside.
 *
 * @param column name in the study
 * @param step distance of two values
 * @param first multiple of the step at the lower end
 * @param points values counted
 */
record ValueGrid(String column, double step, long first, int points) implements Serializable {
  /** Whole numbers that are tried where no range is declared, from -TRIED/2. */
  static final int TRIED = 2048;

  /** Multiples of a step that are distinct doubles. */
  private static final double MOST = 0x1p52;

  /**
   * The grid of a column.
   *
   * @param resolution the study's, or 1
   * @param limit points that fit
   */
  static ValueGrid of(Field field, double resolution, int limit, Options options) {
    if (!field.hasRange()) {
      return new ValueGrid(field.column(), resolution, -TRIED / 2, TRIED);
    }
    double low = Math.rint(field.low() / resolution);
    double high = Math.rint(field.high() / resolution);
    if (Math.abs(low) > MOST || Math.abs(high) > MOST || high - low >= limit) {
      throw options.refuse(
          "resolution",
          "makes more than " + limit + " values of the range of '" + field.column() + "'",
          "a coarser resolution");
    }
    return new ValueGrid(field.column(), resolution, (long) low, (int) (high - low) + 1);
  }

  /** Position of a value; -1 below the grid, {@code points} above it. */
  int place(double value) {
    double at = Math.rint(value / step) - first;
    return (int) Math.max(-1, Math.min(points, at));
  }

  /** Position of the value 0, which a grid of differences holds. */
  int zero() {
    return (int) Math.max(0, Math.min(points - 1L, -first));
  }

  /** Whether a value is the nearest double to a multiple of the step. */
  boolean holds(double value) {
    double multiple = Math.rint(value / step);
    return multiple * step == value || multiple / Math.rint(1 / step) == value;
  }
}
