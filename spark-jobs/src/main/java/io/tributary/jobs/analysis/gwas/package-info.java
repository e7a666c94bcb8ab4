/**
 * Card of {@code gwas}.
 *
 * <p><b>Question.</b> With which variants of the study's list is an outcome associated, given
 * covariates.
 *
 * <p><b>Options.</b> {@code formula} (required): outcome, covariates with intercept; levels of
 * categories are declared. {@code minCarriers} (20, at least the study's {@code minCell}): persons
 * who carry either allele of a variant that is tested, and persons without a call, if there are
 * any. {@code absent}: {@code refuse} leaves out variants that some site lacks, {@code allow} tests
 * them if {@code minContributors} sites have them.
 *
 * <p><b>Model.</b> Least squares of the outcome on intercept, c - 1 columns and copies of ALT, for
 * each variant alone, over persons with a call, as plink2 {@code --glm}.
 *
 * <p><b>Sums.</b> 1: columns and outcome. 2: their products about the means [c (c + 1) / 2]. Then
 * all parties whiten: columns whose pooled products are the identity, and the outcome's residual
 * [c], each put on a grid of whole numbers, so that further sums are exact in any order. 3:
 * genotypes of these persons, three words a variant. 4: of variants where everybody has a call,
 * products of vector and copies [variants x c]. 5: of the others, these and, over persons without a
 * call, sums of the vector and of its products [variants x (2 c + c (c + 1) / 2)]. The coordinator
 * keeps the sums, of which it makes the tests; nobody holds a genome-wide vector.
 *
 * <p><b>Method.</b> Of a person the effect of covariates is taken off once (Frisch, Waugh, Lovell);
 * persons without a call are taken off each variant's sums by a small linear system. Two-sided
 * t-tests; their logarithms are right beyond the range of doubles.
 *
 * <p><b>Result.</b> For each variant frequency and n among the persons of its model, beta of one
 * more copy of ALT, standard error, t, p; or a code: those of {@code variant-qc}, and plink2's
 * {@code CONST_ALLELE}, {@code SAMPLE_CT<=PREDICTOR_CT}, {@code VIF_TOO_HIGH} (above 50), {@code
 * RANK_DEFICIENT}, {@code INVALID_RESULT}. The smallest p-values; quantiles; lambda of genomic
 * control. Outcomes of the whole: {@code CONSTANT_OUTCOME}, {@code CONSTANT_COVARIATE}, {@code
 * COLLINEAR_COVARIATES} (correlation above 0.999 or inflation above 50), {@code SATURATED}, {@code
 * RARE_LEVEL}, {@code NO_VARIANT}.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: of each variant that is tested, sums over its
 * carriers, who are at least {@code minCarriers}, and over persons without a call, who are nobody
 * or as many. Two variants that differ by a few carriers differ by these persons' vectors;
 * published statistics tell that as well. With {@code absent: allow} what is taken off for the
 * persons of a site that lacks a variant is that site's part of other sums, unless others have no
 * call either. Where a sum has more words than sites check (PROTOCOL.md 2.11), they take the
 * coordinator's word for which variants have enough carriers.
 *
 * <p><b>Assumptions.</b> A row is a person and a sample; persons are not related; calls are whole
 * copies, and files of dosages are read as such calls.
 *
 * <p><b>Tested against.</b> R's least squares, variant by variant (1e-8 of the greater of |beta|
 * and its error) and plink2 2.00a3.5 (six digits) on three data sets with real populations as
 * sites.
 *
 * <p><b>Limits.</b> 2^24 variants, without chromosome X; at most five sums.
 *
 * <p><b>References.</b> Purcell et al. 2007; Chang et al. 2015; Devlin and Roeder 1999.
 */
package io.tributary.jobs.analysis.gwas;
