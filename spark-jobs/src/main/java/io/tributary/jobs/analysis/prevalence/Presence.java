package io.tributary.jobs.analysis.prevalence;

/** Who is in the denominator of a period, and who is a case. */
enum Presence {
  /** Observed on some day of it. */
  ANY,
  /** Observed on every day of it. */
  FULL,
  /** Observed on its first day. */
  POINT;

  /** Days since 1970-01-01; the event's is NaN if there is none. */
  boolean counts(long first, long last, double from, double to) {
    return switch (this) {
      case ANY -> from <= last && to >= first;
      case FULL -> from <= first && to >= last;
      case POINT -> from <= first && to >= first;
    };
  }

  /** Whether a person who counts has had the event by the last day that is looked at. */
  boolean isCase(long first, long last, double to, double event) {
    return event <= (this == POINT ? first : Math.min((double) last, to));
  }
}
