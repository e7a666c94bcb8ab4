package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.GenomicFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A text under BGZF (SAM specification, section 4.1): gzip members of at most 64 KiB before and
 * after compression, each of which tells its length, so that reading can begin at any of them. A
 * block's number is the byte at which it begins.
 *
 * <pre>
 *   0   1f 8b 08, flags with 04: there is an extra field
 *   10  u16 bytes of the extra field; in it 'B' 'C' 02 00 and u16 bytes of the block less one
 *       deflated data
 *   -8  u32 CRC-32 and u32 length of the text
 * </pre>
 */
final class BgzfBlocks implements TextBlocks {
  private static final int FIXED_BYTES = 12;
  private static final int TRAILER_BYTES = 8;
  private static final byte[] END =
      HexFormat.of().parseHex("1f8b08040000000000ff0600424302001b0003000000000000000000");
  private static final int WINDOW_BYTES = 4 * MAX_BYTES;
  private static final String COPY = "The file is cut off or damaged: copy it again.";

  private final GenomicFile file;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] window = new byte[WINDOW_BYTES];
  private long windowAt;
  private int windowLength;
  private final byte[] bytes = new byte[MAX_BYTES];
  private int length;
  private long next;

  private BgzfBlocks(GenomicFile file) {
    this.file = file;
  }

  /** DATA_INVALID if the empty block is not there with which a whole file ends. */
  static BgzfBlocks open(GenomicFile file) {
    byte[] end = new byte[END.length];
    if (file.size() >= END.length) {
      file.read(file.size() - END.length, end, 0, END.length);
    }
    if (!Arrays.equals(end, END)) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          file.place() + ", byte " + file.size(),
          "the file does not end with the empty block of a bgzip file.",
          COPY);
    }
    return new BgzfBlocks(file);
  }

  /** Whether a file that is gzip says in its first block that it is BGZF. */
  static boolean begins(GenomicFile file) {
    BgzfBlocks blocks = new BgzfBlocks(file);
    try {
      return file.size() >= END.length && blocks.blockBytes(0, blocks.window(0)) > 0;
    } finally {
      blocks.inflater.end();
    }
  }

  @Override
  public boolean load(long block) {
    if (block >= file.size()) {
      return false;
    }
    int at = window(block);
    int size = blockBytes(block, at);
    int headerBytes = size < 0 ? 0 : FIXED_BYTES + u16(at + 10);
    int deflated = size - headerBytes - TRAILER_BYTES;
    if (size < 0 || deflated < 0 || block + size > file.size()) {
      throw damaged(block, "no block of a bgzip file begins here.");
    }
    long text = u32(at + size - 4);
    if (text > MAX_BYTES) {
      throw damaged(block, "the block says that its text has " + text + " bytes.");
    }
    inflate(block, at + headerBytes, deflated, (int) text);
    crc.reset();
    crc.update(bytes, 0, length);
    if (crc.getValue() != u32(at + size - TRAILER_BYTES)) {
      throw damaged(block, "the block's checksum is wrong.");
    }
    next = block + size;
    return true;
  }

  private void inflate(long block, int from, int deflated, int text) {
    inflater.reset();
    inflater.setInput(window, from, deflated);
    try {
      length = 0;
      while (!inflater.finished()) {
        int more = inflater.inflate(bytes, length, text - length);
        length += more;
        if (more == 0 && !inflater.finished()) {
          break;
        }
      }
    } catch (DataFormatException e) {
      throw damaged(block, "the block cannot be decompressed.");
    }
    if (!inflater.finished() || length != text || inflater.getRemaining() != 0) {
      throw damaged(block, "the block's text is not " + text + " bytes long, as it says.");
    }
  }

  /** Where in the window a block begins; all of it is there, or all until the end of the file. */
  private int window(long block) {
    boolean begins = block >= windowAt && block < windowAt + windowLength;
    boolean whole = begins && (windowAt + windowLength - block >= MAX_BYTES || reachesEnd());
    if (!whole) {
      windowAt = block;
      windowLength = (int) Math.min(WINDOW_BYTES, file.size() - block);
      file.read(block, window, 0, windowLength);
    }
    return (int) (block - windowAt);
  }

  private boolean reachesEnd() {
    return windowAt + windowLength == file.size();
  }

  /** Bytes of the block as its extra field tells; -1 if it tells nothing. */
  private int blockBytes(long block, int at) {
    long there = file.size() - block;
    boolean gzip =
        there >= FIXED_BYTES
            && u16(at) == 0x8b1f
            && window[at + 2] == 8
            && (window[at + 3] & 0xff) == 4;
    if (!gzip || there < FIXED_BYTES + u16(at + 10)) {
      return -1;
    }
    int end = at + FIXED_BYTES + u16(at + 10);
    for (int field = at + FIXED_BYTES; field + 4 <= end && end <= windowLength; ) {
      int bytesOfField = u16(field + 2);
      if (window[field] == 'B' && window[field + 1] == 'C' && bytesOfField == 2) {
        return field + 6 <= end ? u16(field + 4) + 1 : -1;
      }
      field += 4 + bytesOfField;
    }
    return -1;
  }

  private int u16(int at) {
    return (window[at] & 0xff) | (window[at + 1] & 0xff) << 8;
  }

  private long u32(int at) {
    return u16(at) | (long) u16(at + 2) << 16;
  }

  private TributaryException damaged(long block, String problem) {
    return Errors.data(ErrorCode.DATA_INVALID, file.place() + ", byte " + block, problem, COPY);
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public long next() {
    return next;
  }

  @Override
  public void close() {
    inflater.end();
    file.close();
  }
}
