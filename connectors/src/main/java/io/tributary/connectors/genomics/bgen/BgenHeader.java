package io.tributary.connectors.genomics.bgen;

import io.tributary.connectors.genomics.GenomicFile;
import io.tributary.connectors.genomics.Samples;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a BGEN file says of itself (https://www.chg.ox.ac.uk/~gav/bgen_format/spec/v1.2.html).
 *
 * <pre>
 *   0   u32 offset: variants begin at offset + 4
 *   4   header: u32 length, u32 variants, u32 samples, 'bgen' or 0, free, u32 flags
 *       flags: bits 0-1 compression (none, zlib, zstd), 2-5 layout, 31 sample ids follow
 *       sample ids: u32 length, u32 samples, for each u16 length and name
 * </pre>
 *
 * @param variants as the header says
 * @param samples as the header says; not believed before names are counted
 * @param compression of the probabilities
 * @param firstVariant byte at which variants begin
 * @param names of the samples, if the file has them
 */
record BgenHeader(
    long variants,
    long samples,
    Compression compression,
    long firstVariant,
    Optional<Samples> names) {
  private static final int FIXED_BYTES = 24;
  private static final int MIN_LENGTH = 20;
  private static final String COPY = "The file is cut off or damaged: copy it again.";
  private static final String EXPORT = "plink2 --export bgen-1.2 bits=16.";

  /** How a block of probabilities is compressed. */
  enum Compression {
    NONE,
    ZLIB,
    ZSTD
  }

  static BgenHeader read(GenomicFile file) {
    ByteBuffer fixed = bytes(file, 0, FIXED_BYTES);
    long offset = Integer.toUnsignedLong(fixed.getInt(0));
    long length = Integer.toUnsignedLong(fixed.getInt(4));
    int magic = fixed.getInt(16);
    if (magic != 0 && magic != 0x6e656762) {
      throw refuse(file, 16, "the file has not the mark of BGEN.", "Make it anew: " + EXPORT);
    }
    if (length < MIN_LENGTH || length > offset) {
      throw refuse(
          file,
          4,
          "the header's length " + length + " is not from 20 to " + offset + ", the offset.",
          COPY);
    }
    if (offset + 4 > file.size()) {
      throw refuse(
          file,
          0,
          "variants should begin at byte " + (offset + 4) + ", beyond the file's end.",
          COPY);
    }
    long flags = Integer.toUnsignedLong(bytes(file, length, 4).getInt(0));
    long layout = (flags >>> 2) & 15;
    if (layout != 2) {
      throw refuse(
          file,
          length,
          "the layout is " + layout + "; BGEN 1.2 and 1.3 have layout 2.",
          "Convert it: " + EXPORT);
    }
    long compression = flags & 3;
    if (compression > 2) {
      throw refuse(file, length, "the compression is none of BGEN's.", "Make it anew: " + EXPORT);
    }
    long samples = Integer.toUnsignedLong(fixed.getInt(12));
    Optional<Samples> names =
        (flags >>> 31) == 0 ? Optional.empty() : Optional.of(names(file, length, offset, samples));
    return new BgenHeader(
        Integer.toUnsignedLong(fixed.getInt(8)),
        samples,
        Compression.values()[(int) compression],
        offset + 4,
        names);
  }

  private static Samples names(GenomicFile file, long length, long offset, long samples) {
    long from = length + 4;
    ByteBuffer head = bytes(file, from, 8);
    long block = Integer.toUnsignedLong(head.getInt(0));
    long count = Integer.toUnsignedLong(head.getInt(4));
    if (count != samples) {
      throw refuse(
          file,
          from + 4,
          "there are ids of " + count + " samples, and the header says " + samples + ".",
          COPY);
    }
    if (block < 8 || length + block > offset || block > Integer.MAX_VALUE - 8) {
      throw refuse(file, from, "the sample ids do not end before the variants.", COPY);
    }
    ByteBuffer ids = bytes(file, from + 8, (int) block - 8);
    Samples.Builder builder = Samples.builder(file.place());
    for (long i = 0; i < count; i++) {
      int idBytes = ids.remaining() < 2 ? -1 : Short.toUnsignedInt(ids.getShort());
      if (idBytes < 0 || idBytes > ids.remaining()) {
        throw refuse(
            file,
            from + 8 + ids.position(),
            "the sample ids end after " + i + " of " + count + ".",
            COPY);
      }
      byte[] id = new byte[idBytes];
      ids.get(id);
      builder.add("0", new String(id, StandardCharsets.UTF_8), Samples.Sex.UNKNOWN);
    }
    return builder.build();
  }

  private static ByteBuffer bytes(GenomicFile file, long at, int length) {
    if (at + length > file.size()) {
      throw refuse(file, at, "the file ends within its header.", COPY);
    }
    byte[] bytes = new byte[length];
    file.read(at, bytes, 0, length);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A refusal of a place of the file. */
  static TributaryException refuse(GenomicFile file, long at, String problem, String remedy) {
    return Errors.data(ErrorCode.DATA_INVALID, file.place() + ", byte " + at, problem, remedy);
  }

  /** A refusal of a place where bytes are not what BGEN has there. */
  static TributaryException damaged(GenomicFile file, long at, String problem) {
    return refuse(
        file, at, problem, "The file is damaged: copy it again, or make it anew: " + EXPORT);
  }
}
