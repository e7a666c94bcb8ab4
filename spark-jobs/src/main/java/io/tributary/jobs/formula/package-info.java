/** Model formulas in R's syntax: what a study writes, and which columns of a design it means. */
package io.tributary.jobs.formula;
