package io.tributary.connectors.genomics;

import java.io.Serializable;

/** Reads calls of variants from a file; runs on executors, one file opening for each call. */
public interface VariantReader extends Serializable {
  /** Samples of the file. */
  int samples();

  /**
   * Fills a tile with the hardcalls of these variants, in this order. Dosages become hardcalls as
   * in plink2: what is off a whole number of copies by more than 0.1 is missing.
   *
   * @param addresses as {@link GenotypeSource#variants} gave them; -1 for a variant that the file
   *     does not have, whose calls are then all missing
   * @param counted number of the allele whose copies are counted, for each address
   * @param tile of {@code samples()} samples; emptied first
   */
  void read(long[] addresses, byte[] counted, VariantTile tile);

  /** As the other, for dosages; of a file of hardcalls they are whole copies. */
  default void read(long[] addresses, byte[] counted, DosageTile tile) {
    VariantTile calls = new VariantTile(samples(), Math.max(1, addresses.length));
    read(addresses, counted, calls);
    tile.fill(calls);
  }
}
