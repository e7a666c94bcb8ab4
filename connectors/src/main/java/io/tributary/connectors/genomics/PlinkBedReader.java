package io.tributary.connectors.genomics;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;

/**
 * Rows of two bits a sample into tiles. Rows that stand near each other are read in one piece.
 *
 * @param bed the file
 * @param samples of the file
 * @param firstRow byte at which rows begin
 * @param code what two bits mean
 */
record PlinkBedReader(String bed, int samples, long firstRow, Code code) implements VariantReader {
  /** What two bits mean. */
  enum Code {
    /** .bed: 00 two copies of A1, 01 missing, 10 one, 11 two copies of A2. */
    A1_A2,
    /** .pgen: copies of ALT; 11 missing. */
    ALT
  }

  /** One read. */
  private static final int PIECE_BYTES = 4 << 20;

  /** Rows that nobody asked for are read as well if that saves a seek. */
  private static final long MAX_GAP_BYTES = 64 << 10;

  /** Bytes of one variant. */
  static long rowBytes(int samples) {
    return (samples + 3L) / 4;
  }

  @Override
  public void read(long[] addresses, byte[] counted, VariantTile tile) {
    tile.reset(addresses.length);
    int rowBytes = (int) rowBytes(samples);
    byte[] piece = new byte[Math.max(PIECE_BYTES, rowBytes)];
    try (GenomicFile file = GenomicFile.open(bed)) {
      int from = 0;
      while (from < addresses.length) {
        if (addresses[from] < 0) {
          tile.missing(from++);
          continue;
        }
        int to = pieceEnd(addresses, from, rowBytes, piece.length);
        long first = addresses[from];
        long last = addresses[from];
        for (int i = from; i < to; i++) {
          last = addresses[i] < 0 ? last : addresses[i];
        }
        int length = (int) ((last - first + 1) * rowBytes);
        file.read(firstRow + first * rowBytes, piece, 0, length);
        for (int i = from; i < to; i++) {
          if (addresses[i] < 0) {
            tile.missing(i);
          } else {
            row(
                piece,
                (int) ((addresses[i] - first) * rowBytes),
                addresses[i],
                counted[i],
                tile,
                i);
          }
        }
        from = to;
      }
    }
  }

  /** First index after {@code from} that is not read in the same piece. */
  private static int pieceEnd(long[] addresses, int from, int rowBytes, int room) {
    long first = addresses[from];
    long before = first;
    int to = from + 1;
    while (to < addresses.length) {
      long next = addresses[to];
      if (next >= 0) {
        boolean near = next > before && (next - before - 1) * rowBytes <= MAX_GAP_BYTES;
        if (!near || (next - first + 1) * rowBytes > room) {
          break;
        }
        before = next;
      }
      to++;
    }
    return to;
  }

  /**
   * One row. With pairs (h, l) of a .bed, copies of A2 are (l, h xor l) and copies of A1 are (not
   * h, h xor l); of a .pgen, copies of ALT are (h, l) and copies of REF are (not (h xor l), l).
   */
  private void row(
      byte[] piece, int at, long address, byte counted, VariantTile tile, int variant) {
    int rowBytes = (int) rowBytes(samples);
    int used = samples % 4;
    if (used != 0 && (piece[at + rowBytes - 1] & 0xff) >>> (2 * used) != 0) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          bed + ", byte " + (firstRow + (address + 1) * rowBytes - 1),
          "bits beyond the last sample of variant " + (address + 1) + " are set.",
          "The file does not belong to these samples or variants: copy the three files again.");
    }
    long[] words = tile.words();
    int stride = tile.stride();
    int into = variant * stride;
    for (int w = 0; w < stride; w++) {
      long pairs = word(piece, at + 8 * w, Math.min(8, rowBytes - 8 * w));
      long low = pairs & VariantTile.LOW;
      long high = (pairs >>> 1) & VariantTile.LOW;
      boolean first = counted == 0;
      long copiesHigh = code == Code.ALT ? (first ? ~(high ^ low) : high) : first ? ~high : low;
      long copiesLow = code == Code.ALT ? low : high ^ low;
      words[into + w] = ((copiesHigh & VariantTile.LOW) << 1) | copiesLow;
    }
    words[into + stride - 1] &= VariantTile.lastWord(samples);
  }

  /** Little-endian, as samples stand in a byte from its low bits on. */
  private static long word(byte[] bytes, int at, int length) {
    if (length == 8) {
      return (long) LONGS.get(bytes, at);
    }
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= (bytes[at + i] & 0xffL) << (8 * i);
    }
    return word;
  }

  private static final java.lang.invoke.VarHandle LONGS =
      java.lang.invoke.MethodHandles.byteArrayViewVarHandle(
          long[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
}
