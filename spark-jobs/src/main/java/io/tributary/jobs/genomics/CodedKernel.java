package io.tributary.jobs.genomics;

import io.tributary.connectors.genomics.DosageTile;
import io.tributary.connectors.genomics.VariantReader;
import io.tributary.connectors.genomics.VariantTile;

/**
 * A kernel on codes of hardcalls in place of copies.
 *
 * @param kernel what is summed
 */
public record CodedKernel(TileKernel kernel, Coding coding) implements TileKernel {
  @Override
  public int words() {
    return kernel.words();
  }

  @Override
  public boolean readsAbsent() {
    return kernel.readsAbsent();
  }

  @Override
  public int ahead() {
    return kernel.ahead();
  }

  @Override
  public int leastTile() {
    return kernel.leastTile();
  }

  @Override
  public int tileWords(int samples) {
    return kernel.tileWords(samples);
  }

  @Override
  public long[] sum(VariantReader reader, long[] addresses, byte[] counted, int[] rows) {
    return kernel.sum(new Coded(reader, coding), addresses, counted, rows);
  }

  /** Codes of what another reader reads. */
  private record Coded(VariantReader reader, Coding coding) implements VariantReader {
    @Override
    public int samples() {
      return reader.samples();
    }

    @Override
    public void read(long[] addresses, byte[] counted, VariantTile tile) {
      reader.read(addresses, counted, tile);
      coding.apply(tile);
    }

    @Override
    public void read(long[] addresses, byte[] counted, DosageTile tile) {
      throw new IllegalStateException("dosages have no code");
    }
  }
}
