package io.tributary.jobs.analysis.prevalence;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Periods of the calendar, one after the other. */
final class Calendar implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How long a period is. */
  enum Unit {
    YEARS(12),
    QUARTERS(3),
    MONTHS(1);

    private final int months;

    Unit(int months) {
      this.months = months;
    }

    /** The first of the unit that does not begin before a day. */
    private LocalDate firstFrom(LocalDate day) {
      LocalDate begin =
          day.withMonth((day.getMonthValue() - 1) / months * months + 1).withDayOfMonth(1);
      return begin.isBefore(day) ? begin.plusMonths(months) : begin;
    }
  }

  private final List<LocalDate> begins = new ArrayList<>();
  private final Unit unit;

  private Calendar(Unit unit) {
    this.unit = unit;
  }

  /**
   * The periods that lie wholly between two days, both included.
   *
   * @param most stops there: {@link #size} is then greater
   */
  static Calendar of(Unit unit, LocalDate from, LocalDate to, int most) {
    Calendar calendar = new Calendar(unit);
    LocalDate begin = unit.firstFrom(from);
    LocalDate next = begin.plusMonths(unit.months);
    while (!next.isAfter(to.plusDays(1)) && calendar.size() <= most) {
      calendar.begins.add(begin);
      begin = next;
      next = begin.plusMonths(unit.months);
    }
    return calendar;
  }

  int size() {
    return begins.size();
  }

  LocalDate first(int period) {
    return begins.get(period);
  }

  LocalDate last(int period) {
    return begins.get(period).plusMonths(unit.months).minusDays(1);
  }
}
