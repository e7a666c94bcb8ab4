/**
 * Card of {@code elastic-net}.
 *
 * <p><b>Model.</b> Linear or logistic model with intercept and the penalty lambda (alpha |b| + (1 -
 * alpha) b^2 / 2) of each slope, beside the deviance over twice the persons: alpha 1 is the lasso,
 * 0 ridge. Equal to R's glmnet on all rows at one place, in its parametrisation: columns count over
 * their standard deviations (with n) unless {@code standardize} is false, and a linear model's
 * outcome over its own, which divides the square in the penalty by it.
 *
 * <p><b>Options.</b> {@code formula}: outcome and terms as {@code glm} has them, with an intercept
 * and no offset; {@code family}: gaussian, binomial; {@code alpha} (1); {@code lambda}: penalties,
 * descending, or {@code steps} (50) of them from the least that leaves no column down to 1e-4 of it
 * (1e-2 with fewer persons than columns), evenly in logarithms; {@code standardize} (true); {@code
 * folds}: parts of a cross-validation, into which persons of several rows fall by a hash of their
 * name, and others by one of their row's values; or {@code fold}, a column that gives the part;
 * {@code maxSteps} (30, binomial).
 *
 * <p><b>Sums.</b> q columns of the model matrix beside the intercept, m = q + 1, K parts (1
 * without), L penalties.
 *
 * <ol>
 *   <li>Persons of each part [K], with the event [K], left out [1]; sums of each column and of the
 *       outcome in each part [K (q + 1)], absolute sums [q + 1], wide.
 *   <li>Squares about the means in each part [K (q + 1)], products of columns and outcome [q],
 *       wide.
 *   <li>Linear: products of [1, columns] and the outcome in each part [K (m + m (m + 1) / 2 + 1)],
 *       wide. All penalties, parts and errors follow from them.
 *   <li>Logistic, each iteration: deviance [1], score [m] and information [m (m + 1) / 2] of each
 *       of the L (K + 1) models that has not ended, wide; they stand side by side, so that a path
 *       takes the rounds of one model. With parts then their deviances under the models without
 *       them [K L].
 * </ol>
 *
 * <p><b>Method.</b> Columns are centred at their means and scaled by powers of two, so that bounds
 * follow from public sums. Logistic: Newton's method, each step to the least of the penalty and the
 * quadratic that agrees with the deviance; a step that raises what is minimised is halved; it ends
 * when a step's decrement is below 1e-14 of the persons. Least of a quadratic and the penalty:
 * coordinates in turn until the signs are known, then one solution of the linear equations that are
 * left, which is kept if it has these signs and no other slope leaves its bound.
 *
 * <p><b>Result.</b> Each penalty with the number of columns, the share of the deviance explained
 * and, with parts, the mean error of persons under the models without their part (squared error, or
 * deviance with probabilities kept from 1e-5 to 1 - 1e-5) and its standard error, parts weighted by
 * their persons, as cv.glmnet has them; lambda_min and lambda_1se; estimates of every term at every
 * penalty. Named outcomes instead of numbers: CONSTANT_OUTCOME (also without some part),
 * NOT_CONVERGED; by the release floor TOO_FEW_PERSONS (also of a part), SATURATED, RARE_LEVEL,
 * RARE_OUTCOME. Columns that depend on others have estimates, and constant ones the estimate 0.
 *
 * <p><b>Revealed.</b> All sums, to the coordinator.
 *
 * <p><b>Assumptions.</b> Rows with a missing value are dropped and counted. All rows of a person
 * are in one part where the study says that a person may have several; else equal rows are.
 *
 * <p><b>Tested against.</b> R's glmnet 4.1-6 on heart-disease ({@code elasticnet.R}): lasso,
 * elastic net, ridge, both families, automatic paths, cross-validation by given parts; differences
 * below 1e-8, which is what glmnet's own iterations leave. The shared oracle of penalised models.
 *
 * <p><b>Limits.</b> No weights, no offsets, no penalty factors, no errors of estimates. The path
 * does not end early where little is left to explain, as glmnet's does. A round has at most 2^19
 * numbers. A lasso of columns that depend on each other has many solutions, of which this is one.
 *
 * <p><b>References.</b> Friedman, Hastie and Tibshirani 2010; Zou and Hastie 2005; Lee, Sun and
 * Saunders 2014 (proximal Newton); Steele, Lea and Flood 2014 (hash).
 */
package io.tributary.jobs.analysis.elasticnet;
