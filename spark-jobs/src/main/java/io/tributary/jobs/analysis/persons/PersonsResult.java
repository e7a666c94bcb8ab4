package io.tributary.jobs.analysis.persons;

import io.tributary.jobs.analysis.Counts;

/**
 * The sum, before the release floor.
 *
 * @param groups persons of each group
 * @param all persons with a row in any
 * @param ungrouped rows without a group
 */
public record PersonsResult(Counts groups, long all, long ungrouped) {}
