/**
 * Tests of hypotheses and effect sizes as functions of sums: means and variances, tables of counts,
 * counts by value. Pure functions; no Spark, no input or output.
 */
package io.tributary.jobs.hypothesis;
