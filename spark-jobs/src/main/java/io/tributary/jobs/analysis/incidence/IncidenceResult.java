package io.tributary.jobs.analysis.incidence;

import io.tributary.jobs.analysis.Counts;

/**
 * All sums, before the release floor.
 *
 * @param atRisk persons, [S x A]
 * @param events persons with an event, [S x A]
 * @param days at risk, [S x A]
 * @param notAtRisk persons, [S]
 * @param missing rows that lack a value
 * @param ungrouped rows without a stratum
 */
public record IncidenceResult(
    Counts atRisk, Counts events, Counts days, Counts notAtRisk, long missing, long ungrouped) {}
