/**
 * What analyses of genotypes share: sums over variants whose parts executors compute block by
 * block, counts of genotypes in lanes, and pictures of many p-values.
 */
package io.tributary.jobs.genomics;
