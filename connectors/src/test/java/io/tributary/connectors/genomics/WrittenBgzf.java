package io.tributary.connectors.genomics;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** BGZF that a test writes, with blocks as small as it likes. */
public final class WrittenBgzf {
  /** The block without text at the end of a whole file. */
  public static final byte[] END =
      HexFormat.of().parseHex("1f8b08040000000000ff0600424302001b0003000000000000000000");

  private WrittenBgzf() {}

  /** A whole file. */
  public static byte[] of(byte[] text, int blockBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < text.length; from += blockBytes) {
      out.writeBytes(
          block(Arrays.copyOfRange(text, from, Math.min(text.length, from + blockBytes))));
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  private static byte[] block(byte[] text) {
    Deflater deflater = new Deflater(6, true);
    deflater.setInput(text);
    deflater.finish();
    byte[] deflated = new byte[1 << 17];
    int length = deflater.deflate(deflated);
    deflater.end();
    CRC32 crc = new CRC32();
    crc.update(text);
    return ByteBuffer.allocate(18 + length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(HexFormat.of().parseHex("1f8b08040000000000ff060042430200"))
        .putShort((short) (18 + length + 8 - 1))
        .put(deflated, 0, length)
        .putInt((int) crc.getValue())
        .putInt(text.length)
        .array();
  }
}
