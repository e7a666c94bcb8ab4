package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.VariantReader;
import io.tributary.connectors.genomics.VariantTile;

/**
 * GT of a VCF file's lines into tiles.
 *
 * @param vcf the file
 * @param unsplittable whether it may be plain gzip
 * @param samples of the file
 */
record VcfReader(String vcf, boolean unsplittable, int samples) implements VariantReader {
  @Override
  public void read(long[] addresses, byte[] counted, VariantTile tile) {
    tile.reset(addresses.length);
    try (VcfLines lines = VcfLines.open(vcf, unsplittable)) {
      lines.expect(samples);
      VcfRecord record = new VcfRecord(lines);
      HardcallColumns calls = new HardcallColumns(record, samples);
      for (int i = 0; i < addresses.length; i++) {
        if (addresses[i] < 0) {
          tile.missing(i);
        } else {
          lines.seek(addresses[i]);
          lines.next();
          record.locate();
          calls.read(counted[i] & 0xff, tile, i);
        }
      }
    }
  }
}
