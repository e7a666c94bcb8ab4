package io.tributary.jobs.analysis.prevalence;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
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

  /** The periods that lie wholly between two days, both included. */
  static Calendar of(Unit unit, LocalDate from, LocalDate to) {
    Calendar calendar = new Calendar(unit);
    long most = ChronoUnit.MONTHS.between(from, to.plusDays(1)) / unit.months;
    LocalDate begin = unit.firstFrom(from);
    for (long i = 0; i < most && !begin.plusMonths(unit.months).isAfter(to.plusDays(1)); i++) {
      calendar.begins.add(begin);
      begin = begin.plusMonths(unit.months);
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
