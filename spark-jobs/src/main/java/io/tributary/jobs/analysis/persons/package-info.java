/**
 * Card of {@code distinct-persons}: how many different persons there are, in all or in groups,
 * where a person may have several rows.
 *
 * <p><b>Model.</b> A person is counted once in each group of {@code by} (none, one or two columns)
 * that one of their rows is in.
 *
 * <p><b>Sums.</b> One: persons of each group [G], and rows without a group [1] where a row is a
 * person.
 *
 * <p><b>Result.</b> {@code persons}: persons of each group, and of all where {@code by} is not
 * given or a row is a person.
 *
 * <p><b>Revealed.</b> The sum, to the coordinator. Small groups are withheld, with others from
 * which they would follow if everybody were in one group only; nobody is withheld like 1 to 4.
 * Where a person may have several rows, groups overlap, and a total beside them would tell how many
 * are in one group only: it is neither shown nor added up. So a study has one such analysis, and
 * beside its groups no attrition and no model with {@code cluster}, which tell it too (they are
 * refused). Where a row is a person, the number of all is shown where no group is withheld.
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
