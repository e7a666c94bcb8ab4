package io.tributary.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LazyRowsTest {
  private static final int ROWS = 20_000;
  private static final List<Column> COLUMNS =
      List.of(Column.text("id"), Column.whole("n"), Column.real("x"));

  @TempDir private Path folder;

  /** Cells of some columns are missing far from the first row. */
  private static List<Cell> cells(int row) {
    return List.of(
        Cell.of("r\"" + row),
        row == ROWS - 2 ? new Cell.Suppressed("count < 5") : Cell.of((long) row),
        row % 3000 == 2999 ? new Cell.Failed("NOT_FINITE") : Cell.of(row / 7.0));
  }

  private static final class Counted extends LazyRows {
    private final AtomicInteger made = new AtomicInteger();

    Counted() {
      super(COLUMNS, ROWS);
    }

    @Override
    protected List<Cell> cells(int row) {
      made.incrementAndGet();
      return LazyRowsTest.cells(row);
    }
  }

  private static String line(int row) {
    return "r\"" + row + "\t" + (row % 2 == 0 ? "even" : "odd") + "\n";
  }

  private static void append(List<Cell> row, StringBuilder out) {
    String id = ((Cell.Text) row.get(0)).value();
    int number = Integer.parseInt(id.substring(2));
    if (number % 5 != 0) {
      out.append(line(number));
    }
  }

  /** A file of a table that a report lost would otherwise be missing without a word. */
  @Test
  void linesOfATableThatIsNotThereAreAFault() {
    ResultFile lines =
        ResultFile.ofRows("lines", "s", ResultFile.Packing.PLAIN, "id\n", LazyRowsTest::append);
    AnalysisReport report =
        ReportWriterTest.analysis("a", new ResultTable("t", "", COLUMNS, List.of()))
            .withFiles(List.of(lines));
    assertThatThrownBy(
            () ->
                new ReportWriter(List.of())
                    .write(ReportWriterTest.study(report), folder.resolve("lost")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lines");
    assertThat(folder.resolve("lost")).doesNotExist();
  }

  @Test
  void filesAreThoseOfRowsInMemory() throws IOException {
    List<List<Cell>> all = new ArrayList<>();
    StringBuilder lines = new StringBuilder("id\tparity\n");
    for (int row = 0; row < ROWS; row++) {
      all.add(cells(row));
      lines.append(row % 5 == 0 ? "" : line(row));
    }
    Counted counted = new Counted();
    ResultTable lazy = new ResultTable("t", "", COLUMNS, counted);
    ResultTable eager = new ResultTable("t", "", COLUMNS, all);
    AnalysisReport report =
        ReportWriterTest.analysis("a", lazy)
            .withFiles(
                List.of(
                    ResultFile.about(
                        "size",
                        "lines.gz",
                        (in, out) -> out.write(in.readAllBytes().length & 0x7f)),
                    ResultFile.ofRows(
                        "lines",
                        "t",
                        ResultFile.Packing.PLAIN,
                        "id\tparity\n",
                        LazyRowsTest::append),
                    ResultFile.ofRows(
                        "lines.gz",
                        "t",
                        ResultFile.Packing.BGZF,
                        "id\tparity\n",
                        LazyRowsTest::append)));
    new ReportWriter(List.of()).write(ReportWriterTest.study(report), folder.resolve("lazy"));
    new ReportWriter(List.of())
        .write(
            ReportWriterTest.study(ReportWriterTest.analysis("a", eager)), folder.resolve("eager"));
    for (String file : List.of("a/t.csv", "a/t.json")) {
      assertThat(folder.resolve("lazy").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("eager").resolve(file));
    }
    assertThat(Files.readString(folder.resolve("lazy/a/lines"))).isEqualTo(lines.toString());
    byte[] packed = Files.readAllBytes(folder.resolve("lazy/a/lines.gz"));
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
        .isEqualTo(lines.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(Files.readAllBytes(folder.resolve("lazy/a/size")))
        .containsExactly(packed.length & 0x7f);
    // Once for the columns that lack values, once for all texts, and some for the page.
    assertThat(counted.made.get()).isBetween(2 * ROWS, 2 * ROWS + 10_000);
    assertThat(new ArrayList<>(new Counted())).isEqualTo(all);
  }

  @Test
  void piecesAreTakenInOrder() {
    List<Integer> taken = new ArrayList<>();
    Pieces.inOrder(100_000, (from, to) -> to - from, taken::add);
    assertThat(taken.stream().mapToInt(n -> n).sum()).isEqualTo(100_000);
    List<Integer> firsts = new ArrayList<>();
    Pieces.inOrder(50_000, (from, to) -> from, firsts::add);
    assertThat(firsts).isSorted().doesNotHaveDuplicates();
    Pieces.inOrder(0, (from, to) -> from, firsts::add);
    assertThat(firsts).contains(0).doesNotContain(50_000);
  }

  /** Bytes that do not shrink are stored; any address leads to its byte; damage is an error. */
  @Test
  void blocksCanBeReadFromAnyAddress() throws IOException {
    byte[] bytes = new byte[200_000];
    new Random(1).nextBytes(bytes);
    java.util.Arrays.fill(bytes, 70_000, 150_000, (byte) 'x');
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(Bgzf.packed(bytes));
    file.writeBytes(Bgzf.end());
    byte[] packed = file.toByteArray();
    assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
        .isEqualTo(bytes);
    Bgzf.Reader reader = new Bgzf.Reader(new ByteArrayInputStream(packed));
    for (int i = 0; i < bytes.length; i++) {
      long address = reader.address();
      assertThat(reader.read()).isEqualTo(bytes[i] & 0xff);
      if (i % 9973 == 0) {
        int block = (int) (address >>> 16);
        byte[] rest = java.util.Arrays.copyOfRange(packed, block, packed.length);
        byte[] from =
            new GZIPInputStream(new ByteArrayInputStream(rest))
                .readNBytes((int) (address & 0xffff) + 1);
        assertThat(from[from.length - 1]).isEqualTo(bytes[i]);
      }
    }
    assertThat(reader.read()).isEqualTo(-1);
    packed[100_000] ^= 1;
    assertThatThrownBy(() -> drain(packed)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> drain(new byte[20])).hasMessageContaining("no block at byte 0");
    assertThatThrownBy(() -> drain(java.util.Arrays.copyOf(file.toByteArray(), 40_000)))
        .hasMessageContaining("cut off at byte 0");
  }

  private static void drain(byte[] packed) {
    Bgzf.Reader reader = new Bgzf.Reader(new ByteArrayInputStream(packed));
    try {
      int next;
      do {
        next = reader.read();
      } while (next >= 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
