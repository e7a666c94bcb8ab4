package io.tributary.jobs.survival;

import java.util.Arrays;

/**
 * Persons at risk, with the event, censored and entering at each time of a grid at which anything
 * happens, ascending. At a time, events come before censorings, and who enters at it is at risk
 * after it.
 */
public final class LifeTable {
  private final double[] times;
  private final long[] risk;
  private final long[] events;
  private final long[] censored;
  private final long[] entered;
  private final long persons;

  private LifeTable(
      double[] times, long[] risk, long[] events, long[] censored, long[] entered, long persons) {
    this.times = times;
    this.risk = risk;
    this.events = events;
    this.censored = censored;
    this.entered = entered;
    this.persons = persons;
  }

  /**
   * From counts on a grid.
   *
   * @param events persons with the event, [points + 1]
   * @param censored persons without, [points + 1]
   * @param entered persons by entry, [points + 1], or of length 0 if all are at risk from the start
   */
  public static LifeTable of(TimeGrid grid, long[] events, long[] censored, long[] entered) {
    int points = events.length;
    boolean late = entered.length > 0;
    long persons = Arrays.stream(events).sum() + Arrays.stream(censored).sum();
    double[] times = new double[points];
    long[] at = new long[points];
    long[] event = new long[points];
    long[] censor = new long[points];
    long[] enter = new long[points];
    long risk = late ? 0 : persons;
    int size = 0;
    for (int i = 0; i < points; i++) {
      long enters = late ? entered[i] : 0;
      if (events[i] != 0 || censored[i] != 0 || enters != 0) {
        times[size] = grid.time(i);
        at[size] = risk;
        event[size] = events[i];
        censor[size] = censored[i];
        enter[size++] = enters;
        risk += enters - events[i] - censored[i];
      }
    }
    return new LifeTable(
        Arrays.copyOf(times, size),
        Arrays.copyOf(at, size),
        Arrays.copyOf(event, size),
        Arrays.copyOf(censor, size),
        Arrays.copyOf(enter, size),
        persons);
  }

  /** Times at which anything happens. */
  public int size() {
    return times.length;
  }

  public double time(int i) {
    return times[i];
  }

  /** Persons at risk just before the time. */
  public long risk(int i) {
    return risk[i];
  }

  public long events(int i) {
    return events[i];
  }

  public long censored(int i) {
    return censored[i];
  }

  public long entered(int i) {
    return entered[i];
  }

  /** Persons at risk after the first {@code entries} times. */
  public long riskAfter(int entries) {
    if (entries < times.length) {
      return risk[entries];
    }
    int last = times.length - 1;
    return last < 0 ? persons : risk[last] - events[last] - censored[last] + entered[last];
  }

  /** Events in the first {@code entries} times. */
  public long eventsIn(int entries) {
    return Arrays.stream(events, 0, entries).sum();
  }

  /** Persons with an entry, or at risk from the start. */
  public long persons() {
    return persons;
  }

  public long events() {
    return Arrays.stream(events).sum();
  }

  /** Last time of anybody, or 0 if there is none. */
  public double last() {
    return times.length == 0 ? 0 : times[times.length - 1];
  }
}
