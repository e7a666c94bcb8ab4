package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.spark.sql.Encoders;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small files that would fill the memory of whoever reads them are refused before they are read.
 */
class FileLimitsTest {
  private static final FileLimits SMALL = new FileLimits(4_000, 1 << 20, 1 << 20, 50);

  @TempDir Path folder;

  private static void refused(String problem, ThrowingCallable look) {
    assertThatThrownBy(look)
        .hasMessageContaining(problem)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID));
  }

  /** Bytes without an end; counts how many were asked for. */
  private static final class Endless extends InputStream {
    private final byte[] pattern;
    private long read;

    Endless(String pattern) {
      this.pattern = pattern.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read() {
      return pattern[(int) (read++ % pattern.length)];
    }

    @Override
    public int read(byte[] into, int at, int length) {
      for (int i = at; i < at + length; i++) {
        into[i] = (byte) read();
      }
      return length;
    }
  }

  @Test
  void aLineWithoutAnEndIsGivenUpAtTheLimit() throws IOException {
    Endless packed = new Endless("x");
    assertThat(FileLimits.DEFAULT.all(packed, 1, (char) 0))
        .hasValue("a line of it is longer than 16 MiB");
    assertThat(packed.read).isLessThan(17 << 20);
    Endless plain = new Endless("x");
    assertThat(FileLimits.DEFAULT.plain(plain)).hasValue("a line of it is longer than 8 MiB");
    assertThat(plain.read).isLessThan(9 << 20);
  }

  @Test
  void whatGrowsWithoutAnEndIsGivenUpAtTheRatio() throws IOException {
    Endless lines = new Endless("1,2,3\n");
    assertThat(SMALL.all(lines, 100_000, (char) 0))
        .hasValue("it becomes more than 50 times larger when it is unpacked");
    assertThat(lines.read).isLessThan(5_200_000);
  }

  @Test
  void bombsOfEveryKindOfPackingAreRefusedByName() throws IOException {
    Path gz = folder.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      write(out, "x,y\n", 1);
      write(out, "0".repeat(1000), 20_000);
    }
    assertThat(gz).satisfies(file -> assertThat(Files.size(file)).isLessThan(30_000));
    refused("longer than 16 MiB", () -> FileLimits.DEFAULT.requireText(gz));
    Path bz2 = folder.resolve("a.csv.bz2");
    try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(bz2))) {
      write(out, "1,2\n", 1_000_000);
    }
    refused("50 times larger", () -> SMALL.requireText(bz2));
    Path zst = Files.writeString(folder.resolve("a.csv.zst"), "x");
    refused("compressed as .zst, which is not read", () -> SMALL.requireText(zst));
    // One of a folder is enough, also of those below.
    refused("a.csv", () -> SMALL.requireText(folder));
  }

  private static void write(OutputStream out, String text, int times) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < times; i++) {
      out.write(bytes);
    }
  }

  /** Between quotes a line's end ends nothing. */
  @Test
  void aValueOverManyLinesIsARecordThatIsTooLong() throws IOException {
    Path file = Files.writeString(folder.resolve("q.csv"), "x\n\"" + "a\n".repeat(3_000) + "\"\n");
    refused("longer than 4000 bytes", () -> SMALL.requireText(file, '"'));
    assertThatCode(() -> SMALL.requireText(file)).doesNotThrowAnyException();
    Path ordinary =
        Files.writeString(folder.resolve("o.csv"), "x\n" + "\"a\nb\"\"c\"\n".repeat(3_000));
    assertThatCode(() -> SMALL.requireText(ordinary, '"')).doesNotThrowAnyException();
  }

  /** Terabytes that take no place on the disk, and of which hardly anything is read. */
  @Test
  void aSparseFileIsRefusedAtOnce() throws IOException {
    Path file = folder.resolve("a.csv");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write("x,y\n1,2\n".getBytes(StandardCharsets.US_ASCII));
      sparse.setLength(1L << 40);
    }
    refused("longer than 8 MiB", () -> FileLimits.DEFAULT.requireText(file));
  }

  @Test
  void ordinaryFilesPass() throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "x,y\n" + "1,2\n".repeat(50_000));
    assertThatCode(() -> SMALL.requireText(csv)).doesNotThrowAnyException();
    Path long1 = Files.writeString(folder.resolve("b.csv"), ("x".repeat(1_990) + "\r").repeat(400));
    assertThatCode(() -> SMALL.requireText(long1)).doesNotThrowAnyException();
    Path gz = folder.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      for (int i = 0; i < 200_000; i++) {
        write(out, i * 7919L % 100_003 + "," + i * 104_729L % 99_991 + "\n", 1);
      }
    }
    assertThatCode(() -> SMALL.requireText(gz)).doesNotThrowAnyException();
    assertThatCode(() -> SMALL.requireText(folder.resolve("nowhere"))).doesNotThrowAnyException();
  }

  /** Every length around the limits, wherever the line stands. */
  @Test
  void noLineBeyondTheLimitIsLeaptOver() throws IOException {
    FileLimits tiny = new FileLimits(400, 1, 1 << 20, 50);
    for (int before = 0; before < 900; before += 37) {
      String text = "ab\n".repeat(before) + "y".repeat(401) + "\n" + "cd\n".repeat(500);
      InputStream in = new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
      // Pieces are as the stream gives them; here one byte at a time.
      assertThat(tiny.plain(new OneByOne(in))).as("before %d", before).isPresent();
    }
  }

  /** Gives one byte a read, however many are asked for. */
  private static final class OneByOne extends java.io.FilterInputStream {
    OneByOne(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      return super.read(into, at, Math.min(1, length));
    }
  }

  @Test
  void aPageOfParquetThatUnpacksToTooMuchIsRefused() {
    String large = folder.resolve("large").toString();
    String small = folder.resolve("small").toString();
    var spark = SharedSpark.session();
    spark
        .createDataset(List.of("0".repeat(4 << 20), "1"), Encoders.STRING())
        .coalesce(1)
        .write()
        .option("compression", "gzip")
        .parquet(large);
    spark.range(100_000).coalesce(1).write().parquet(small);
    refused(
        "a page of its column 'value' is larger than 1 MiB",
        () -> SMALL.requireParquet(Path.of(large)));
    assertThatCode(() -> FileLimits.DEFAULT.requireParquet(Path.of(large)))
        .doesNotThrowAnyException();
    assertThatCode(() -> SMALL.requireParquet(Path.of(small))).doesNotThrowAnyException();
  }

  /** A table goes through them before Spark sees it. */
  @Test
  void aTableThatIsABombIsNotOpened() throws IOException {
    Path gz = folder.resolve("t.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      write(out, "x\n", 1);
      write(out, "0".repeat(1000), 20_000);
    }
    refused(
        "longer than 16 MiB",
        () ->
            SourceTable.open(
                SharedSpark.session(),
                SiteTableTest.dataset(Csv.of(gz.toString()), List.of()),
                List.of()));
  }
}
