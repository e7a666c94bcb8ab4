package io.tributary.connectors.genomics;

import java.io.Serializable;

/** Reads calls of variants from a file; runs on executors, one file opening for each call. */
public interface VariantReader extends Serializable {
  /** Samples of the file. */
  int samples();

  /**
   * Fills a tile with these variants, in this order.
   *
   * @param addresses as {@link GenotypeSource#variants} gave them; -1 for a variant that the file
   *     does not have, whose calls are then all missing
   * @param counted number of the allele whose copies are counted, for each address
   * @param tile of {@code samples()} samples; emptied first
   */
  void read(long[] addresses, byte[] counted, VariantTile tile);
}
