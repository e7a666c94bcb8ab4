/**
 * Cohorts of health records as values: a definition, its readers (ATLAS's JSON and a short form in
 * YAML), its words, and its meaning, which is a function from one person's history to spells in the
 * cohort. No tables and no Spark: whoever has persons' events, from OMOP or elsewhere, hands them
 * in one person at a time.
 */
package io.tributary.cohort;
