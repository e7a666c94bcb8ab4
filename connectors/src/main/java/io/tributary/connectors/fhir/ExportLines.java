package io.tributary.connectors.fhir;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Lines of one file, from its first to its last, so that each has a number. DATA_INVALID with the
 * file's name if it cannot be read to its end.
 */
final class ExportLines implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final InputStream in;
  private long number;

  ExportLines(Path file) {
    this.file = file;
    try {
      this.in = open(file);
    } catch (IOException unreadable) {
      throw refused(unreadable);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    if (!file.toString().endsWith(".gz")) {
      return raw;
    }
    try {
      return new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
    } catch (IOException damaged) {
      raw.close();
      throw damaged;
    }
  }

  private TributaryException refused(IOException unreadable) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        file.toString(),
        "it cannot be read to its end (" + unreadable.getClass().getSimpleName() + ").",
        "Export or copy it again; it may be half written. Look at its permissions.");
  }

  /** The next line that is not blank; null at the end. */
  byte[] next() {
    try {
      return line();
    } catch (IOException unreadable) {
      close();
      throw refused(unreadable);
    }
  }

  private byte[] line() throws IOException {
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
  public void close() {
    try {
      in.close();
    } catch (IOException kept) {
      // All that was asked for has been read.
    }
  }
}
