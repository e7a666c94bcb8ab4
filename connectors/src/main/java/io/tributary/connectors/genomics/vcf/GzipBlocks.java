package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.GenomicFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * A text under plain gzip, which nobody can enter in the middle: block k is the k-th 64 KiB of the
 * text, and whoever wants an earlier one than before begins anew.
 */
final class GzipBlocks implements TextBlocks {
  private final GenomicFile file;
  private final byte[] bytes = new byte[MAX_BYTES];
  private InputStream in;
  private int length;
  private long next;

  GzipBlocks(GenomicFile file) {
    this.file = file;
  }

  @Override
  public boolean load(long block) {
    try {
      if (in == null || block < next) {
        close(in);
        in = new GZIPInputStream(file.stream(), MAX_BYTES);
        next = 0;
      }
      while (next < block) {
        length = in.readNBytes(bytes, 0, MAX_BYTES);
        if (length < MAX_BYTES) {
          return false;
        }
        next++;
      }
      int read = in.readNBytes(bytes, 0, MAX_BYTES);
      if (read > 0) {
        length = read;
        next++;
      }
      return read > 0;
    } catch (IOException e) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          file.place() + ", after " + next * MAX_BYTES + " bytes of text",
          "the rest cannot be decompressed.",
          "The file is cut off or damaged: copy it again.");
    }
  }

  private static void close(InputStream in) throws IOException {
    if (in != null) {
      in.close();
    }
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
    try {
      close(in);
    } catch (IOException e) {
      // It was only read: nothing is lost.
      return;
    } finally {
      file.close();
    }
  }
}
