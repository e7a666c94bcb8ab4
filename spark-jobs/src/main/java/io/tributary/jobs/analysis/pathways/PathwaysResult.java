package io.tributary.jobs.analysis.pathways;

import io.tributary.jobs.analysis.Counts;

/**
 * The sum, before the release floor.
 *
 * @param persons by the number of their whole pathway
 */
public record PathwaysResult(Counts persons) {}
