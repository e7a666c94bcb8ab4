package io.tributary.connectors.tables;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;

/**
 * What a local file of a table may ask of memory. Spark keeps a line of text, and a page of a
 * Parquet column, whole in memory however small the file is, and ends the process when memory ends.
 * So files are looked over first, in memory of a few hundred kilobytes.
 *
 * @param lineBytes longest line of a text file
 * @param pageBytes largest page of a Parquet column, unpacked
 * @param unpackedBytes a compressed text file may become so large whatever it is
 * @param ratio and beyond that at most so many times larger
 */
public record FileLimits(long lineBytes, long pageBytes, long unpackedBytes, long ratio) {
  /** Of every site. */
  public static final FileLimits DEFAULT = new FileLimits(16L << 20, 256L << 20, 256L << 20, 200);

  private static final int PIECE_BYTES = 1 << 16;
  private static final char NO_QUOTE = 0;
  private static final List<String> UNKNOWN =
      List.of(".zst", ".zstd", ".lz4", ".snappy", ".lzo", ".xz");

  /**
   * Looks over a text file, or all of a folder: one record a line, or several. DATA_INVALID if it
   * breaks a limit, or is compressed in a way that cannot be looked over.
   */
  public void requireText(Path path) {
    requireText(path, NO_QUOTE);
  }

  /**
   * As {@link #requireText(Path)}, where a line's end between two quotes ends no record.
   *
   * @param quote an ASCII character
   */
  public void requireText(Path path, char quote) {
    for (Path file : files(path)) {
      text(file, quote).ifPresent(problem -> refuse(file, problem));
    }
  }

  /** Looks over a Parquet file, or all of a folder. DATA_INVALID if it breaks a limit. */
  public void requireParquet(Path path) {
    for (Path file : files(path)) {
      parquet(file).ifPresent(problem -> refuse(file, problem));
    }
  }

  private static void refuse(Path file, String problem) {
    throw refusal(file, problem);
  }

  private static TributaryException refusal(Path file, String problem) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        file.toString(),
        problem + ".",
        "It would fill the memory of whoever reads it. Look at what wrote the file; write it again"
            + " with ordinary lines or pages.");
  }

  /** Regular files that Spark would read: not those that begin with a dot or an underscore. */
  static List<Path> files(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).filter(FileLimits::isRead).sorted().toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of(); // The reader says what is wrong with the folder.
    }
  }

  private static boolean isRead(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && !name.startsWith("_");
  }

  // ---- text ------------------------------------------------------------------------------------

  private Optional<String> text(Path file, char quote) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (UNKNOWN.stream().anyMatch(name::endsWith)) {
      return Optional.of(
          "it is compressed as " + name.substring(name.lastIndexOf('.')) + ", which is not read");
    }
    try (InputStream raw = Files.newInputStream(file)) {
      if (name.endsWith(".gz")) {
        return all(new GZIPInputStream(raw, PIECE_BYTES), Files.size(file), quote);
      } else if (name.endsWith(".deflate")) {
        return all(new InflaterInputStream(raw), Files.size(file), quote);
      } else if (name.endsWith(".bz2")) {
        return all(new BZip2CompressorInputStream(raw, true), Files.size(file), quote);
      }
      return quote == NO_QUOTE ? plain(raw) : all(raw, Files.size(file), quote);
    } catch (IOException e) {
      return Optional.empty(); // Damaged: the reader tells.
    }
  }

  /** Reads all of it, at most until a limit is broken. */
  Optional<String> all(InputStream in, long fileBytes, char quote) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    long most = Math.max(unpackedBytes, Math.multiplyExact(ratio, fileBytes));
    long total = 0;
    long line = 0;
    boolean quoted = false;
    for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
      total += read;
      for (int i = 0; i < read; i++) {
        // A quote that is doubled inside a value ends it and begins it again.
        quoted ^= quote != NO_QUOTE && piece[i] == quote;
        line = !quoted && isLineEnd(piece[i]) ? 0 : line + 1;
        if (line > lineBytes) {
          return tooLong(lineBytes);
        }
      }
      if (total > most) {
        return Optional.of("it becomes more than " + ratio + " times larger when it is unpacked");
      }
    }
    return Optional.empty();
  }

  /**
   * Looks for a line's end within half of the limit, leaps over the other half, and so on: no line
   * can be longer than both together, none up to one half is refused, and a file of ordinary lines
   * is hardly read.
   */
  Optional<String> plain(InputStream in) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    long seen = 0;
    for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
      int end = 0;
      while (end < read && !isLineEnd(piece[end])) {
        end++;
      }
      seen += end;
      if (end < read) {
        seen = 0;
        try {
          in.skipNBytes(Math.max(0, lineBytes / 2 - (read - end)));
        } catch (EOFException e) {
          return Optional.empty();
        }
      } else if (seen > lineBytes / 2) {
        return tooLong(lineBytes / 2);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> tooLong(long bytes) {
    return Optional.of("a line of it is longer than " + size(bytes));
  }

  private static boolean isLineEnd(byte each) {
    return each == '\n' || each == '\r';
  }

  private static String size(long bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }

  // ---- Parquet ---------------------------------------------------------------------------------

  private Optional<String> parquet(Path file) {
    try {
      ParquetMetadata footer;
      try (ParquetFileReader reader =
          new ParquetFileReader(
              new LocalInputFile(file),
              ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
        footer = reader.getFooter();
      }
      for (BlockMetaData block : footer.getBlocks()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          if (hasLargePage(file, column)) {
            return Optional.of(
                "a page of its column '"
                    + column.getPath().toDotString()
                    + "' is larger than "
                    + size(pageBytes));
          }
        }
      }
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // Damaged, or no Parquet: the reader tells.
    }
  }

  /** Goes from page to page by their headers; what is in them is not read. */
  private boolean hasLargePage(Path file, ColumnChunkMetaData column) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(column.getStartingPos());
      Counted counted = new Counted(in);
      while (counted.read < column.getTotalSize()) {
        PageHeader page = Util.readPageHeader(counted);
        if (page.getUncompressed_page_size() < 0
            || page.getUncompressed_page_size() > pageBytes
            || page.getCompressed_page_size() < 0
            || page.getCompressed_page_size() > pageBytes) {
          return true;
        }
        counted.skipNBytes(page.getCompressed_page_size());
      }
      return false;
    }
  }

  /** Counts what was read and skipped. */
  private static final class Counted extends java.io.FilterInputStream {
    private long read;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      read += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      int got = super.read(into, at, length);
      read += Math.max(0, got);
      return got;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = super.skip(bytes);
      read += skipped;
      return skipped;
    }
  }
}
