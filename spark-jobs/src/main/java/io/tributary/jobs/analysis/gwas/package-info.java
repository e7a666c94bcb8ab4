/**
 * Card of {@code gwas}.
 *
 * <p><b>Question.</b> With which variants of the study's list is an outcome associated, given
 * covariates.
 *
 * <p><b>Options.</b> {@code formula} (required): outcome, covariates with intercept; levels of
 * categories are declared. {@code model}: {@code linear}, or {@code logistic} for an outcome of 0
 * and 1 or of two levels, the second one of cases. {@code minCarriers} (20, at least the study's
 * {@code minCell}): persons who carry either allele of a variant that is tested, and persons
 * without a call, if there are any; with many covariates more (see Revealed). {@code absent}:
 * {@code refuse} leaves out variants that some site lacks, {@code allow} tests them if {@code
 * minContributors} sites have them. {@code genotypes}: {@code hardcalls} (of dosages those within
 * 0.1 of whole copies, as plink2 makes them), or {@code dosages}. {@code coding}: {@code additive},
 * copies of ALT; {@code dominant}, whether there is any; {@code recessive}, whether there are two;
 * the latter two of hardcalls, with {@code missing: drop}. {@code missing}: {@code drop} leaves
 * persons without a call out of a variant's model, {@code mean} gives them the mean of those with
 * one, however few they are. Of a logistic model: {@code test}: {@code score} for all variants, and
 * the likelihood for those of p below {@code pThreshold} (1e-4; 0: none) or with calls that are
 * missing with the outcome, {@code likelihood} for all, or, of a formula without covariates, {@code
 * trend} or {@code allelic}; {@code minCases} (10, at least {@code minCell}): cases, and controls,
 * without whom there is no model; {@code firth}: penalised likelihood as {@code fallback} where the
 * plain one has no maximum, {@code never}, or {@code always}.
 *
 * <p><b>Model.</b> Least squares of the outcome on intercept, c - 1 columns and copies of ALT, for
 * each variant alone, over persons with a call, as plink2 {@code --glm}; or its log-odds on these.
 *
 * <p><b>Sums.</b> 1: columns and outcome. 2: their products about the means [c (c + 1) / 2]. Then
 * all parties whiten: columns whose pooled products are the identity, and the outcome's residual
 * [c], each put on a grid of whole numbers, so that further sums are exact in any order.
 *
 * <p>Linear. 3: genotypes of these persons, three words a variant; of dosages by the nearest whole
 * copies, and two words more, their sum and that of their squares. 4: of variants where everybody
 * has a call, products of vector and copies [variants x c]. 5: of the others, these and, over
 * persons without a call, sums of the vector and of its products [variants x (2 c + c (c + 1) /
 * 2)]. With {@code missing: mean} these have a person's mean among copies, and no sums of their
 * own.
 *
 * <p>Logistic. The model without a variant, X'(y - mu) and X'WX at each of at most seven
 * coefficients [c + c (c + 1) / 2]. Genotypes, as above. Score tests: g'WX, g'(y - mu) and g'Wg
 * [variants x (c + 2)]; of variants where some have no call also X'WX and X'(y - mu) over these [c
 * + c (c + 1) / 2]. Likelihoods of the chosen variants, each at its own coefficients, in at most
 * eight iterations: score and information of p = c + 1 parameters [p + p (p + 1) / 2]; penalised
 * ones in at most ten, with third moments sum of w (1 - 2 mu) x_i x_j x_k [p (p + 1) (p + 2) / 6].
 * The coordinator keeps the sums, of which it makes the tests; nobody holds a genome-wide vector.
 *
 * <p><b>Method.</b> Linear: of a person the effect of covariates is taken off once (Frisch, Waugh,
 * Lovell); persons without a call are taken off each variant's sums by a small linear system.
 * Two-sided t-tests. Logistic: the score test, of which persons without a call are taken off with
 * covariate effects as they are (Neyman's C(alpha)). These are not the effects among persons with a
 * call, nor weights theirs, where calls are missing with the outcome, as at a site of many cases
 * that lacks the variant: if a step there from them changes log-odds by more than 0.1 in the mean,
 * and more than chance would of calls missing at random (p 1e-3), there is no score test. Newton's
 * method for all chosen variants at once, until a step is a billionth of a standard error, a
 * hundred-thousandth if penalised; Firth's score by the third moments, steps accelerated by the one
 * before. {@code trend} is Cochran and Armitage's test of cases over copies (or coded persons: then
 * Pearson's chi-square of a two by two table), {@code allelic} Pearson's of alleles, both from the
 * score's sums and of the persons with a call exactly, so that calls missing with the outcome do
 * not matter; beta is u / v. Normal tests. Logarithms of p are right beyond the range of doubles.
 *
 * <p><b>Result.</b> For each variant frequency and n among the persons of its model, beta of one
 * more copy of ALT, or of the coding's one over zero (log-odds if logistic), standard error, t or
 * z, p; or a code: those of {@code variant-qc}, and plink2's {@code CONST_ALLELE}, {@code
 * SAMPLE_CT<=PREDICTOR_CT}, {@code VIF_TOO_HIGH} (above 50), {@code RANK_DEFICIENT}, {@code
 * INVALID_RESULT}, {@code SEPARATION}, {@code LOGISTIC_CONVERGE_FAIL}, {@code FIRTH_CONVERGE_FAIL};
 * {@code DIFFERENTIAL_MISSINGNESS} where calls are missing with the outcome and no likelihood was
 * fitted; {@code SUPPRESSED_CASES} of a {@code trend} or {@code allelic} test where copies of an
 * allele among cases, or among controls, may be of fewer persons than {@code minCell}. The smallest
 * p-values; quantiles; lambda of genomic control; of a logistic model also effective persons 4 / (1
 * / cases + 1 / controls), by which imbalance attenuates, and lambda as of 1,000 cases and 1,000
 * controls. Outcomes of the whole: {@code CONSTANT_OUTCOME}, {@code CONSTANT_COVARIATE}, {@code
 * COLLINEAR_COVARIATES} (correlation above 0.999 or inflation above 50), {@code SATURATED}, {@code
 * RARE_LEVEL}, {@code RARE_OUTCOME} (fewer than 10 cases or controls, or than {@code minCases}),
 * {@code NOT_CONVERGED}, {@code NO_VARIANT}.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: of each variant that is tested, sums over its
 * carriers, who are at least {@code minCarriers}, and over persons without a call, who are nobody
 * or as many; with another {@code coding}, over persons coded 1, of whom and of the others there
 * are as many. Information of a model with the variant, p = c + 1 parameters, is about p / {@code
 * maxSaturation} persons at least: those with a call, those without, and the carriers of either
 * allele of a variant whose likelihood is fitted. Two variants that differ by a few carriers differ
 * by these persons' vectors; published statistics tell that as well. A fitted likelihood tells p (p
 * + 1) / 2 numbers about carriers an iteration, which together may be more than the values of
 * {@code minCarriers} persons: score tests alone tell c + 2. Without covariates these are copies of
 * ALT among cases, and cases among persons without a call. {@code SEPARATION} tells that all
 * carriers are cases, or controls. With {@code absent: allow} what is taken off for the persons of
 * a site that lacks a variant is that site's part of other sums, unless others have no call either.
 * Where a sum has more words than sites check (PROTOCOL.md 2.11), they take the coordinator's word
 * for which variants have enough carriers, and which are fitted.
 *
 * <p><b>Assumptions.</b> A row is a person and a sample; persons are not related.
 *
 * <p><b>Tested against.</b> R's least squares, variant by variant (1e-8 of the greater of |beta|
 * and its error) and plink2 2.00a3.5 (six digits) on three data sets with real populations as
 * sites. R's logistic regression and score test on the same (1e-8; the score test with missing
 * calls 1e-2, since R estimates covariates again); plink2's logistic (1e-3 of an error, its own
 * precision) and Firth regressions; R code of Firth's score (six digits). R's {@code
 * prop.trend.test} and {@code chisq.test} of the pooled table (1e-9). Dosages of a BGEN against R's
 * models of what plink2 read (1e-8 where both rounded alike).
 *
 * <p><b>Limits.</b> 2^24 variants, without chromosome X; no test of two degrees of freedom. At most
 * 5 sums if linear, 30 if logistic. Likelihoods of 262,144 / (c + 1) variants at most: {@code test:
 * likelihood} refuses longer lists, and if more than these are below {@code pThreshold}, none is
 * fitted. Penalised ones of 182 parameters at most. {@code missing: mean} takes lists of 524,288
 * variants at most.
 *
 * <p><b>References.</b> Purcell et al. 2007; Chang et al. 2015; Devlin and Roeder 1999; Cox and
 * Hinkley 1974 (score test); Armitage 1955; Sasieni 1997; de Bakker et al. 2008 (lambda of 1,000);
 * Firth 1993; Heinze and Schemper 2002; Anderson 1965.
 */
package io.tributary.jobs.analysis.gwas;
