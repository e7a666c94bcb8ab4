package io.tributary.jobs.analysis.attrition;

import io.tributary.jobs.analysis.Counts;

/**
 * Persons left after each step, before the release floor.
 *
 * @param persons by step, none more than the one before
 */
public record AttritionResult(Counts persons) {}
