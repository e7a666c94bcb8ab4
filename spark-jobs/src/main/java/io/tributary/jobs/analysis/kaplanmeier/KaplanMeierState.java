package io.tributary.jobs.analysis.kaplanmeier;

import io.tributary.jobs.survival.TimeGrid;

/** What is public between the rounds of survival curves. */
sealed interface KaplanMeierState {
  /** The grid is looked for. */
  record Searching() implements KaplanMeierState {}

  /** Persons are counted on the grid. */
  record Counting(TimeGrid grid) implements KaplanMeierState {}
}
