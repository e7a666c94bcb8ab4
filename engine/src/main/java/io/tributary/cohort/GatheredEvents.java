package io.tributary.cohort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes one number of the events of one covariate, which come by date. */
final class GatheredEvents {
  private final Covariate covariate;
  private final Set<Long> different = new HashSet<>();
  private int events;
  private int otherUnits;
  private final List<int[]> covered = new ArrayList<>();
  private double first = Double.NaN;
  private double last = Double.NaN;
  private double sum;
  private double least = Double.POSITIVE_INFINITY;
  private double greatest = Double.NEGATIVE_INFINITY;

  GatheredEvents(Covariate covariate) {
    this.covariate = covariate;
  }

  /**
   * One event.
   *
   * @param day after the index date
   */
  void add(int day, long concept, long visit) {
    long value =
        switch (covariate.take()) {
          case CONCEPTS -> concept;
          case VISITS -> visit;
          default -> day;
        };
    if (value != History.MISSING) {
      different.add(value);
    }
    first = events++ == 0 ? day : first;
  }

  /** Days that one event covers, after the index date, both included. */
  void cover(int first, int last) {
    if (first <= last) {
      covered.add(new int[] {first, last});
    }
  }

  private int coveredDays() {
    covered.sort(Comparator.comparingInt(days -> days[0]));
    int days = 0;
    int next = Integer.MIN_VALUE;
    for (int[] each : covered) {
      int from = Math.max(next, each[0]);
      days += Math.max(0, each[1] - from + 1);
      next = Math.max(next, each[1] + 1);
    }
    return days;
  }

  /**
   * One value.
   *
   * @param value NaN if the event has none; then nothing is taken
   * @param unit may be {@link History#MISSING}
   */
  void add(double value, long unit) {
    if (Double.isNaN(value)) {
      return;
    }
    if (!covariate.units().isEmpty() && !covariate.units().contains(unit)) {
      otherUnits++;
      return;
    }
    first = events++ == 0 ? value : first;
    last = value;
    sum += value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }

  /** NaN for a missing one. */
  double value() {
    return switch (covariate.take()) {
      case PRESENCE -> events > 0 ? 1 : 0;
      case EVENTS -> events;
      case DATES, CONCEPTS, VISITS -> different.size();
      case COVERED -> coveredDays();
      case DAYS, FIRST -> first;
      case LAST -> last;
      case MEAN -> events == 0 ? Double.NaN : sum / events;
      case LEAST -> events == 0 ? Double.NaN : least;
      case GREATEST -> events == 0 ? Double.NaN : greatest;
    };
  }

  /** Values in a unit that the study does not name, where that is an error. */
  int wrongUnits() {
    return covariate.leavesOthers() ? 0 : otherUnits;
  }
}
