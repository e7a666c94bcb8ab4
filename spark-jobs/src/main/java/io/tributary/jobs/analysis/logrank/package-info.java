/**
 * Card of {@code logrank}.
 *
 * <p><b>Question.</b> Do groups differ in their hazards.
 *
 * <p><b>Options.</b> {@code time}, {@code event}, {@code entry}, {@code resolution} as for {@code
 * kaplan-meier}; {@code by} (one or two columns, required); {@code strata} (one or two columns:
 * groups are compared inside each stratum only); {@code test}: log-rank, gehan, tarone-ware, peto,
 * fleming-harrington with {@code rho} (1) and {@code gamma} (0); {@code trend} (a score for each
 * group: a test of one degree of freedom beside the others).
 *
 * <p><b>Sums.</b> Those of {@code kaplan-meier}, for each group of each stratum: persons with the
 * event, censored and (with {@code entry}) entering at each point of a time grid [3 x strata x
 * groups x (points + 1)], and rows left out [1]; without a declared grid the one sum that finds it
 * comes before.
 *
 * <p><b>Method.</b> At a time with d events among n at risk, n_g of them in group g: expected d n_g
 * / n, covariance d (n - d) / (n - 1) times n_g / n (1{g = h} - n_h / n). A time has weight 1
 * (log-rank), n (Gehan), sqrt n (Tarone and Ware), S (Peto and Peto), S^rho (1 - S)^gamma (Fleming
 * and Harrington), S being the stratum's survival curve of all groups just before it. The statistic
 * is (O - E)' V^- (O - E); its degrees of freedom are the rank of V. Trend: (s'(O - E))^2 / s'V s.
 *
 * <p><b>Result.</b> For each group n, n_event, observed, expected, (O - E)^2 / E and (O - E)^2 / V;
 * tests; the covariance.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: on a grid of days in a small study most of them
 * count one person. Readers see the events of a group if at least a cell's number had the event,
 * and none or at least as many did not. Statistics are about all groups, so all are withheld if one
 * group is.
 *
 * <p><b>Assumptions.</b> A row is a person; censoring says nothing about the event. Rows with a
 * missing value are dropped and counted.
 *
 * <p><b>Tested against.</b> R's survival 3.5-3 (survdiff, also with rho and strata); other weights,
 * left truncation and trend against sums over persons.
 *
 * <p><b>Limits.</b> At most 1024 groups in all strata, 65536 grid points, and 2^20 counts.
 *
 * <p><b>References.</b> Mantel 1966; Gehan 1965; Peto and Peto 1972; Tarone 1975; Tarone and Ware
 * 1977; Fleming and Harrington 1991.
 */
package io.tributary.jobs.analysis.logrank;
