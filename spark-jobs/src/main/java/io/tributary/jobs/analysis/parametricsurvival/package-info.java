/**
 * Card of {@code parametric-survival}.
 *
 * <p><b>Model.</b> Accelerated failure times: log T = x beta + sigma e, with e smallest extreme
 * value (weibull; exponential with sigma 1), standard normal (lognormal) or logistic (loglogistic);
 * times are right-censored. Equal to R's survreg on all rows at one place.
 *
 * <p><b>Options.</b> {@code formula}: {@code Surv(time, event) ~ terms}, with terms, offset() and
 * contrasts as {@code glm} has them; {@code distribution}: weibull, exponential, lognormal,
 * loglogistic; {@code weights}; {@code variance}: model, robust; {@code confidence}; {@code
 * maxSteps} (25, for both models together).
 *
 * <p><b>Sums.</b> q columns of the model matrix beside the intercept, p = q + 2 parameters (q + 1
 * for exponential).
 *
 * <ol>
 *   <li>Rows with the event, censored, left out [3]; sum and absolute sum of log time less offset
 *       and of each column [q + 1], sum of weights [1], wide.
 *   <li>Squares about the means [q + 1]; over the rows with the event the sums of weights and of
 *       log times [2], wide.
 *   <li>Each iteration, first without columns, then with them: minus twice the log-likelihood [1],
 *       score [p], observed information [p (p + 1) / 2], wide; rows whose predictor moved by more
 *       than 0.1 [1] or lies beyond its cap [1]. For a robust variance one more sum, of squares of
 *       persons' score residuals [p (p + 1) / 2], with rows whose residual lies beyond a cap [1].
 * </ol>
 *
 * <p><b>Method.</b> Newton's method on b and t of u = b x + t log T, t = 1 / sigma and beta = -b /
 * t, in which the log-likelihood is concave (Burridge 1981): score and information are sums of one
 * factor times (x, log T) and its products, and what t adds besides is known from the events. A
 * step that lowers the likelihood, or puts a row's terms beyond 2^24 times all weights, is halved;
 * t is at most halved. It ends when the decrement is below 1e-12 of the weights, with one more sum
 * at the estimate and a last correction. The covariance of beta and log sigma follows by their
 * derivatives, which is exact where the score is 0. Robust covariance: V S V, S the squares of
 * score residuals summed over each person's rows (Lin and Wei 1989).
 *
 * <p><b>Result.</b> Coefficients and log scale with Wald tests and limits, ratios of times, scale,
 * log-likelihoods with and without columns and their test, AIC, BIC (by rows), covariance. Named
 * outcomes instead of numbers: MONOTONE_LIKELIHOOD, COLLINEAR, NOT_CONVERGED, NO_EVENTS,
 * CONSTANT_OUTCOME (equal times, but for exponential), TOO_MANY_PARAMETERS (as many as events); by
 * the release floor TOO_FEW_PERSONS, SATURATED, RARE_LEVEL, RARE_OUTCOME (fewer persons with the
 * event, or without it, than a cell may have: their log times are summed apart).
 *
 * <p><b>Revealed.</b> All sums of all iterations, to the coordinator and to the sites that verify
 * them. No sum is about a time or a risk set, so times need no grid, and none is too sparse.
 *
 * <p><b>Assumptions.</b> The distribution of times; censoring says nothing about the event; rows
 * are independent, or with a robust variance persons are ({@code cohort.person}), where all rows of
 * a person are at one site. Rows with a missing value or weight 0 are dropped and counted.
 *
 * <p><b>Tested against.</b> R's survival 3.5-3 on lung and colon ({@code survreg.R}): each
 * distribution, weights, offsets, interactions, robust and clustered errors; differences below
 * 1e-12. With weights a robust error has each row's residual times its weight, as coxph has it;
 * survreg leaves weights out there.
 *
 * <p><b>Limits.</b> Times above 0; factor() needs declared levels; no late entry, no strata, no
 * left- or interval-censoring. A column that earlier ones explain but for 1e-10 of its information
 * is COLLINEAR.
 *
 * <p><b>References.</b> Burridge 1981; Lin and Wei 1989; Kalbfleisch and Prentice 2002, chapters 2
 * and 3; Therneau, survival (survreg).
 */
package io.tributary.jobs.analysis.parametricsurvival;
