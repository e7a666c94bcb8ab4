/**
 * Card of {@code pca}.
 *
 * <p><b>Question.</b> Along which directions do genotypes of the cohort differ most: population
 * structure, as covariates of an association and as a picture.
 *
 * <p><b>Options.</b> {@code components} (10; 1 to 50). {@code prune}: {@code windows} takes
 * correlated variants out first, as {@code ld-prune} with {@code missing: nearest}, by {@code
 * window} (200), {@code step} (50) and {@code r2} (0.2); {@code none} does not. {@code
 * minFrequency} (0.01; from 0): of the rarer allele. {@code minCarriers} (20, at least the study's
 * {@code minCell}): persons who carry either allele. {@code loadings}: {@code show} or {@code
 * withhold} from readers.
 *
 * <p><b>Model.</b> Z [persons x m variants]: copies of ALT less the pooled mean 2 f, over the root
 * of 2 f (1 - f); 0 without a call. Eigenvalues of Z Z' / m and eigenvectors of Z'Z (Patterson,
 * Price, Reich 2006).
 *
 * <p><b>Sums.</b> 1: genotypes, three words a variant. 2, if pruned: products in windows, as {@code
 * ld-prune}. Then Z'Z X for a public block X of k = {@code components} + 10 vectors [m x k]: a site
 * makes its persons' scores Z X and adds up centred copies times scores. At most 25 of these. At
 * the end fourth powers of scores [{@code components}], and persons by 32 x 32 cells of the first
 * two components.
 *
 * <p><b>Method.</b> Subspace iteration from vectors that are the same everywhere (Halko,
 * Martinsson, Tropp 2011), filtered by Chebyshev polynomials of degree 3, 4, then 5 that damp
 * eigenvalues below the block's least, a factor a sum (Zhou, Saad, Tiago, Chelikowsky 2006);
 * between two of them Rayleigh and Ritz. It ends when |A x - value x| is 2e-5 of the value for each
 * component, so that values are right to about its square. Scores and means are put on public
 * grids, so that sums are of whole numbers, the same for any split.
 *
 * <p><b>Result.</b> Eigenvalues with residuals and effective persons; loadings, also in the form of
 * plink2's {@code eigenvec.allele}; persons by cells of the first two components. Codes of a
 * component: {@code OK}, {@code NOT_CONVERGED}, {@code SUPPRESSED_FEW_PERSONS}. Outcomes: {@code
 * FEW_VARIANTS}, {@code MANY_VARIANTS}, {@code SATURATED}, {@code TOO_FEW_PERSONS}. Scores stay at
 * the sites.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: products of the pooled Z'Z with as many vectors
 * as k times the iterations. As many as there are persons would tell all of Z'Z, of whole genomes,
 * from which copies might be found; so all vectors together are at most {@code maxSaturation} times
 * the persons, and iterations end there. Cells of few persons are withheld from readers only. A
 * component that one person or a family makes up has that person's genome for loadings: it is shown
 * if its effective persons are at least {@code minPersons}; the coordinator has it.
 *
 * <p><b>Assumptions.</b> A row is a person and a sample; persons are not related; variants are
 * hardly correlated, if pruned. Regions of long-range correlation are not left out by themselves:
 * leave them off the list.
 *
 * <p><b>Tested against.</b> R's eigenvalues (1e-8) and eigenvectors (correlation above 0.999999) of
 * eleven populations as sites. plink2 divides by the calls that two persons share, and differs by
 * 0.35 % there.
 *
 * <p><b>Limits.</b> A state of 8 MiB: some 46,000 variants after pruning for 10 components, 900,000
 * before. At most 28 sums. Eigenvalues close to each other take more iterations than that: {@code
 * NOT_CONVERGED}, with the residual. Nothing for chromosome X. A site that lacks a variant takes it
 * from all.
 *
 * <p><b>References.</b> Patterson, Price, Reich 2006; Halko, Martinsson, Tropp 2011; Zhou, Saad,
 * Tiago, Chelikowsky 2006; Abraham, Qiu, Inouye 2017; Chang et al. 2015.
 */
package io.tributary.jobs.analysis.pca;
