package io.tributary.cohort;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is known of one person. Filled by whoever reads the tables, then only read. */
public final class History {
  /** A concept or visit that is not there. */
  public static final long MISSING = Long.MIN_VALUE;

  private static final Comparator<Event> BY_DATE =
      Comparator.comparingInt(Event::start).thenComparingLong(Event::id);

  private final Person person;
  private final Map<Domain, List<Event>> events = new EnumMap<>(Domain.class);
  private final List<Period> periods = new ArrayList<>();
  private boolean sorted = true;

  public History(Person person) {
    this.person = person;
  }

  /** A person's fixed facts; concepts may be {@link #MISSING}. */
  public record Person(long id, int yearOfBirth, long gender, long race, long ethnicity) {}

  /** An observation period, both days included. */
  public record Period(int start, int end) {
    boolean contains(int day) {
      return start <= day && day <= end;
    }
  }

  /**
   * One event. {@code numbers}, {@code concepts} and {@code texts} hold the domain's stored
   * attributes in the order of {@link CohortDefinition#stored}, each in the array of its kind.
   *
   * @param start day since 1970-01-01
   * @param end the same
   */
  @SuppressWarnings("ArrayRecordComponent") // made for each row of a site, read in one place
  public record Event(
      long id,
      int start,
      int end,
      long concept,
      long sourceConcept,
      long visit,
      double[] numbers,
      long[] concepts,
      String[] texts) {}

  public void add(Domain domain, Event event) {
    events.computeIfAbsent(domain, any -> new ArrayList<>()).add(event);
    sorted = false;
  }

  public void add(Period period) {
    periods.add(period);
    sorted = false;
  }

  Person person() {
    return person;
  }

  /** By start, then number, whatever order they came in. */
  List<Event> events(Domain domain) {
    sort();
    return events.getOrDefault(domain, List.of());
  }

  /** By start, then end. */
  List<Period> periods() {
    sort();
    return periods;
  }

  private void sort() {
    if (!sorted) {
      events.values().forEach(list -> list.sort(BY_DATE));
      periods.sort(Comparator.comparingInt(Period::start).thenComparingInt(Period::end));
      sorted = true;
    }
  }
}
