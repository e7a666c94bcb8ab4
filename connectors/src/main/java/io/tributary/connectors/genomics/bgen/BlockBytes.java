package io.tributary.connectors.genomics.bgen;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.tributary.connectors.genomics.bgen.BgenHeader.Compression;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Bytes of one block of probabilities, decompressed as far as they are asked for. */
final class BlockBytes implements AutoCloseable {
  private static final int INPUT_BYTES = 1 << 15;

  private final InputStream in;

  /**
   * Begins at a block.
   *
   * @param inflater of the caller's, reset here
   */
  BlockBytes(Compression compression, Inflater inflater, byte[] stored, int from, int length)
      throws IOException {
    InputStream raw = new ByteArrayInputStream(stored, from, length);
    inflater.reset();
    in =
        switch (compression) {
          case NONE -> raw;
          case ZLIB -> new InflaterInputStream(raw, inflater, INPUT_BYTES);
          case ZSTD -> new ZstdInputStreamNoFinalizer(raw);
        };
  }

  /** Whether this many bytes were there; they are then in {@code into}. */
  boolean read(byte[] into, int from, int length) throws IOException {
    return in.readNBytes(into, from, length) == length;
  }

  boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
