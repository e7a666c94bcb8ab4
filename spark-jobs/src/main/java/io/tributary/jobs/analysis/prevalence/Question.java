package io.tributary.jobs.analysis.prevalence;

import io.tributary.jobs.analysis.Options;
import io.tributary.study.Study.AnalysisSpec;
import java.util.List;
import java.util.Locale;

/**
 * What a prevalence asks, but for its periods and strata: two that ask the same count the same
 * persons in each period that both have.
 */
record Question(String index, String outcome, String time, Calendar.Unit unit, Presence presence) {
  /** All options of a prevalence. */
  static Options options(AnalysisSpec spec) {
    return Options.of(
        spec, "outcome", "time", "index", "interval", "from", "to", "at", "contribution", "by");
  }

  static Question of(Options options) {
    String unit = options.word("interval", "years", List.of("years", "quarters", "months"));
    return new Question(
        options.requiredText("index", "the date that days count from, such as index_date"),
        options.requiredText("outcome", "days to the first event"),
        options.requiredText("time", "days to the end of observation"),
        Calendar.Unit.valueOf(unit.toUpperCase(Locale.ROOT)),
        presence(options));
  }

  private static Presence presence(Options options) {
    boolean point = options.word("at", "period", List.of("period", "point")).equals("point");
    boolean full = options.word("contribution", "any", List.of("any", "full")).equals("full");
    if (point && full) {
      throw options.refuse("contribution", "is about periods", "no contribution at points");
    }
    return point ? Presence.POINT : full ? Presence.FULL : Presence.ANY;
  }

  /** Name of the state that a person is in at a period. */
  String state(Calendar calendar, int period) {
    return this + " from " + calendar.first(period);
  }
}
