/**
 * Card of {@code kaplan-meier}.
 *
 * <p><b>Question.</b> How long until the event: the survival curve, in all or in each group.
 *
 * <p><b>Options.</b> {@code time}; {@code event} (0/1, or two declared levels, the second one is
 * the event); {@code entry} (left truncation: at risk after it); {@code by}; {@code resolution};
 * {@code times}; {@code quantiles} (0.25, 0.5, 0.75); {@code restricted} (end of the restricted
 * mean); {@code confidence}; {@code limits}: log (as R), log-log, plain.
 *
 * <p><b>Sums.</b> Persons with the event, censored and (with {@code entry}) entering at each point
 * of a time grid [3 x groups x (points + 1)], and rows left out [1]. The grid is that of the study:
 * whole numbers of a declared range, or a declared range and a resolution. Otherwise one sum comes
 * before: persons by time rounded up to an eighth of an octave [481], and how many times are no
 * multiples of 1, 0.1, 0.01, 0.001 [4]. Times that have at most three decimals are then exact;
 * others are taken to the finest step 1, 2 or 5 times a power of ten that the partial holds, ends
 * upwards and entries downwards. The result says which.
 *
 * <p><b>Method.</b> S(t) = prod (1 - d/n); Greenwood's variance; limits on the scale asked for;
 * quantiles where curve and limits cross; restricted mean as the area under the curve, its variance
 * sum A^2 d / (n (n - d)); Nelson and Aalen's sum d/n with variance sum d/n^2.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: on a grid of days in a small study most of them
 * count one person. Readers see the curve at times between which at least a cell's number of
 * persons had the event and none, or at least as many, were censored or entered; values there are
 * exact. A group below the floor is not shown. Quantiles are single event times.
 *
 * <p><b>Assumptions.</b> A row is a person; censoring says nothing about the event. Rows with a
 * missing value are dropped and counted.
 *
 * <p><b>Tested against.</b> R's survival 3.5-3.
 *
 * <p><b>Limits.</b> At most 65536 grid points, and 2^20 counts in all.
 *
 * <p><b>References.</b> Kaplan and Meier 1958; Greenwood 1926; Brookmeyer and Crowley 1982; Aalen
 * 1978.
 */
package io.tributary.jobs.analysis.kaplanmeier;
