package io.tributary.jobs.analysis.kaplanmeier;

import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.TimeGrid;
import java.util.List;

/**
 * Life tables before the release floor.
 *
 * @param groups one for each group
 * @param dropped rows with a missing value
 */
public record KaplanMeierResult(TimeGrid grid, List<LifeTable> groups, long dropped) {
  public KaplanMeierResult {
    groups = List.copyOf(groups);
  }

  /** Persons in all groups. */
  public long persons() {
    return groups.stream().mapToLong(LifeTable::persons).sum();
  }
}
