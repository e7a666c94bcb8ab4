/**
 * Card of {@code cumulative-incidence}.
 *
 * <p><b>Question.</b> What share had the event of each cause by each time, where other causes may
 * come first (competing risks).
 *
 * <p><b>Options.</b> {@code time}; {@code event} (a category: its first level is censoring, each
 * further one a cause, 2 to 20); {@code entry}, {@code by}, {@code resolution}, {@code times},
 * {@code confidence} and {@code limits} (log, log-log, plain) as for {@code kaplan-meier}.
 *
 * <p><b>Sums.</b> Persons with the event of each cause, censored and (with {@code entry}) entering
 * at each point of a time grid [(causes + 2) x groups x (points + 1)], rows left out [1]; without a
 * declared grid the one sum that finds it comes before.
 *
 * <p><b>Method.</b> Aalen and Johansen's: the sum of S(t-) d_k / n over times, S the survival of
 * all causes. Its variance is that of multinomial increments at each time, carried to the end by
 * the delta method; for one cause it is Greenwood's. Limits are symmetric on the log, the log of
 * minus the log, or the share itself. With {@code by} Gray's test for each cause: in each group
 * events less those that the hazard of the common subdistribution gives, with his variance for
 * ties; df are groups less one.
 *
 * <p><b>Result.</b> For each group and cause the curve with errors and limits, the same at times
 * asked for, n and events; tests of equal incidences between groups.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: on a grid of days in a small study most of them
 * count one person, with time and cause. Readers see a curve at times between which the events of
 * each cause, the censored and those who enter are each none or at least a cell's number, and not
 * where a cause's events in a group are fewer: then nothing of the group is shown, and no test.
 *
 * <p><b>Assumptions.</b> A row is a person; censoring says nothing about the event. Rows with a
 * missing value are dropped and counted. With entries the error is that of independent increments.
 *
 * <p><b>Tested against.</b> R's survival 3.5-3 (survfit of a multi-state response) and cmprsk
 * 2.2-11 (cuminc's tests) on colon, differences below 1e-12.
 *
 * <p><b>Limits.</b> At most 1024 groups, 65536 grid points, 2^20 counts. Gray's test is that of rho
 * 0, without strata and late entries. The model of Fine and Gray is not offered; Cox models of one
 * cause are ({@code cox}).
 *
 * <p><b>References.</b> Aalen and Johansen 1978; Andersen, Borgan, Gill and Keiding 1993, section
 * IV.4; Choudhury 2002; Gray 1988.
 */
package io.tributary.jobs.analysis.cumulativeincidence;
