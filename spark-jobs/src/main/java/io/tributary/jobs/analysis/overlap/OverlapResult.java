package io.tributary.jobs.analysis.overlap;

import io.tributary.jobs.analysis.Counts;

/**
 * The sum, before the release floor.
 *
 * @param combinations persons by combination, [2^K], the last cohort fastest
 * @param missing rows that lack a value
 */
public record OverlapResult(Counts combinations, long missing) {}
