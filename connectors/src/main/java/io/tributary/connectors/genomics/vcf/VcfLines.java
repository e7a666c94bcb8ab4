package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.GenomicFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of a VCF file, one after another or from any address on that a line had. Numbers of lines,
 * for errors, are known as long as nobody seeks, and are counted again if an error needs one.
 */
final class VcfLines implements AutoCloseable {
  /** Bytes of one line of the header, at most: 16 million samples with four letters each. */
  private static final int MAX_HEADER_LINE = 1 << 26;

  /** Bytes of the columns before the first sample, at most. */
  private static final int MAX_FIXED = 1 << 20;

  private static final int MAX_SAMPLE = 512;

  private final String location;
  private final boolean unsplittable;
  private final TextBlocks blocks;
  private long block = -1;
  private int at;
  private int maxLine = MAX_HEADER_LINE;
  private byte[] line = new byte[1 << 12];
  private int length;
  private long address;
  private long number;
  private boolean counted = true;

  private VcfLines(String location, boolean unsplittable, TextBlocks blocks) {
    this.location = location;
    this.unsplittable = unsplittable;
    this.blocks = blocks;
  }

  /**
   * Opens a file at its first line.
   *
   * @param unsplittable whether plain gzip may be read too
   */
  static VcfLines open(String location, boolean unsplittable) {
    GenomicFile file = GenomicFile.open(location);
    try {
      return new VcfLines(location, unsplittable, blocks(file, unsplittable));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static TextBlocks blocks(GenomicFile file, boolean unsplittable) {
    byte[] first = new byte[2];
    file.read(0, first, 0, (int) Math.min(first.length, file.size()));
    boolean gzip = (first[0] & 0xff) == 0x1f && (first[1] & 0xff) == 0x8b;
    if (!gzip) {
      return new PlainBlocks(file);
    }
    if (BgzfBlocks.begins(file)) {
      return BgzfBlocks.open(file);
    }
    if (!unsplittable) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          file.place(),
          "it is compressed by gzip, whose files can only be read from the start.",
          "Compress it by blocks: gunzip -c FILE | bgzip > NEW; or let every task read it from the"
              + " start: options: {unsplittable: allow} in the catalogue.");
    }
    return new GzipBlocks(file);
  }

  /** From here on lines are records of this many samples, and no longer than those can be. */
  void expect(int samples) {
    maxLine = (int) Math.min(1 << 30, MAX_FIXED + (long) MAX_SAMPLE * samples);
  }

  /** The next line is the one at this address. */
  void seek(long toAddress) {
    counted = false;
    long wanted = toAddress >>> 16;
    if (wanted != block) {
      if (!blocks.load(wanted)) {
        throw changed();
      }
      block = wanted;
    }
    at = (int) (toAddress & 0xffff);
    if (at > blocks.length()) {
      throw changed();
    }
  }

  private TributaryException changed() {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        location,
        "lines no longer stand where they stood when the file was opened.",
        "The file was changed while it was read: run the study again.");
  }

  /** Reads the next line; false after the last. */
  boolean next() {
    length = 0;
    if (!more()) {
      return false;
    }
    number++;
    address = block << 16 | at;
    do {
      byte[] bytes = blocks.bytes();
      int end = blocks.length();
      int to = at;
      while (to < end && bytes[to] != '\n') {
        to++;
      }
      append(bytes, at, to);
      at = to;
      if (to < end) {
        at = to + 1;
        break;
      }
    } while (more());
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return true;
  }

  /** Whether there are bytes where the reader stands, in the next block if need be. */
  private boolean more() {
    while (block < 0 || at == blocks.length()) {
      long following = block < 0 ? 0 : blocks.next();
      if (!blocks.load(following)) {
        return false;
      }
      block = following;
      at = 0;
    }
    return true;
  }

  private void append(byte[] bytes, int from, int to) {
    if (to - from > maxLine - length) {
      throw refuse(
          "the line has more than " + maxLine + " bytes.",
          "Look what wrote it; this may be no VCF file.");
    }
    if (length + to - from > line.length) {
      line = Arrays.copyOf(line, (int) Math.max(2L * line.length, length + to - from));
    }
    System.arraycopy(bytes, from, line, length, to - from);
    length += to - from;
  }

  /** The line that was read last, without its end; live. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  String text() {
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  /** By which {@link #seek} finds this line again; at least 0. */
  long address() {
    return address;
  }

  /** A refusal of the line that was read last. */
  TributaryException refuse(String problem, String remedy) {
    return Errors.data(
        ErrorCode.DATA_INVALID, location + ", line " + lineNumber(), problem, remedy);
  }

  private long lineNumber() {
    if (counted) {
      return number;
    }
    try (VcfLines again = open(location, unsplittable)) {
      while (again.next() && again.address < address) {
        // Only counted.
      }
      return again.number;
    }
  }

  @Override
  public void close() {
    blocks.close();
  }
}
