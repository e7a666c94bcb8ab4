package io.tributary.jobs.analysis.cumulativeincidence;

import io.tributary.jobs.survival.Incidence;
import io.tributary.jobs.survival.TimeGrid;
import java.util.List;

/**
 * Curves before the release floor.
 *
 * @param groups for each group its curves of all causes
 * @param dropped rows with a missing value
 */
public record IncidenceResult(TimeGrid grid, List<Incidence> groups, long dropped) {
  public IncidenceResult {
    groups = List.copyOf(groups);
  }

  /** Persons in all groups. */
  public long persons() {
    return groups.stream().mapToLong(group -> group.table().persons()).sum();
  }
}
