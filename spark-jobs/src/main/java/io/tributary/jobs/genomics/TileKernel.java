package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.VariantTile;
import java.io.Serializable;

/** What a site adds up for each variant of a tile; runs on executors. */
public interface TileKernel extends Serializable {
  /** Words of one variant. */
  int words();

  /**
   * Whether a variant that the file does not have is one without any call; else it adds nothing.
   */
  default boolean readsAbsent() {
    return false;
  }

  /** Variants of a tile, at least; fewer where one takes long. */
  default int leastTile() {
    return 256;
  }

  /**
   * Words of a tile's variants on the layout's grid.
   *
   * @param rows of the sum at which the tile's variants stand, [tile.variants()]
   * @return row-major [tile.variants() x words()]
   */
  long[] sum(VariantTile tile, int[] rows);
}
