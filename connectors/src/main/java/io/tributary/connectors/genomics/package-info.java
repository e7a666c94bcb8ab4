/**
 * Readers of genotypes. A {@link io.tributary.connectors.genomics.GenotypeSource} tells who was
 * genotyped and at which variants; its {@link io.tributary.connectors.genomics.VariantReader} fills
 * {@link io.tributary.connectors.genomics.VariantTile}s, the one form that every kernel reads: the
 * study's variants in the order of its public list, copies of the list's ALT, whatever the file's
 * own order of alleles.
 */
package io.tributary.connectors.genomics;
