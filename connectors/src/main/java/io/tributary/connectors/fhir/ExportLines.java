package io.tributary.connectors.fhir;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Lines of one file, from its first to its last, so that each has a number. */
final class ExportLines implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private long number;

  ExportLines(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    this.in =
        file.toString().endsWith(".gz")
            ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER)
            : raw;
  }

  /** The next line that is not blank; null at the end. */
  byte[] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean blank = true;
    while (true) {
      int next = in.read();
      if (next == '\n' || next < 0) {
        number += next < 0 && line.size() == 0 ? 0 : 1;
        if (!blank) {
          return line.toByteArray();
        }
        if (next < 0) {
          return null;
        }
        line.reset();
      } else {
        blank &= Character.isWhitespace(next);
        line.write(next);
      }
    }
  }

  /** Of the line that {@link #next} gave, from 1. */
  long number() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
