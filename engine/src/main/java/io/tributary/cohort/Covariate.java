package io.tributary.cohort;

import io.tributary.cohort.CohortDefinition.Correlated;
import java.util.Locale;
import java.util.Set;

/**
 * What is known of a person around the index date, the first day of a spell, as one number: a
 * column of the cohort.
 *
 * @param name column in the study
 * @param events which events count, and when
 * @param take what is made of them
 * @param units unit concepts that a taken value must have; empty for any
 * @param leavesOthers whether values in another unit are left out; else they are an error of the
 *     site
 */
public record Covariate(
    String name, Correlated events, Take take, Set<Long> units, boolean leavesOthers) {

  public Covariate {
    units = Set.copyOf(units);
  }

  /** What is made of the events that count. */
  public enum Take {
    /** 1 if there is any, else 0. */
    PRESENCE,
    /** How many. */
    EVENTS,
    /** Different days. */
    DATES,
    /** Different concepts. */
    CONCEPTS,
    /** Different visits. */
    VISITS,
    /** Days from the index date to the first event; missing if there is none. */
    DAYS,
    /** Different days that the events cover, both ends included, as far as the window goes. */
    COVERED,
    /** The first value; missing if there is none, as for all values. */
    FIRST,
    /** The last value; of two on one day that with the higher number. */
    LAST,
    MEAN,
    LEAST,
    GREATEST;

    /** Its name in a study. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is a value that was measured, not a count or a day. */
    public boolean isValue() {
      return switch (this) {
        case PRESENCE, EVENTS, DATES, CONCEPTS, VISITS, DAYS, COVERED -> false;
        case FIRST, LAST, MEAN, LEAST, GREATEST -> true;
      };
    }
  }

  public Domain domain() {
    return events.criterion().domain();
  }
}
