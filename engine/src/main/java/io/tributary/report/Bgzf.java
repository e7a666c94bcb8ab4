package io.tributary.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The blocked gzip of bgzip (SAM specification 4.1): members of at most 64 KiB, each with its own
 * length in an extra field, so that bytes can be packed part by part and found again by address.
 */
public final class Bgzf {
  /** The empty block at the end, by which readers see that nothing was cut off. */
  private static final byte[] END =
      HexFormat.of().parseHex("1f8b08040000000000ff0600424302001b0003000000000000000000");

  /** Bytes of a block before they are packed; what does not shrink fits as well. */
  private static final int MOST = 0xff00;

  /** Bytes of a block, packed or not. */
  private static final int MOST_BYTES = 1 << 16;

  private static final int HEADER = 18;
  private static final int FOOTER = 8;

  private Bgzf() {}

  /** Blocks that hold these bytes. */
  public static byte[] packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    byte[] block = new byte[MOST_BYTES];
    try {
      for (int from = 0; from < bytes.length; from += MOST) {
        int length = Math.min(MOST, bytes.length - from);
        out.write(block, 0, pack(deflater, bytes, from, length, block));
      }
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  /** What stands after the last block. */
  public static byte[] end() {
    return END.clone();
  }

  private static int pack(Deflater deflater, byte[] bytes, int from, int length, byte[] block) {
    deflater.reset();
    deflater.setInput(bytes, from, length);
    deflater.finish();
    int packed = deflater.deflate(block, HEADER, block.length - HEADER - FOOTER);
    if (!deflater.finished()) {
      packed = store(bytes, from, length, block);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    int size = HEADER + packed + FOOTER;
    ByteBuffer.wrap(block)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(END, 0, HEADER - 2)
        .putShort((short) (size - 1))
        .position(HEADER + packed)
        .putInt((int) crc.getValue())
        .putInt(length);
    return size;
  }

  /** One stored block of deflate (RFC 1951, 3.2.4). */
  private static int store(byte[] bytes, int from, int length, byte[] block) {
    ByteBuffer.wrap(block)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(HEADER)
        .put((byte) 1)
        .putShort((short) length)
        .putShort((short) ~length)
        .put(bytes, from, length);
    return length + 5;
  }

  /** Reads bytes one after another, and knows the address of each. */
  public static final class Reader {
    private final InputStream in;
    private byte[] block = new byte[0];
    private long place;
    private long next;
    private int at;

    public Reader(InputStream in) {
      this.in = in;
    }

    /**
     * The next byte, or -1.
     *
     * @throws IOException if the bytes are no such blocks, or damaged
     */
    public int read() throws IOException {
      while (at == block.length) {
        byte[] header = in.readNBytes(HEADER);
        if (header.length == 0) {
          return -1;
        }
        fill(header);
      }
      return block[at++] & 0xff;
    }

    /** Where the next byte is: the place of its block times 2^16, and its place within. */
    public long address() {
      return at < block.length ? (place << 16) | at : next << 16;
    }

    private void fill(byte[] header) throws IOException {
      if (header.length < HEADER || !Arrays.equals(header, 0, HEADER - 2, END, 0, HEADER - 2)) {
        throw new IOException("no block at byte " + next);
      }
      int size = (ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getShort(16) & 0xffff) + 1;
      byte[] packed = in.readNBytes(size - HEADER);
      if (packed.length < FOOTER || packed.length != size - HEADER) {
        throw new IOException("a block that is cut off at byte " + next);
      }
      int length = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getInt(packed.length - 4);
      if (length < 0 || length > MOST_BYTES) {
        throw new IOException("a block of another size at byte " + next);
      }
      byte[] bytes = new byte[length];
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(packed, 0, packed.length - FOOTER);
        if (inflater.inflate(bytes) != length) {
          throw new IOException("a damaged block at byte " + next);
        }
      } catch (DataFormatException e) {
        throw new IOException("a damaged block at byte " + next, e);
      } finally {
        inflater.end();
      }
      CRC32 crc = new CRC32();
      crc.update(bytes);
      if ((int) crc.getValue()
          != ByteBuffer.wrap(packed)
              .order(ByteOrder.LITTLE_ENDIAN)
              .getInt(packed.length - FOOTER)) {
        throw new IOException("a damaged block at byte " + next);
      }
      block = bytes;
      at = 0;
      place = next;
      next += size;
    }
  }
}
