/** Dosages of BGEN files: the header, the variants, and the probabilities of one variant. */
package io.tributary.connectors.genomics.bgen;
