package io.tributary.connectors.tables;

import com.univocity.parsers.csv.CsvParser;
import io.tributary.study.SiteConfig.Csv;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The first line of a plain CSV file, split by the parser that Spark splits the others with: a
 * query for one line would take longer than all that a warm study does with a small table. Spark
 * compares the names with the header again when it reads the rows.
 */
final class CsvHeader {
  private static final int MAX_BYTES = 4 << 20;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** Those in which a line ends with one byte that is part of no other character. */
  private static final Map<String, Charset> CHARSETS =
      Map.of(
          "utf-8", StandardCharsets.UTF_8,
          "us-ascii", StandardCharsets.US_ASCII,
          "iso-8859-1", StandardCharsets.ISO_8859_1);

  /** Files that Spark takes through a decompressor, by how their names end. */
  private static final Set<String> COMPRESSED =
      Set.of("gz", "bz2", "deflate", "lz4", "snappy", "zst", "zstd", "passthrough");

  private CsvHeader() {}

  /**
   * The values of the first line, one without text null or empty; nothing where only Spark can read
   * it: a folder, compressed, quoted newlines, another encoding, a blank line.
   *
   * @param options of Spark's reader for the same file
   */
  static Optional<String[]> of(Path file, Csv csv, Map<String, String> options) throws IOException {
    Charset charset = CHARSETS.get(csv.encoding().toLowerCase(Locale.ROOT));
    if (charset == null || csv.newlinesInQuotes() || !isPlain(file)) {
      return Optional.empty();
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      byte[] line = line(in);
      int from = startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
      String text = new String(line, from, line.length - from, charset);
      return text.isBlank()
          ? Optional.empty()
          : Optional.ofNullable(parser(options).parseLine(text));
    }
  }

  private static boolean isPlain(Path file) {
    return Files.isRegularFile(file) && !isCompressed(file);
  }

  /** Whether Spark takes the file through a decompressor. */
  static boolean isCompressed(Path file) {
    String name = file.getFileName().toString();
    return COMPRESSED.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static CsvParser parser(Map<String, String> options) {
    scala.collection.immutable.Map<String, String> parameters =
        scala.collection.immutable.Map.from(CollectionConverters.asScala(options));
    return new CsvParser(new CSVOptions(parameters, false, "UTC").asParserSettings());
  }

  private static boolean startsWithMark(byte[] line) {
    return line.length >= BYTE_ORDER_MARK.length
        && line[0] == BYTE_ORDER_MARK[0]
        && line[1] == BYTE_ORDER_MARK[1]
        && line[2] == BYTE_ORDER_MARK[2];
  }

  /** Up to a line feed, a carriage return, the file's end, or more bytes than a header has. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n' && next != '\r' && line.size() < MAX_BYTES) {
      line.write(next);
      next = in.read();
    }
    return line.toByteArray();
  }
}
