/** File forms of results that need libraries of a Spark distribution. */
package io.tributary.jobs.report;
