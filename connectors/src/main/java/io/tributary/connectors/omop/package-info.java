/**
 * Health records in the OMOP common data model, 5.3 and 5.4: a folder of CSV or Parquet tables, and
 * cohorts over them. One pass over the tables that a definition names brings each person's events
 * together; what they mean is decided by {@link io.tributary.cohort.CohortEvaluation}, person by
 * person, so that the plan is one union and one exchange whatever the definition says.
 */
package io.tributary.connectors.omop;
