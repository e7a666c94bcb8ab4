package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.VariantTile;
import java.io.Serializable;

/** What a site adds up for each sample over the variants of a tile; runs on executors. */
public interface PersonKernel extends Serializable {
  /**
   * Whole numbers on a grid, so that tiles add in any order.
   *
   * @param rows at which the tile's variants stand, [tile.variants()]
   * @return row-major [tile.samples() x columns of the kernel]
   */
  long[] sum(VariantTile tile, int[] rows);
}
