/** Genotypes of VCF files: blocks of text, lines in them, and the calls of a line. */
package io.tributary.connectors.genomics.vcf;
