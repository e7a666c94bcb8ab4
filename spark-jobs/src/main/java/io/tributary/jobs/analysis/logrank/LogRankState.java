package io.tributary.jobs.analysis.logrank;

import io.tributary.jobs.survival.TimeGrid;

/** What is public between the rounds of a log-rank test. */
sealed interface LogRankState {
  /** The grid is looked for. */
  record Searching() implements LogRankState {}

  /** Persons are counted on the grid. */
  record Counting(TimeGrid grid) implements LogRankState {}
}
