package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.DosageTile;
import io.tributary.connectors.genomics.VariantReader;
import io.tributary.connectors.genomics.VariantTile;

/** A kernel on copies that need not be whole: of dosages, or of persons without a call. */
public interface CopiesKernel extends TileKernel {
  /** Whether dosages are read as they are; else as the hardcalls that they are near. */
  boolean dosages();

  /**
   * Words of a tile's variants on the layout's grid.
   *
   * @param rows of the sum at which the tile's variants stand, [tile.variants()]
   * @return row-major [tile.variants() x words()]
   */
  long[] sum(DosageTile tile, int[] rows);

  @Override
  default int tileWords(int samples) {
    return samples / 4 + 1;
  }

  @Override
  default long[] sum(VariantReader reader, long[] addresses, byte[] counted, int[] rows) {
    DosageTile tile = new DosageTile(reader.samples(), rows.length);
    if (dosages()) {
      reader.read(addresses, counted, tile);
    } else {
      VariantTile calls = new VariantTile(reader.samples(), rows.length);
      reader.read(addresses, counted, calls);
      tile.fill(calls);
    }
    return sum(tile, rows);
  }
}
