package io.tributary.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.report.text.Digits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFilesTest {
  /** The doubles that formatters get wrong; some are written as no formatter would write them. */
  @SuppressWarnings("FloatingPointLiteralPrecision")
  static final double[] HARD = {
    0.0,
    -0.0,
    0.1,
    1.0 / 3,
    -1e308,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    2.2250738585072011e-308,
    1e23,
    2e-44,
    9007199254740993.0,
    Math.PI,
    123456.789e-300,
    100,
    1e15,
    5.0e-324,
    8.41e21,
    2.0e-3,
    4.35,
    0.3 + 0.6
  };

  @TempDir Path folder;

  @Test
  void everyDoubleKeepsItsBits() throws IOException {
    List<List<Cell>> rows = new ArrayList<>();
    for (double value : HARD) {
      rows.add(List.of(Cell.of(value)));
    }
    ResultTable table = new ResultTable("t", "", List.of(Column.real("x")), rows);
    List<List<String>> lines = parse(csv(table));
    Path out = folder.resolve("out");
    new ReportWriter(List.of())
        .write(ReportWriterTest.study(ReportWriterTest.analysis("a", table)), out);
    ResultTable read = ResultFolder.read(out).analyses().get(0).tables().get(0);
    for (int i = 0; i < HARD.length; i++) {
      long bits = Double.doubleToRawLongBits(HARD[i]);
      assertThat(Double.doubleToRawLongBits(Double.parseDouble(lines.get(i + 1).get(0))))
          .isEqualTo(bits);
      Cell.Real real = (Cell.Real) read.rows().get(i).get(0);
      assertThat(Double.doubleToRawLongBits(real.value())).isEqualTo(bits);
    }
  }

  @Property
  void exactIsExactAndShort(@ForAll double value) {
    String text = Digits.exact(value);
    assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
        .isEqualTo(Double.doubleToRawLongBits(value));
    assertThat(text.length()).isLessThanOrEqualTo(Double.toString(value).length());
  }

  @Test
  void aCellWithoutAValueIsEmptyAndItsColumnGetsACompanion() throws IOException {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(
                Column.text("level"), Column.whole("n"), Column.real("mean"), Column.flag("ok")),
            List.of(
                List.of(Cell.of("a"), Cell.of(0L), Cell.of(0.0), new Cell.Flag(true)),
                List.of(
                    Cell.of(""),
                    new Cell.Suppressed("count < 5"),
                    Cell.of(7L),
                    new Cell.Flag(false)),
                List.of(
                    Cell.of("NA"),
                    new Cell.NotComputed("no degrees of freedom"),
                    Cell.of(1.5),
                    new Cell.Flag(true)),
                List.of(
                    new Cell.Suppressed("name"),
                    new Cell.Failed("SEPARATION"),
                    Cell.of(2.5),
                    new Cell.Flag(true))));
    assertThat(csv(table))
        .isEqualTo(
            """
            level,level_status,n,n_status,mean,ok
            "a",ok,0,ok,0.0,TRUE
            "",ok,,suppressed,7.0,FALSE
            "NA",ok,,not_computed,1.5,TRUE
            ,suppressed,,failed,2.5,TRUE
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void aCompanionNeverTakesTheNameOfAColumn() throws IOException {
    ResultTable table =
        new ResultTable(
            "t",
            "",
            List.of(Column.whole("smoking"), Column.text("smoking_status")),
            List.of(List.of(new Cell.Suppressed("count < 5"), Cell.of("never"))));
    assertThat(csv(table)).startsWith("smoking,smoking_status_,smoking_status\r\n");
  }

  @Test
  void hostileTextIsKeptAndCannotBreakTheForm() throws IOException {
    List<String> hostile =
        List.of(
            "=HYPERLINK(\"x\")",
            "+1",
            "-1",
            "@sum",
            "a,b",
            "line\nbreak",
            "cr\r\nlf",
            "\"quoted\"",
            "\u0000nul",
            "</script>",
            "caf\u00e9 \u4e2d",
            "'",
            ";",
            "\t");
    List<List<Cell>> rows = hostile.stream().map(t -> List.of(Cell.of(t))).toList();
    ResultTable table = new ResultTable("t", "", List.of(Column.text("a \"b\", c")), rows);
    assertThat(parse(csv(table)))
        .containsExactlyElementsOf(
            Stream.concat(Stream.of("a \"b\", c"), hostile.stream()).map(List::of).toList());
    Path out = folder.resolve("out");
    new ReportWriter(List.of())
        .write(ReportWriterTest.study(ReportWriterTest.analysis("a", table)), out);
    assertThat(ResultFolder.read(out).analyses().get(0).tables().get(0)).isEqualTo(table);
    assertThat(Files.readString(out.resolve("a/t.csv"))).isEqualTo(csv(table));
  }

  @Test
  void aTableRefusesWhatItsColumnsDoNotHold() {
    assertThatThrownBy(
            () ->
                new ResultTable(
                    "t", "", List.of(Column.whole("n")), List.of(List.of(Cell.of("five")))))
        .hasMessageContaining("column n is WHOLE");
    assertThatThrownBy(
            () -> new ResultTable("t", "", List.of(Column.whole("n"), Column.real("n")), List.of()))
        .hasMessageContaining("two columns n");
  }

  private static String csv(ResultTable table) throws IOException {
    StringBuilder out = new StringBuilder();
    TableCsv.write(table, out);
    return out.toString();
  }

  /** A second reading of RFC 4180, to check the writer against. */
  static List<List<String>> parse(String csv) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || csv.startsWith("\r\n", i))) {
        row.add(field.toString());
        field.setLength(0);
        if (c == '\r') {
          rows.add(row);
          row = new ArrayList<>();
          i++;
        }
      } else {
        field.append(c);
      }
    }
    return rows;
  }
}
