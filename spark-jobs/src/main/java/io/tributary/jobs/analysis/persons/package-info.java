/**
 * Card of {@code distinct-persons}: how many different persons there are, in all and in groups,
 * where a person may have several rows.
 *
 * <p><b>Model.</b> A person is counted once in each group of {@code by} (none, one or two columns)
 * that one of their rows is in, and once in all.
 *
 * <p><b>Sums.</b> One: persons of each group [G], persons with a row in any [1], rows without a
 * group [1].
 *
 * <p><b>Result.</b> {@code persons}: persons of each group, and of all.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator. Small groups are withheld, with others from
 * which they would follow if everybody were in one group only; nobody is withheld like 1 to 4. The
 * number of all is shown beside groups only where none of them is withheld.
 *
 * <p><b>Assumptions.</b> Nobody is at two sites.
 *
 * <p><b>Limits.</b> Persons of two groups are in both: groups do not add up to all. Where a person
 * may have several rows, these counts are not held against the row counts of other analyses.
 *
 * <p><b>References.</b> Willenborg and de Waal 2001, Elements of Statistical Disclosure Control,
 * chapter 6.
 */
package io.tributary.jobs.analysis.persons;
