/**
 * Card of {@code variant-qc}.
 *
 * <p><b>Question.</b> How often is each variant of the study's list, how complete are its calls,
 * and do its genotypes have the proportions of Hardy and Weinberg.
 *
 * <p><b>Options.</b> {@code minCarriers} (20, at least the study's {@code minCell}): persons who
 * carry either allele of a variant that is shown, and persons without a call, if there are any.
 *
 * <p><b>Sums.</b> One, for each variant [count] three words: persons with one copy of ALT and with
 * two, in lanes of 31 bits; persons without a call and all persons of sites that have the variant;
 * sites that have it. Executors count a block of 349,184 variants when it is asked for.
 *
 * <p><b>Method.</b> Copies of the list's ALT are counted, whatever order of alleles a file has. A
 * site without the variant adds nothing. The test is exact given the allele counts (Wigginton et
 * al. 2005); mid-p takes half of what is as probable as the counts seen.
 *
 * <p><b>Result.</b> For each variant its frequency, that of the rarer allele, copies, persons with
 * and without a call, call rate, expected heterozygotes, persons by genotype, observed
 * heterozygotes, both p-values; or a code: {@code NO_DATA} (no site has it), {@code
 * SUPPRESSED_SITES} (fewer sites than {@code minContributors}), {@code SUPPRESSED_CARRIERS}, {@code
 * SUPPRESSED_MISSING}, {@code CHROMOSOME_X}. Variants by frequency; quantiles of the test's
 * p-values.
 *
 * <p><b>Revealed.</b> The sums, to the coordinator: of a rare variant they count single persons,
 * whom nothing else in the sum describes. Readers see a variant if each allele has {@code
 * minCarriers} carriers, and nobody or as many have no call; nobody is withheld like a handful.
 * Genotypes, of which each follows from the others and the frequency, and the test, which tells
 * them, are shown if each has the floor's least cell. Where sites have different variants,
 * differences of persons tell how many a group of sites has. Frequencies of many variants tell
 * whether a person whose genotypes are known is in the cohort (Homer et al. 2008): PRIVACY.md.
 *
 * <p><b>Assumptions.</b> A row is a person and a sample; calls are whole copies, and files of
 * dosages are read as such calls. Persons without a sample have left the cohort before.
 *
 * <p><b>Tested against.</b> plink2 2.00a3.5 (freq, hardy, midp, missing) and R on three data sets
 * with real populations as sites, files with alleles in either order.
 *
 * <p><b>Limits.</b> 2^24 variants; chromosome X is left out, for nothing here knows who has one
 * copy.
 *
 * <p><b>References.</b> Wigginton, Cutler, Abecasis 2005; Graffelman and Moreno 2013; Homer et al.
 * 2008.
 */
package io.tributary.jobs.analysis.variantqc;
