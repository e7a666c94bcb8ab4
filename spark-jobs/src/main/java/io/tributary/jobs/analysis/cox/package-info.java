/**
 * Card of {@code cox}.
 *
 * <p><b>Model.</b> Cox's proportional hazards: the hazard of a row is its stratum's baseline hazard
 * times exp(predictor). Equal to a fit of all rows at one place, not a mean of sites' fits.
 *
 * <p><b>Options.</b> {@code formula}: {@code Surv(time, event) ~ terms}, or {@code Surv(entry,
 * time, event) ~ terms} for rows that are at risk after their entry (left truncation, covariates
 * that change with time); terms, offset() and contrasts as {@code glm} has them; {@code strata(a,
 * b)}. {@code ties}: efron, breslow; {@code weights}; {@code resolution} of times as for {@code
 * kaplan-meier}; {@code sparse}: refuse, allow; {@code baseline}: pooled, by-site (each site has
 * baseline hazards of its own); {@code variance}: model, robust; {@code proportional}: km, rank,
 * identity, log (tests of proportional hazards along that function of time); {@code newData} (at
 * most 20 mappings from the formula's columns to values); {@code confidence}; {@code maxSteps}
 * (25).
 *
 * <p><b>Sums.</b> p columns of the model matrix, G event times in all strata, T of them with
 * several events, s = 1 + p + p (p + 1) / 2.
 *
 * <ol>
 *   <li>Only without declared levels or a declared grid: factors' levels and times, as {@code glm}
 *       and {@code kaplan-meier} look for them.
 *   <li>Rows with the event, censored and entering at each point of the grid in each stratum [3 x
 *       strata x (points + 1)], rows left out; sum and absolute sum of each column [p] and of
 *       weight and offset, wide. The event times follow.
 *   <li>Squares about the means [p + 1]; sums of columns and offset over all rows with the event [p
 *       + 1], with {@code proportional} also times the function of time [p]; rows that leave the
 *       risk sets after each event time, and that enter them [2 G]; with weights those of the
 *       events at each time [G].
 *   <li>Each iteration, at its coefficients, with r = w exp(predictor): r, r z and r z z' over rows
 *       whose last event time it is, less those that enter before the next one [G s]; for Efron
 *       also over the events of tied times [T s]; rows whose predictor moved by more than 0.1 [1],
 *       or whose r lies beyond 2^40 mean weights [1]. Wide. For a robust variance one more such
 *       sum, with squares of persons' score residuals [p (p + 1) / 2].
 * </ol>
 *
 * <p>With {@code baseline: by-site} every risk set is inside a site. The first sum then has the
 * persons with the event and without [2], the second nothing of event times, and each iteration
 * adds up what sites work out from risk sets of their own: log-likelihood [1], score [p],
 * information [p (p + 1) / 2] and its diagonal about 0 [p], on a grid of 2^-60 or so: tolerance
 * mode. No event time and no sum over a risk set leaves a site, so nothing is too sparse; there is
 * no baseline hazard, no robust variance and no test of proportional hazards.
 *
 * <p><b>Method.</b> Running sums from the last time down are the sums over risk sets, without
 * rounding between. Columns are centred at their means and scaled by powers of two, so bounds
 * follow from public sums. Newton's method from 0; a step that lowers the likelihood or passes the
 * cap is halved. It ends when the Newton decrement is below 1e-13 of the log-likelihood, with one
 * more sum at the estimate. Rounds: 2 or 3, and about 5 to 8 iterations. Robust covariance: V S V,
 * S the squares of score residuals summed over each person's rows (Lin and Wei). Proportional
 * hazards: the score test of columns times the function of time, at the fit, as cox.zph.
 *
 * <p><b>Result.</b> Coefficients with Wald tests and limits, hazard ratios, likelihood-ratio, Wald
 * and score tests, tests of proportional hazards, log-likelihoods, AIC, BIC (by events),
 * covariance, baseline hazard in each stratum at columns and offset 0 and at their means; for new
 * data the predictor against the means, and survival and cumulative hazard with errors that hold
 * those of the coefficients (limits on the scale of the hazard). Named outcomes instead of numbers:
 * MONOTONE_LIKELIHOOD, COLLINEAR (also with the strata), NOT_CONVERGED, NO_EVENTS,
 * TOO_MANY_PARAMETERS (as many as events), TOO_MANY_TIMES, OFFSET_TOO_LARGE, LEVELS_UNKNOWN; by the
 * release floor TOO_FEW_PERSONS, SATURATED, RARE_LEVEL, RARE_OUTCOME, SPARSE_TIMES.
 *
 * <p><b>Revealed.</b> All sums of all iterations, to the coordinator and to the sites that verify
 * them; the event times with their numbers of events, to all. With {@code baseline: by-site} that
 * is all; what follows is about pooled baselines. The difference of two neighbouring risk sets is
 * about the rows that leave or enter between them; over one row it is that row's columns. So a fit
 * ends in SPARSE_TIMES, before any such sum is asked for, if fewer rows than a cell may have are at
 * risk at an event time, or leave or enter between it and another one, or share the time's events
 * where these are summed, or have no event there beside them, or are in no risk set at all; or if
 * what all events leave without whole event times is about as few. A coarser {@code resolution} is
 * the remedy; or {@code sparse: allow}, which a site refuses unless its policy has {@code sparse:
 * allow} for this type. With entries these tests do not see how many of those who enter late have
 * the event: all events less all first at risk may be about fewer. With {@code proportional} all
 * events are summed a second time, times the function of time, so the same is asked of what is left
 * without a further time. The state then holds that function at every event time, with {@code
 * variance: robust} the last one the mean of the columns in every risk set; states are seen by
 * whoever reads the exchange.
 *
 * <p>Readers see the baseline hazard at times between which at least a cell's number of persons had
 * the event, as in {@code kaplan-meier}, and not in strata whose events would tell those of a
 * stratum that is withheld. Predicted curves are shown at the same times; many of them tell the
 * means of the columns over risk sets, weighted by hazard between two such times.
 *
 * <p><b>Assumptions.</b> Proportional hazards; censoring says nothing about the event; rows are
 * independent, or with a robust variance persons are ({@code cohort.person}), where all rows of a
 * person are at one site. Rows with a missing value or weight 0 are dropped and counted.
 *
 * <p><b>Tested against.</b> R's survival 3.5-3 on lung and colon: ties, strata, late entry,
 * weights, offsets, baseline hazard, clustered errors, cox.zph, baselines by site, survfit for new
 * data; differences below 1e-11.
 *
 * <p><b>Limits.</b> 2 s (G + T) words of at most 2^20: 5,700 event times of 12 columns. On a
 * coarser grid times within a step are ties. A column that earlier ones explain but for 1e-10 of
 * its information is COLLINEAR. A model in which a row's risk is above 2^40 mean ones, or that of a
 * whole risk set so far below that its sum keeps fewer than 32 bits, is not fitted. Concordance is
 * not given: it compares pairs of persons of two sites, which sums of a fixed shape do not hold
 * exactly.
 *
 * <p><b>References.</b> Cox 1972; Breslow 1974; Efron 1977; Tsiatis 1981; Andersen and Gill 1982;
 * Lin and Wei 1989; Grambsch and Therneau 1994; Therneau and Grambsch 2000.
 */
package io.tributary.jobs.analysis.cox;
