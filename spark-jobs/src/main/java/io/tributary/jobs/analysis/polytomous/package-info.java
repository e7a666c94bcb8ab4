/**
 * Card of {@code multinomial} and {@code ordinal}.
 *
 * <p><b>Model.</b> An outcome of K levels, three or more. {@code multinomial}: the log odds of each
 * level against the first one are linear, with coefficients of their own (multinomial logit).
 * {@code ordinal}: the log odds of a level up to k are a threshold less one linear predictor, the
 * same at every threshold (proportional odds). Equal to R's multinom and polr on all rows at one
 * place.
 *
 * <p><b>Options.</b> {@code formula}: outcome and terms as {@code glm} has them, with contrasts, an
 * intercept and no offset; the outcome is a declared column with levels, in their order, or whole
 * numbers of a declared range; {@code weights}; {@code confidence}; {@code maxSteps} (25).
 *
 * <p><b>Sums.</b> q columns of the model matrix beside the intercept; p parameters, (K - 1) (q + 1)
 * for multinomial and q + K - 1 for ordinal.
 *
 * <ol>
 *   <li>Rows at each level [K] and left out [1]; sums of weights at each level [K], sum and
 *       absolute sum of each column [q], wide.
 *   <li>Squares about the means [q], wide.
 *   <li>Each iteration: minus twice the log-likelihood [1], score [p], information [p (p + 1) / 2,
 *       for multinomial (K - 1) K / 2 blocks of (q + 1) (q + 2) / 2], wide; rows whose predictor
 *       moved by more than 0.1 [1].
 * </ol>
 *
 * <p><b>Method.</b> Newton's method from the model without columns, which follows from the first
 * sum. Columns are centred at their means and scaled by powers of two. Every term of a row has a
 * bound: residuals are at most its weight, and information at most a quarter of it times z z'. For
 * ordinal a level's probability is F(u) (1 - F(l)) (1 - exp(l - u)), F the logistic function, u and
 * l the log odds at its thresholds: two binary outcomes, which are summed, and a factor of
 * thresholds alone, which the weights of the levels give. A step that lowers the likelihood is
 * halved, and one that would make thresholds meet is shortened. It ends when the decrement is below
 * 1e-12 of the weights, with one more sum at the estimate and a last correction.
 *
 * <p><b>Result.</b> Coefficients with Wald tests (normal) and limits, odds ratios, covariance,
 * log-likelihoods with and without columns and their test, AIC, BIC (by rows). Terms are named as R
 * names them: {@code level:column} for multinomial; columns, then {@code level|next} for
 * thresholds. Named outcomes instead of numbers: SEPARATION, EMPTY_LEVEL (nobody is at a level of
 * the outcome), COLLINEAR, NOT_CONVERGED, TOO_MANY_PARAMETERS; by the release floor
 * TOO_FEW_PERSONS, SATURATED, RARE_LEVEL, RARE_OUTCOME (fewer persons at a level of the outcome
 * than a cell may have).
 *
 * <p><b>Revealed.</b> All sums of all iterations, to the coordinator.
 *
 * <p><b>Assumptions.</b> Rows are independent; for ordinal the odds are proportional, which is not
 * tested: a multinomial model beside it shows where they are not. Rows with a missing value or
 * weight 0 are dropped and counted.
 *
 * <p><b>Tested against.</b> R's nnet 7.3-18 and MASS 7.3-58.2 on heart-disease and lung ({@code
 * polytomous.R}). Both optimise to about 1e-8 only, and polr takes second differences for its
 * errors; the script goes on from their estimates by Newton's method until nothing changes.
 * Differences are below 1e-9.
 *
 * <p><b>Limits.</b> Logit link; no offset, no robust errors, no coefficients that are shared by
 * some levels only; at most 1000 parameters; factor() needs declared levels. A parameter that
 * earlier ones explain but for 1e-10 of its information is COLLINEAR.
 *
 * <p><b>References.</b> McCullagh 1980; Pratt 1981 (concavity); Agresti 2013, chapter 8; Venables
 * and Ripley 2002, section 7.3.
 */
package io.tributary.jobs.analysis.polytomous;
