package io.tributary.connectors.genomics;

import java.util.function.IntConsumer;

/**
 * A reader of a file of dosages. Who counts calls gets the hardcalls that plink2 would make of
 * them.
 */
public abstract class DosageReader implements VariantReader {
  /** Opens the file; once for each tile. */
  protected abstract Rows open();

  @Override
  public final void read(long[] addresses, byte[] counted, DosageTile tile) {
    tile.reset(addresses.length);
    read(addresses, counted, tile.values(), samples(), variant -> {});
  }

  @Override
  public final void read(long[] addresses, byte[] counted, VariantTile tile) {
    tile.reset(addresses.length);
    char[] row = new char[samples()];
    read(addresses, counted, row, 0, variant -> tile.harden(variant, row));
  }

  private void read(
      long[] addresses, byte[] counted, char[] into, int stride, IntConsumer finished) {
    try (Rows rows = open()) {
      for (int i = 0; i < addresses.length; i++) {
        if (addresses[i] < 0) {
          DosageTile.missing(into, i * stride, samples());
        } else {
          rows.read(addresses[i], counted[i] & 0xff, into, i * stride);
        }
        finished.accept(i);
      }
    }
  }

  /** An open file of dosages. */
  protected interface Rows extends AutoCloseable {
    /**
     * Reads one variant's dosages, in the units of {@link DosageTile}.
     *
     * @param counted number of the allele that is counted
     * @param into takes them from {@code from} on
     */
    void read(long address, int counted, char[] into, int from);

    @Override
    void close();
  }
}
