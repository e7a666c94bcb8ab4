/** Benchmarks of the jobs: Spark, start-up, memory and whole federations. */
package io.tributary.jobs.bench;
