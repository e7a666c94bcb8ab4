/**
 * Card of {@code glm}.
 *
 * <p><b>Model.</b> Generalised linear model; of its links the first is the default: gaussian
 * (identity, log), binomial and quasibinomial (logit, probit, cloglog, cauchit), poisson and
 * quasipoisson (log, sqrt, identity), negative-binomial (log, sqrt, identity), gamma (inverse, log,
 * identity), inverse-gaussian (1/mu^2, log, inverse). The variance is 1, mu (1 - mu), mu, mu + mu^2
 * / theta, mu^2, mu^3; theta is estimated. Formula in R's syntax with interactions, factor(),
 * log(), exp(), sqrt(), offset() and -1; treatment contrasts, the first declared level is the
 * reference; prior weights as in R. A binomial or quasibinomial outcome is 0/1, logical, or a
 * declared column of two levels whose second one is the event; a quasipoisson outcome need not be
 * whole.
 *
 * <p><b>Sums.</b> p coefficients, q columns of the model matrix beside the intercept.
 *
 * <ol>
 *   <li>Only for factor() of a number without levels: persons at each whole number from -1024 to
 *       1023.
 *   <li>Rows used, dropped, of weight 0, events; sum and absolute sum of each column [q]; of
 *       outcome y and offset both, and sums of weight w, log w, w y, w y log y (poisson variance)
 *       and the likelihood's terms of y alone [9], wide.
 *   <li>Squares about the means [q + 3], wide.
 *   <li>Each iteration: deviance [1], score X'W (y - mu) mu' / V [p], expected information X'W
 *       mu'^2 / V X [p (p + 1) / 2], Pearson's statistic where it gives the dispersion [1], persons
 *       whose predictor moved by more than 0.1 (0.001 unless the link is canonical) [1], persons
 *       beyond a cap [1]; with an offset, without intercept, for gamma, inverse gaussian and
 *       negative binomial also deviance, score and information of the null model; for negative
 *       binomial minus twice the log-likelihood and its two derivatives to log theta [3]. Narrow
 *       where bounds allow it (logit, identity of gaussian), wide otherwise and with weights.
 *   <li>Only for a robust {@code variance}: squares of score residuals at the estimate [p (p + 1) /
 *       2], wide, of rows or summed first over each cluster; rows beyond a cap [1], with HC2 and
 *       HC3 rows of leverage 1 [1]. The state then holds the information, from which sites work out
 *       leverages. Pearson's statistic, which bounds the squares, is then summed in each iteration,
 *       and clusters in the first sum [1].
 * </ol>
 *
 * <p><b>Method.</b> Columns are centred at their means and scaled by powers of two near their
 * standard deviations, so that bounds follow from public sums (one square is at most the sum of
 * squares; Cauchy-Schwarz) and scaling back is exact. Where residual and weight have no bound of
 * their own (gamma, inverse gaussian, negative binomial, links that are not canonical), a row's
 * score factor, weight, deviance and Pearson residual have caps: 2^24 times the sum of weights
 * times what an outcome adds that is off by the mean; a row beyond one is counted, not added.
 * Fisher scoring from the mean, which is Newton's method with a canonical link; a step that raises
 * the deviance, puts a row beyond a cap or takes a mean out of its range is halved. It ends when
 * the decrement is below 1e-12 of the deviance (1e-20 unless canonical, as steps then gain fewer
 * digits) and nobody's predictor moved; one more iteration gives deviance, covariance and a last
 * correction. Scores come from fresh residuals every time, which is iterative refinement. For
 * negative binomial a Newton step of log theta stands beside each step of the coefficients, and the
 * log-likelihood takes the deviance's place in deciding what is halved.
 *
 * <p><b>Robust errors.</b> {@code variance}: HC0 to HC3 as R's sandwich has them, exact sums of
 * rows once the information is known; HC1 with the factors G / (G - 1) and (n - 1) / (n - p), G
 * clusters. With HC0 and HC1 a cluster's rows are one: those of a person where the study's cohort
 * has several rows a person, or with {@code cluster} those with the same value of that column.
 * Clusters end at their site. HC2 and HC3 correct single rows, and are refused with clusters. Tests
 * are then normal ones, but t with n - p degrees of freedom for linear models, as R's coeftest has
 * them.
 *
 * <p><b>Result.</b> Coefficients with Wald tests (z; t where the dispersion is estimated) and
 * limits (normal as R's confint.default; t for a linear model), ratios of odds (logit), rates (log
 * of poisson variance) or means (other logs), covariance, deviances, log-likelihood as R's logLik,
 * AIC, BIC (none for quasi families), dispersion (1, or Pearson's statistic over its degrees of
 * freedom); for negative binomial theta with its error, as R's glm.nb; for a linear model also
 * sigma, R squared and F. Named outcomes instead of numbers: SEPARATION, BOUNDARY (steps end where
 * a mean leaves its range), NO_START (the mean has no link, or rows lie beyond a cap there),
 * COLLINEAR, NOT_CONVERGED, CONSTANT_OUTCOME, TOO_MANY_PARAMETERS, NO_OVERDISPERSION (theta has
 * passed a million means), FULL_LEVERAGE (1 - h of a row is below 2^-20, so that HC2 and HC3 do not
 * exist), LEVELS_UNKNOWN; by the release floor FEW_CLUSTERS, TOO_FEW_PERSONS, SATURATED, RARE_LEVEL
 * (an indicator column with fewer ones or zeros than a cell may have) and RARE_OUTCOME.
 *
 * <p><b>Revealed.</b> All sums of all iterations, to the coordinator.
 *
 * <p><b>With noise</b> (a study with {@code privacy}). Columns are put on [-1, 1] by their declared
 * ranges, so a person's z has norm at most R, R^2 = terms + 1 for the intercept, and nothing is
 * clipped but poisson means, at the end of the outcome's range. A linear model takes one sum: z y
 * [p] (norm R), z z' [p (p + 1) / 2] (R^2), y^2 (1), persons (1). Others take {@code iterations}
 * (6) sums, always all of them: score (R; R y_max for poisson) and information (R^2 / 4; R^2
 * y_max), persons in the first. A tenth of the cost counts persons, half of the rest pays for the
 * last sum. A step is H^-1 s, H with a ridge where noise has spoilt it, never moving a predictor by
 * more than 4. The covariance is H^-1 from sampling (times the dispersion for a linear model) and v
 * H^-2 from the last sum's noise, v = sd_s^2; for a linear model v = sd_b^2 + sd_A^2 |beta|^2.
 * Intervals hold both and are normal ones; noise in H itself is not in them, so they are short
 * where {@code noise_std_error} is not small beside {@code std_error}. A last step that its noise
 * does not explain ends in NOT_CONVERGED. No offsets, no weights, one row a person; deviance and
 * AIC are not given. Only gaussian, binomial and poisson with the canonical link: nothing bounds
 * what a person adds otherwise.
 *
 * <p><b>Assumptions.</b> A row is a person, and persons are independent; with a robust variance
 * only clusters are, and the variance is any. Robust errors need many clusters: dozens. Rows with a
 * missing value in a column of the formula are dropped and counted.
 *
 * <p><b>Limits.</b> Links without a mean for some predictors (inverse, 1/mu^2, sqrt, identity but
 * of gaussian) take an intercept and no offset, and gamma, inverse gaussian and gaussian with link
 * log take an intercept, since only the mean of all is a start. With link log a gaussian outcome
 * needs a mean above 0. A quasibinomial outcome is 0/1, not a share. Without a canonical link a
 * model that fits badly gains few digits a step, and may end NOT_CONVERGED unless {@code maxSteps}
 * is raised. A column that earlier ones explain but for 1e-10 of its variance is COLLINEAR; from
 * variance inflation factors of about 1e8 on, standard errors have fewer than 8 digits. The
 * log-likelihood of binomial models takes weights as numbers of trials without rounding them. A 0/1
 * column that the study declares as a number is no indicator for RARE_LEVEL.
 *
 * <p><b>Tested against</b> R's glm (4.2.2): shared oracles, and {@code lung.R} in the test
 * resources for every family and link; R's MASS 7.3-58.2 ({@code negbin.R}) and sandwich 3.0-2
 * ({@code sandwich.R}), differences below 1e-10; the clotting times of McCullagh and Nelder 1989,
 * section 8.4.2.
 *
 * <p><b>References.</b> McCullagh and Nelder 1989; Green 1984; Lawless 1987 (negative binomial);
 * Albert and Anderson 1984 (separation); White 1980; MacKinnon and White 1985; Liang and Zeger
 * 1986; Chambers and Hastie 1992 (formulas and codings); Higham 2002, chapter 12 (refinement).
 */
package io.tributary.jobs.analysis.glm;
