package io.tributary.jobs.analysis.logrank;

import io.tributary.jobs.survival.LifeTable;
import io.tributary.jobs.survival.TimeGrid;
import java.util.List;

/**
 * Life tables before the release floor.
 *
 * @param strata for each stratum one table for each group
 * @param dropped rows with a missing value
 */
public record LogRankResult(TimeGrid grid, List<List<LifeTable>> strata, long dropped) {
  public LogRankResult {
    strata = strata.stream().map(List::copyOf).toList();
  }

  public int groups() {
    return strata.get(0).size();
  }

  /** Persons of a group in all strata. */
  public long persons(int group) {
    return strata.stream().mapToLong(tables -> tables.get(group).persons()).sum();
  }

  /** Persons of a group who had the event. */
  public long events(int group) {
    return strata.stream().mapToLong(tables -> tables.get(group).events()).sum();
  }
}
