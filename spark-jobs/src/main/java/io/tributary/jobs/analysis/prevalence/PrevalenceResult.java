package io.tributary.jobs.analysis.prevalence;

import io.tributary.jobs.analysis.Counts;

/**
 * The sum, before the release floor.
 *
 * @param persons [P x S x 2]: cases, then the others
 * @param missing rows that lack a value
 * @param ungrouped rows without a stratum
 */
public record PrevalenceResult(Counts persons, long missing, long ungrouped) {}
