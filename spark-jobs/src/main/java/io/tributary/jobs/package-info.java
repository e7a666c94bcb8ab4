/** What is submitted: site and coordinator jobs, analyses and the command line. */
package io.tributary.jobs;
