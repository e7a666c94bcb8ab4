package io.tributary.jobs.analysis.crosstab;

import io.tributary.jobs.analysis.Counts;
import java.util.List;

/** What is public between the rounds of a crosstab. */
sealed interface CrosstabState {
  /** Levels of columns that nothing declares are looked for first. */
  record Discovering() implements CrosstabState {}

  /**
   * Cells are counted next.
   *
   * @param levels found for each column that nothing declares, in order
   */
  record Counting(List<Counts> levels) implements CrosstabState {
    public Counting {
      levels = List.copyOf(levels);
    }
  }
}
