package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.VariantReader;
import java.io.Serializable;

/**
 * What a site adds up for each variant of a tile; runs on executors. It is a {@link CallKernel} or
 * a {@link CopiesKernel}.
 */
public interface TileKernel extends Serializable {
  /** Words of one variant. */
  int words();

  /**
   * Whether a variant that the file does not have is one without any call; else it adds nothing.
   */
  default boolean readsAbsent() {
    return false;
  }

  /**
   * Variants after the last one of a tile that are read with it, in the sum's order; only of a
   * kernel that {@link #readsAbsent}.
   */
  default int ahead() {
    return 0;
  }

  /** Variants of a tile, at least; fewer where one takes long. */
  default int leastTile() {
    return 256;
  }

  /** Longs that a tile takes for one variant. */
  int tileWords(int samples);

  /**
   * Words of some variants on the layout's grid.
   *
   * @param addresses where the reader finds them, then those {@link #ahead}
   * @param counted allele that is counted of each
   * @param rows of the sum at which they stand
   * @return row-major [rows x words()]
   */
  long[] sum(VariantReader reader, long[] addresses, byte[] counted, int[] rows);
}
