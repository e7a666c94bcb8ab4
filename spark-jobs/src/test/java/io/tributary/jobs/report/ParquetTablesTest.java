package io.tributary.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.ReportWriter;
import io.tributary.report.ResultFolder;
import io.tributary.report.ResultTable;
import io.tributary.report.SampleStudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTablesTest {
  private static final double[] HARD = {
    0.0, -0.0, 0.1, 1.0 / 3, -1e308, Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL, 2e-44
  };

  @TempDir Path folder;

  private final ParquetTables parquet = new ParquetTables();

  @Test
  void everyDoubleAndEveryLongKeepsItsBits() throws IOException {
    long[] wholes = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, 5, 6, 7, 8};
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < HARD.length; i++) {
      rows.add(List.of(Cell.of(HARD[i]), Cell.of(wholes[i])));
    }
    List<Group> read = written(List.of(Column.real("x"), Column.whole("n")), rows);
    for (int i = 0; i < HARD.length; i++) {
      assertThat(Double.doubleToRawLongBits(read.get(i).getDouble("x", 0)))
          .isEqualTo(Double.doubleToRawLongBits(HARD[i]));
      assertThat(read.get(i).getLong("n", 0)).isEqualTo(wholes[i]);
    }
  }

  @Test
  void cellsWithoutAValueAreNullAndTheirStatusStandsBeside() throws IOException {
    List<Group> read =
        written(
            List.of(Column.text("level"), Column.whole("n"), Column.flag("kept")),
            List.of(
                List.of(Cell.of("caf\u00e9 \"x\""), Cell.of(0L), new Cell.Flag(true)),
                List.of(Cell.of(""), new Cell.Suppressed("count < 5"), new Cell.Flag(false)),
                List.of(Cell.of("NA"), new Cell.NotComputed("why"), new Cell.Flag(true)),
                List.of(Cell.of("d"), new Cell.Failed("SEPARATION"), new Cell.Flag(true))));
    assertThat(read.get(0).getType().getFields())
        .extracting(field -> field.getName())
        .containsExactly("level", "n", "n_status", "kept");
    assertThat(read)
        .extracting(row -> row.getString("n_status", 0))
        .containsExactly("ok", "suppressed", "not_computed", "failed");
    assertThat(read)
        .extracting(row -> row.getFieldRepetitionCount("n"))
        .containsExactly(1, 0, 0, 0);
    assertThat(read.get(0).getString("level", 0)).isEqualTo("caf\u00e9 \"x\"");
    assertThat(read.get(1).getString("level", 0)).isEmpty();
    assertThat(read.get(1).getBoolean("kept", 0)).isFalse();
  }

  @Test
  void aTableWithoutRowsHasItsColumns() throws IOException {
    assertThat(written(List.of(Column.real("x")), List.of())).isEmpty();
    InputFile file = new LocalInputFile(folder.resolve("t.parquet"));
    try (ParquetFileReader reader = ParquetFileReader.open(file)) {
      assertThat(reader.getFileMetaData().getSchema().containsField("x")).isTrue();
      assertThat(reader.getFileMetaData().getKeyValueMetaData())
          .containsEntry("tributary.table", "t");
    }
  }

  @Test
  void theReportHasATwinOfEveryTableAndOneFileEach() throws IOException {
    Path out = folder.resolve("out");
    new ReportWriter(List.of(parquet)).write(SampleStudy.full(), out);
    assertThat(out.resolve("death/coefficients.parquet")).isRegularFile();
    try (var files = Files.list(out.resolve("death"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "coefficients.csv", "coefficients.json", "coefficients.parquet");
    }
    assertThat(Files.readString(out.resolve("release.json")))
        .contains("death/coefficients.parquet");
    assertThat(ResultFolder.read(out)).isEqualTo(SampleStudy.full());
    assertThat(read(out.resolve("death/coefficients.parquet"))).hasSize(6);
  }

  @Test
  void sameTableGivesSameBytes() throws IOException {
    ResultTable table = SampleStudy.full().analyses().get(0).tables().get(0);
    parquet.write(table, folder.resolve("a"));
    parquet.write(table, folder.resolve("b"));
    assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
  }

  private List<Group> written(List<Column> columns, List<List<Cell>> rows) throws IOException {
    Path file = folder.resolve("t.parquet");
    parquet.write(new ResultTable("t", "title", columns, rows), file);
    return read(file);
  }

  private static List<Group> read(Path file) throws IOException {
    List<Group> groups = new ArrayList<>();
    try (ParquetReader<Group> reader = new GroupReader(new LocalInputFile(file)).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        groups.add(group);
      }
    }
    return groups;
  }

  private static final class GroupReader extends ParquetReader.Builder<Group> {
    GroupReader(InputFile file) {
      super(file);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
