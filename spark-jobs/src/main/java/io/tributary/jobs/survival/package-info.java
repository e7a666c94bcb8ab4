/**
 * Times to events on a public grid: the grid, life tables of counts on it, curves and their limits,
 * and which steps of a curve may be shown. Pure functions; no Spark, no input or output.
 */
package io.tributary.jobs.survival;
