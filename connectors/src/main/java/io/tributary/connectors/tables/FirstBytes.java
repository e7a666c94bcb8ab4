package io.tributary.connectors.tables;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a local file is, by how it begins: another format under the catalogue's name would be read
 * as rows of nonsense, or end in an error of Spark's that names no remedy.
 */
final class FirstBytes {
  /** Longer than any mark; a header of text has none of the bytes looked for within it. */
  private static final int LENGTH = 1024;

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] OLD_SPREADSHEET = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0};
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final byte[] PARQUET = ascii("PAR1");
  private static final byte[] PARQUET_ENCRYPTED = ascii("PARE");
  private static final byte[] ORC = ascii("ORC");
  private static final byte[] LITTLE_END_FIRST = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] BIG_END_FIRST = {(byte) 0xFE, (byte) 0xFF};

  private FirstBytes() {}

  /**
   * DATA_INVALID if a file, or one of a folder, begins as no text in that encoding does.
   *
   * @param encoding a name of {@link java.nio.charset.Charset}
   */
  static void requireText(Path path, String encoding) {
    for (Path file : FileLimits.files(path)) {
      if (CsvHeader.isCompressed(file)) {
        continue; // What it begins with is the compression's.
      }
      text(file, first(file), encoding.toUpperCase(Locale.ROOT).startsWith("UTF-16"), encoding);
    }
  }

  /** DATA_INVALID if a file, or one of a folder, is no Parquet file. */
  static void requireParquet(Path path) {
    for (Path file : FileLimits.files(path)) {
      byte[] first = first(file);
      if (first.length > 0 && !begins(first, PARQUET) && !begins(first, PARQUET_ENCRYPTED)) {
        throw refusal(file, "it is no Parquet file", "Correct the format in the catalogue.");
      }
    }
  }

  /** DATA_INVALID if a file, or one of a folder, is no ORC file. */
  static void requireOrc(Path path) {
    for (Path file : FileLimits.files(path)) {
      byte[] first = first(file);
      if (first.length > 0 && !begins(first, ORC)) {
        throw refusal(file, "it is no ORC file", "Correct the format in the catalogue.");
      }
    }
  }

  private static void text(Path file, byte[] first, boolean wide, String encoding) {
    if (begins(first, ZIP) || begins(first, OLD_SPREADSHEET)) {
      throw refusal(
          file, "it is a spreadsheet or an archive, no text", "Save the table as CSV in UTF-8.");
    }
    if (begins(first, PARQUET)) {
      throw refusal(
          file, "it is a Parquet file, no text", "Write format: parquet in the site's catalogue.");
    }
    if (begins(first, GZIP)) {
      throw refusal(
          file,
          "it is compressed by gzip, and its name does not say so",
          "Let its name end with .gz, or unpack it.");
    }
    boolean marked = begins(first, LITTLE_END_FIRST) || begins(first, BIG_END_FIRST);
    if (!wide && (marked || isZeroInFirstLine(first))) {
      throw refusal(
          file,
          marked
              ? "it begins with the mark of UTF-16, and is read as " + encoding
              : "its first line holds bytes of 0, which no text in " + encoding + " does",
          "Write encoding: UTF-16 under options in the site's catalogue, or save it as UTF-8.");
    }
  }

  private static boolean isZeroInFirstLine(byte[] first) {
    for (byte each : first) {
      if (each == 0) {
        return true;
      }
      if (each == '\n' || each == '\r') {
        return false;
      }
    }
    return false;
  }

  private static boolean begins(byte[] bytes, byte[] mark) {
    return bytes.length >= mark.length
        && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] first(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(LENGTH);
    } catch (IOException e) {
      return new byte[0]; // The reader says why it cannot be opened.
    }
  }

  private static RuntimeException refusal(Path file, String problem, String remedy) {
    return Errors.data(ErrorCode.DATA_INVALID, file.toString(), problem + ".", remedy);
  }
}
