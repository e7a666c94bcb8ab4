package io.tributary.connectors.genomics;

import java.util.Arrays;
import java.util.List;

/**
 * Calls of a whole file, of the second allele of every variant. Reading them is the check of all
 * that opening a file does not look at.
 *
 * @param none calls without a copy
 * @param one calls of one copy
 * @param two calls of two copies
 * @param missing no call; of dosages also those that are farther than 0.1 from a whole number
 */
public record CallCounts(long none, long one, long two, long missing) {
  private static final int PIECE = 256;

  /** Reads every call of a source. */
  public static CallCounts of(GenotypeSource source) {
    Counting counting = new Counting(source);
    source.variants(counting);
    counting.read();
    long[] counts = counting.counts;
    return new CallCounts(counts[0], counts[1], counts[2], counts[3]);
  }

  private static final class Counting implements GenotypeSource.Visitor {
    private final VariantReader reader;
    private final VariantTile tile;
    private final long[] addresses = new long[PIECE];
    private final byte[] counted = new byte[PIECE];
    private final long[] counts = new long[4];
    private int size;

    Counting(GenotypeSource source) {
      this.reader = source.reader();
      this.tile = new VariantTile(source.samples().size(), PIECE);
      Arrays.fill(counted, (byte) 1);
    }

    @Override
    public void variant(
        long address, String chromosome, int position, String id, List<String> alleles) {
      addresses[size++] = address;
      if (size == PIECE) {
        read();
      }
    }

    void read() {
      reader.read(Arrays.copyOf(addresses, size), Arrays.copyOf(counted, size), tile);
      for (int variant = 0; variant < size; variant++) {
        row(variant);
      }
      size = 0;
    }

    /** With the high and low bits of 32 calls, each count is a population count. */
    private void row(int variant) {
      long[] words = tile.words();
      long one = 0;
      long two = 0;
      long missing = 0;
      for (int w = variant * tile.stride(); w < (variant + 1) * tile.stride(); w++) {
        long low = words[w] & VariantTile.LOW;
        long high = (words[w] >>> 1) & VariantTile.LOW;
        one += Long.bitCount(low & ~high);
        two += Long.bitCount(high & ~low);
        missing += Long.bitCount(high & low);
      }
      counts[0] += tile.samples() - one - two - missing;
      counts[1] += one;
      counts[2] += two;
      counts[3] += missing;
    }
  }
}
