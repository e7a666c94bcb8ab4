package io.tributary.jobs.analysis.persons;

import io.tributary.jobs.analysis.Counts;

/**
 * The sum, before the release floor.
 *
 * @param groups persons of each group; everybody where there are none
 * @param ungrouped rows without a group, 0 where a person may have several
 */
public record PersonsResult(Counts groups, long ungrouped) {}
