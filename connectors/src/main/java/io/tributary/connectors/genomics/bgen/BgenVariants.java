package io.tributary.connectors.genomics.bgen;

import io.tributary.connectors.genomics.GenomicFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The variants of a BGEN file of layout 2, at any place at which one begins.
 *
 * <pre>
 *   u16 length, variant id; u16 length, rs id; u16 length, chromosome; u32 position
 *   u16 alleles, for each u32 length and bases
 *   u32 C, then C bytes of probabilities; if they are compressed the first four are the u32 D
 * </pre>
 */
final class BgenVariants {
  /** Bytes of one allele, at most. */
  private static final int MAX_ALLELE = 1 << 20;

  private static final int WINDOW_BYTES = 1 << 13;

  private final GenomicFile file;
  private final byte[] window = new byte[WINDOW_BYTES];
  private long windowAt;
  private int windowLength;
  private long at;

  private String id = "";
  private String chromosome = "";
  private int position;
  private final List<String> alleles = new ArrayList<>();
  private long blockBytes;

  BgenVariants(GenomicFile file) {
    this.file = file;
  }

  /** Reads what identifies the variant that begins at a byte. */
  void read(long address) {
    at = address;
    String variantId = text(u16());
    String rsId = text(u16());
    id = rsId.isEmpty() || rsId.equals(".") ? variantId : rsId;
    chromosome = text(u16());
    long place = u32();
    if (place >= Integer.MAX_VALUE) {
      throw BgenHeader.damaged(file, at - 4, "position " + place + " is on no chromosome.");
    }
    position = (int) place;
    int count = u16();
    alleles.clear();
    for (int i = 0; i < count; i++) {
      alleles.add(text(u32()).toUpperCase(Locale.ROOT));
    }
    if (count < 2) {
      throw BgenHeader.damaged(file, address, "variant '" + id + "' has " + count + " alleles.");
    }
    blockBytes = u32();
    if (blockBytes > file.size() - at || blockBytes > Integer.MAX_VALUE - 8) {
      throw BgenHeader.damaged(
          file,
          at - 4,
          "the block of variant '" + id + "' has " + blockBytes + " bytes, more than the file.");
    }
  }

  String id() {
    return id;
  }

  String chromosome() {
    return chromosome;
  }

  int position() {
    return position;
  }

  List<String> alleles() {
    return List.copyOf(alleles);
  }

  /** Byte at which the probabilities begin. */
  long block() {
    return at;
  }

  int blockBytes() {
    return (int) blockBytes;
  }

  /** Byte at which the next variant begins. */
  long next() {
    return at + blockBytes;
  }

  private int u16() {
    int from = need(2);
    return (window[from] & 0xff) | (window[from + 1] & 0xff) << 8;
  }

  private long u32() {
    int from = need(4);
    long value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | (window[from + i] & 0xff);
    }
    return value;
  }

  private String text(long length) {
    if (length > MAX_ALLELE || length > file.size() - at) {
      throw BgenHeader.damaged(file, at, "a name has " + length + " bytes.");
    }
    if (length <= WINDOW_BYTES) {
      int from = need((int) length);
      return new String(window, from, (int) length, StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[(int) length];
    file.read(at, bytes, 0, bytes.length);
    at += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Where in the window the next bytes stand; steps over them. */
  private int need(int length) {
    if (length > file.size() - at) {
      throw BgenHeader.damaged(file, at, "the file ends within a variant.");
    }
    if (at < windowAt || at + length > windowAt + windowLength) {
      windowAt = at;
      windowLength = (int) Math.min(WINDOW_BYTES, file.size() - at);
      file.read(at, window, 0, windowLength);
    }
    int from = (int) (at - windowAt);
    at += length;
    return from;
  }
}
