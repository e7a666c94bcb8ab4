/**
 * Card of {@code ld-prune}.
 *
 * <p><b>Question.</b> Which variants of the study's list are hardly correlated with each other, so
 * that each tells of another place of the genome.
 *
 * <p><b>Options.</b> {@code window} (200; 2 to 1,000 variants) and {@code step} (50, at most the
 * window): windows of so many variants along a chromosome. {@code r2} (0.2): squared correlation
 * above which one of two goes. {@code missing}: {@code nearest} gives persons without a call the
 * whole number of copies nearest to the mean; {@code drop} leaves them out of a pair, as plink.
 * {@code minFrequency} (0.01; from 0): of the rarer allele. {@code minCarriers} (20, at least the
 * study's {@code minCell}): persons who carry either allele; with {@code drop} also persons without
 * a call, if there are any.
 *
 * <p><b>Sums.</b> 1: genotypes, three words a variant, as {@code variant-qc} counts them. 2: for
 * each variant that is common enough [count] its genotypes, whether a chromosome ends at it, and
 * for each of {@code window} - 1 that follow it the sum of products of copies [1]; with {@code
 * drop} over persons who have both calls, with their number and their genotypes at either [3].
 * Executors count a block when it is asked for.
 *
 * <p><b>Method.</b> In each window pairs are looked at from its first variant on; of two whose
 * squared correlation is above {@code r2} the one of the rarer minor allele goes, and the later one
 * if neither is rarer; again until none goes. Correlations are of copies, not of haplotypes, and
 * from whole numbers without rounding.
 *
 * <p><b>Result.</b> Each variant with a code: {@code KEPT}, {@code PRUNED}, {@code LOW_FREQUENCY},
 * or one of {@code variant-qc}; a file of the names that stay. Outcomes {@code NO_VARIANT}: none is
 * common enough; {@code MANY_VARIANTS}.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: of two neighbours how often alleles go together
 * among all persons, of whom at least {@code minCarriers} carry either allele of each. Where one
 * variant's carriers are another's but for one, their products with a third differ by that person's
 * copies; so do, with {@code drop}, genotypes of persons with a call here and of those with a call
 * here and there, which is why the default fills calls in. Readers see codes only.
 *
 * <p><b>Assumptions.</b> A row is a person and a sample. A mixture of populations correlates
 * variants that no population does.
 *
 * <p><b>Tested against.</b> plink2 2.00a3.5 {@code --indep-pairwise} on eleven populations as sites
 * with {@code drop}: the same variants.
 *
 * <p><b>Limits.</b> The order of plink 1.9 and of that plink2; a later plink2 has it with {@code
 * --indep-order 1}. Windows are of variants that passed, not of kilobases. 900,000 candidates (a
 * state of 8 MiB), else {@code MANY_VARIANTS}; 2^27 persons. A million variants with a window of
 * 200 are 1.6 GB a site, with {@code drop} 4.8 GB. Nothing for chromosome X.
 *
 * <p><b>References.</b> Purcell et al. 2007; Chang et al. 2015.
 */
package io.tributary.jobs.analysis.ldprune;
