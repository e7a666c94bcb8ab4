package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.VariantReader;
import io.tributary.connectors.genomics.VariantTile;

/** A kernel on hardcalls of two bits. */
public interface CallKernel extends TileKernel {
  /**
   * Words of a tile's variants on the layout's grid.
   *
   * @param rows of the sum at which the tile's variants stand, [tile.variants()] less those {@link
   *     #ahead}
   * @return row-major [rows x words()]
   */
  long[] sum(VariantTile tile, int[] rows);

  @Override
  default int tileWords(int samples) {
    return VariantTile.stride(samples);
  }

  @Override
  default long[] sum(VariantReader reader, long[] addresses, byte[] counted, int[] rows) {
    VariantTile tile = new VariantTile(reader.samples(), addresses.length);
    reader.read(addresses, counted, tile);
    return sum(tile, rows);
  }
}
