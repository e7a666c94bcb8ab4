package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.codec.SiteConfigParser;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.SiteConfig.JsonLines;
import io.tributary.study.SiteConfig.Orc;
import io.tributary.study.SiteConfig.Parquet;
import io.tributary.study.SiteConfig.Source;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteTableTest {
  private static final SparkSession SPARK = SharedSpark.session();

  @TempDir Path folder;

  /** A study over dataset 'table'; {@code cohort} is what stands after 'from: table'. */
  static Study study(String cohort, String columns, String used) {
    String yaml =
        """
        study: test
        sites: [a, b, c]
        cohort: {from: table%s}
        columns: %s
        analyses: [{name: s, type: summary, columns: %s}]
        """
            .formatted(cohort.isEmpty() ? "" : ", " + cohort, columns, used);
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private Csv file(String text) throws IOException {
    return file(text, StandardCharsets.UTF_8);
  }

  private Csv file(String text, Charset encoding) throws IOException {
    Path file = folder.resolve("table.csv");
    Files.write(file, text.getBytes(encoding));
    return Csv.of(file.toString());
  }

  static SiteConfig.Dataset dataset(Source source, List<String> missing) {
    return new SiteConfig.Dataset(
        "table", source, missing, Map.of(), SiteConfig.DEFAULT_POPULATION);
  }

  private SiteConfig.Dataset csv(String text) throws IOException {
    return dataset(file(text), SiteConfigParser.DEFAULT_MISSING);
  }

  private static TributaryException refused(SiteConfig.Dataset source, Study study) {
    TributaryException refused =
        catchThrowableOfType(
            TributaryException.class, () -> SiteTable.open(SPARK, source, study).close());
    assertThat(refused).isNotNull();
    assertThat(refused.remedy()).isNotBlank();
    assertThat(SPARK.sparkContext().getPersistentRDDs().size()).isZero();
    return refused;
  }

  private String problem(TributaryException refused) {
    return refused.problem().replace(folder.toString() + "/", "");
  }

  @Test
  void columnsHaveTheStudysTypesAndMissingIsNull() throws IOException {
    Study study =
        study("", "{sex: {levels: [male, female]}, age: {range: [0, 120]}}", "[age, sex, ph.ecog]");
    SiteConfig.Dataset source =
        csv("id,sex,age,ph.ecog\n1,male,63,NA\n2, female ,,1\n3,male,41.5,2\n");
    try (SiteTable table = SiteTable.open(SPARK, source, study)) {
      assertThat(table.numeric("age")).isTrue();
      assertThat(table.numeric("sex")).isFalse();
      assertThat(table.levels("sex")).containsExactly("male", "female");
      assertThat(table.levels("age")).isEmpty();
      assertThat(table.rowCount()).isEqualTo(3);
      assertThat(table.rows(List.of("sex", "age", "ph.ecog")).collectAsList())
          .containsExactlyInAnyOrder(
              RowFactory.create("male", 63.0, null),
              RowFactory.create("female", null, 1.0),
              RowFactory.create("male", 41.5, 2.0));
      SiteTable.CompleteCases complete = table.use(List.of("ph.ecog", "age"));
      assertThat(complete.rows().collectAsList()).containsExactly(RowFactory.create(2.0, 41.5));
      assertThat(complete.dropped()).isEqualTo(2);
      assertThat(complete.persons()).isEqualTo(1);
    }
    assertThat(SPARK.sparkContext().getPersistentRDDs().size()).isZero();
  }

  @Test
  void whereAndDeriveWorkOnStudyNamesAndTypes() throws IOException {
    Study study =
        study(
            "person: id, rowsPerPerson: 2, derive: {bmi: \"weight / pow(height / 100, 2)\", obese: bmi >= 30, "
                + "start: \"if(obese, visit, null)\"}, "
                + "where: \"sex = 'female' and visit >= '2020-01-01' and stage in (1, 2)\"",
            "{sex: {levels: [male, female]}, visit: {type: date}, bmi: {range: [10, 80]}, "
                + "stage: {levels: [1, 2, 3]}, start: {type: date}}",
            "[bmi, obese, stage, start]");
    SiteConfig.Dataset source =
        csv(
            """
            id,sex,visit,weight,height,stage
            p1,female,2020-01-01,81,180,1.0
            p1,female,2021-06-30,99,180,02
            p2,male,2021-06-30,99,180,1
            p3,female,2019-12-31,99,180,1
            p4,female,,99,180,1
            p5,female,2021-06-30,99,180,3
            p6,female,2021-06-30,,180,2
            """);
    try (SiteTable table = SiteTable.open(SPARK, source, study)) {
      assertThat(table.rowCount()).isEqualTo(3);
      SiteTable.CompleteCases complete = table.use(List.of("bmi", "obese", "stage"));
      assertThat(complete.rows().collectAsList())
          .containsExactlyInAnyOrder(
              RowFactory.create(25.0, 0.0, "1"),
              RowFactory.create(99 / Math.pow(1.8, 2), 1.0, "2"));
      assertThat(complete.count()).isEqualTo(2);
      assertThat(complete.persons()).isEqualTo(1);
      assertThat(table.rows(List.of("start")).collectAsList()).contains(RowFactory.create(18808.0));
    }
  }

  /** Each case is the text of column x; '~' stands for a line break. */
  @ParameterizedTest(name = "{1} as {0}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {} | 1~old~2 | DATA_INVALID | table.csv, column 'x': in 1 row (first: row 2) a number is expected and text is found.
          {} | 1d~0x1p3~2 | DATA_INVALID | table.csv, column 'x': in 2 rows (first: row 1) a number is expected and text is found.
          {} | -Infinity~2 | NOT_A_NUMBER | table.csv, column 'x': in 1 row (first: row 1) the value is NaN or infinite.
          {} | 1,5~2 | DATA_INVALID | table.csv: in 1 row (first: row 1) the row cannot be split into the table's columns.
          {} | 1~NaN | NOT_A_NUMBER | table.csv, column 'x': in 1 row (first: row 2) the value is NaN or infinite.
          {} | nan~1e400 | NOT_A_NUMBER | table.csv, column 'x': in 2 rows (first: row 1) the value is NaN or infinite.
          {} | 1~1e308 | VALUE_OUT_OF_BOUNDS | table.csv, column 'x': in 1 row (first: row 2) the value is beyond 1e150, whose square no double holds.
          {range: [0, 1]} | 1~1.5~-1 | VALUE_OUT_OF_BOUNDS | table.csv, column 'x': in 2 rows (first: row 2) the value lies beyond the range that the study declares.
          {type: integer} | 1~1.5 | DATA_INVALID | table.csv, column 'x': in 1 row (first: row 2) a whole number below 2^53 is expected.
          {type: boolean} | yes~0~maybe | DATA_INVALID | table.csv, column 'x': in 1 row (first: row 3) true or false is expected.
          {type: date} | 2020-02-29~2020-02-30~2020 | DATA_INVALID | table.csv, column 'x': in 2 rows (first: row 2) a date is expected.
          {levels: [a, b]} | a~c | DATA_INVALID | table.csv, column 'x': in 1 row (first: row 2) the value is none of the levels that the study declares.
          {levels: [1, 2]} | 1~2.0~3 | DATA_INVALID | table.csv, column 'x': in 1 row (first: row 3) the value is none of the levels that the study declares.
          """)
  void aBadValueIsAnErrorThatNeverShowsIt(
      String spec, String values, ErrorCode code, String message) throws IOException {
    TributaryException refused =
        refused(
            csv("x\n" + values.replace('~', '\n') + "\n"), study("", "{x: " + spec + "}", "[x]"));
    assertThat(problem(refused)).isEqualTo(message);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.getCause()).isNull();
  }

  @Test
  void aFilterDoesNotHideABadValueItReads() throws IOException {
    SiteConfig.Dataset source = csv("x,y\n50,1\nold,2\n10,bad\n");
    assertThat(problem(refused(source, study("where: x >= 40", "{}", "[y]"))))
        .contains("column 'x': in 1 row (first: row 2) a number is expected and text is found.");
    // The bad y stands outside the cohort, where nobody looks at it.
    SiteConfig.Dataset mended = csv("x,y\n50,1\n10,bad\n");
    try (SiteTable table = SiteTable.open(SPARK, mended, study("where: x >= 40", "{}", "[y]"))) {
      assertThat(table.rowCount()).isEqualTo(1);
    }
  }

  @Test
  void aNumberThatCannotBeComputedIsAnErrorInBranchesThatAreTakenOnly() throws IOException {
    String table = "x\n1\n0\n-1\n";
    assertThat(problem(refused(csv(table), study("where: 1 / x > 0", "{}", "[x]"))))
        .contains("'where': in 1 row (first: row 2) an expression divides by zero");
    assertThat(problem(refused(csv(table), study("derive: {y: log(x)}", "{}", "[y]"))))
        .contains("'y': in 2 rows (first: row 2) an expression divides by zero");
    assertThat(problem(refused(csv(table), study("derive: {y: exp(x * 1000)}", "{}", "[y]"))))
        .contains("'y': in 1 row");
    Study guarded = study("derive: {y: \"if(x > 0, log(x), null)\"}", "{}", "[y]");
    try (SiteTable opened = SiteTable.open(SPARK, csv(table), guarded)) {
      assertThat(opened.use(List.of("y")).rows().collectAsList())
          .containsExactly(RowFactory.create(0.0));
    }
  }

  @Test
  void expressionsGiveWhatTheirWordsSay() throws IOException {
    Map<String, Object> expected =
        Map.ofEntries(
            Map.entry("floor(x) + ceil(x) + round(x, 1) + abs(-x)", 2 + 3 + 2.4 + 2.35),
            Map.entry("x % 2 + sqrt(16) + pow(2, 3)", 2.35 % 2 + 4 + 8),
            Map.entry("least(x, 1, m) + greatest(x, 1, m)", 3.35),
            Map.entry("coalesce(m, null, 7)", 7.0),
            Map.entry("length(upper(trim(t))) + length(substring(t, 2, 2))", 5.0),
            Map.entry("year(d) * 100 + month(d) + datediff(d, '2020-01-31')", 202002.0 + 29),
            Map.entry("case when x > 5 then 1 when m is null then 2 else 3 end", 2.0),
            Map.entry("if(t in ('abc', 'x') and not m > 1, 1, 0)", 0.0),
            Map.entry("if(m > 1 or x between 2 and 3, 1, 0)", 1.0),
            Map.entry("if(d between '2020-01-01' and date '2020-12-31', 1, 0)", 1.0),
            Map.entry("if(b, 1, 0) - -1", 2.0),
            Map.entry("if(lower('ABC') = t and t != 'z' and t not in ('q'), 1, 0)", 1.0));
    List<String> texts = List.copyOf(expected.keySet());
    StringBuilder derive = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      derive.append(i == 0 ? "" : ", ").append("e").append(i).append(": \"" + texts.get(i) + '"');
    }
    String names =
        java.util.stream.IntStream.range(0, texts.size())
            .mapToObj(i -> "e" + i)
            .collect(Collectors.joining(", "));
    Study study =
        study(
            "derive: {" + derive + "}",
            "{t: {type: text}, d: {type: date}, b: {type: boolean}}",
            "[" + names + "]");
    try (SiteTable table =
        SiteTable.open(SPARK, csv("x,m,t,d,b\n2.35,,abc,2020-02-29,Yes\n"), study)) {
      Row row = table.rows(List.of(names.split(", "))).first();
      for (int i = 0; i < texts.size(); i++) {
        assertThat(row.getDouble(i)).as(texts.get(i)).isEqualTo(expected.get(texts.get(i)));
      }
    }
  }

  @Test
  void headersAreCheckedBeforeRows() throws IOException {
    Study study = study("", "{}", "[age]");
    assertThat(problem(refused(csv("id,years\n1,2\n"), study)))
        .isEqualTo("table.csv: there is no column 'age'.");
    assertThat(refused(csv("id,years\n1,2\n"), study).code()).isEqualTo(ErrorCode.UNKNOWN_COLUMN);
    assertThat(problem(refused(csv("age,age\n1,2\n"), study)))
        .isEqualTo("table.csv: the column 'age' stands there twice.");
    assertThat(problem(refused(csv("age,\n1,2\n"), study)))
        .isEqualTo("table.csv: column 2 of the header has no name.");
    assertThat(problem(refused(csv("age\n"), study)))
        .isEqualTo("table.csv: the table has no rows.");
    SiteConfig.Dataset absent = dataset(Csv.of(folder.resolve("absent.csv").toString()), List.of());
    assertThat(problem(refused(absent, study)))
        .isEqualTo("absent.csv: there is no such file or folder.");
    TributaryException empty = refused(csv(""), study);
    assertThat(problem(empty)).isEqualTo("table.csv: the file is empty.");
    assertThat(empty.code()).isEqualTo(ErrorCode.DATA_MISSING);
  }

  @Test
  void spacesAboutNamesAreNotPartOfThem() throws IOException {
    SiteConfig.Dataset spaced = csv("id, age ,\" ward\"\n1,50,a\n2,60,b\n");
    try (SiteTable table = SiteTable.open(SPARK, spaced, study("where: age > 55", "{}", "[age]"))) {
      assertThat(table.rows(List.of("age")).collectAsList())
          .containsExactly(RowFactory.create(60.0));
    }
    assertThat(problem(refused(csv("age, age\n1,2\n"), study("", "{}", "[age]"))))
        .isEqualTo("table.csv: the column 'age' stands there twice.");
  }

  @Test
  void namesThatDifferInCaseAloneAreToldApartFromOtherErrors() throws IOException {
    TributaryException refused = refused(csv("Age,age\n1,2\n"), study("", "{}", "[age]"));
    assertThat(problem(refused))
        .isEqualTo(
            "table.csv: two of its columns have names that differ in upper and lower case alone.");
    assertThat(refused.code()).isEqualTo(ErrorCode.DATA_INVALID);
  }

  @Test
  void anUnknownNameIsExplainedByTheDelimiterTheEncodingOrTheNamesThereAre() throws IOException {
    Study study = study("", "{}", "[age]");
    assertThat(refused(csv("id;age\n1;2\n"), study).remedy())
        .isEqualTo(
            "Its header is one name that holds ';'. If that stands between the columns, write it"
                + " as delimiter under options in the site's catalogue.");
    assertThat(refused(csv("id\tage\n1\t2\n"), study).remedy()).contains("holds '\\t'");
    Csv semicolons = file("id,age\n1,2\n");
    Csv other = new Csv(semicolons.path(), ';', '"', '"', "UTF-8", '.', true, List.of(), false);
    assertThat(refused(dataset(other, List.of()), study).remedy()).contains("holds ','");
    // Without a header these are a person's values.
    assertThat(refused(csv("p1;50;male\np2;60;male\n"), study).remedy())
        .contains("header: false")
        .doesNotContain("male");
    Csv latin = file("gr\u00f6\u00dfe,i\u001bd\n1,2\n", StandardCharsets.ISO_8859_1);
    assertThat(refused(dataset(latin, List.of()), study).remedy())
        .isEqualTo(
            "Its columns are: gr\uFFFD\uFFFDe, i\uFFFDd. Map the name under columns in the site's"
                + " catalogue. If letters are wrong, write its encoding under options there.");
  }

  /** Each case is how a file begins, in hexadecimal. */
  @ParameterizedTest
  @CsvSource({
    "csv, 504b0304140006, spreadsheet, Save the table as CSV",
    "csv, d0cf11e0a1b11ae1, spreadsheet, Save the table as CSV",
    "csv, 504152311504, it is a Parquet file, format: parquet",
    "csv, 1f8b0800, compressed by gzip, .gz",
    "csv, fffe61006700, the mark of UTF-16, encoding: UTF-16",
    "csv, feff00610067, the mark of UTF-16, encoding: UTF-16",
    "csv, 6100670065000a00, holds bytes of 0, encoding: UTF-16",
    "json, fffe7b002200, the mark of UTF-16, encoding: UTF-16",
    "parquet, 6167650a310a, it is no Parquet file, Correct the format",
    "orc, 6167650a310a, it is no ORC file, Correct the format",
  })
  void aFileOfAnotherFormatIsNamedByWhatItIs(
      String format, String hex, String problem, String remedy) throws IOException {
    Path file = folder.resolve("table.data");
    Files.write(file, HexFormat.of().parseHex(hex));
    Source source =
        switch (format) {
          case "csv" -> Csv.of(file.toString());
          case "json" -> new JsonLines(file.toString(), "UTF-8");
          case "parquet" -> new Parquet(file.toString());
          default -> new Orc(file.toString());
        };
    TributaryException refused = refused(dataset(source, List.of()), study("", "{}", "[age]"));
    assertThat(refused.code()).isEqualTo(ErrorCode.DATA_INVALID);
    assertThat(refused.problem()).contains("table.data: ", problem);
    assertThat(refused.remedy()).contains(remedy);
  }

  @Test
  void aCompressedTableIsReadByItsName() throws IOException {
    Path file = folder.resolve("table.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("age\n60\n".getBytes(StandardCharsets.UTF_8));
    }
    SiteConfig.Dataset source = dataset(Csv.of(file.toString()), List.of());
    try (SiteTable table = SiteTable.open(SPARK, source, study("", "{}", "[age]"))) {
      assertThat(table.rows(List.of("age")).collectAsList())
          .containsExactly(RowFactory.create(60.0));
    }
  }

  @Test
  void allMissingOneRowAndAnEmptyCohortAreNoErrors() throws IOException {
    try (SiteTable table = SiteTable.open(SPARK, csv("x,y\nNA,1\n"), study("", "{}", "[x, y]"))) {
      assertThat(table.use(List.of("x")).count()).isZero();
      assertThat(table.use(List.of("x")).dropped()).isEqualTo(1);
      assertThat(table.use(List.of("y")).count()).isEqualTo(1);
    }
    Study nobody = study("where: x > 100", "{}", "[x]");
    try (SiteTable table = SiteTable.open(SPARK, csv("x\n1\n2\n"), nobody)) {
      assertThat(table.rowCount()).isZero();
      assertThat(table.use(List.of("x")).persons()).isZero();
    }
  }

  @Test
  void aRowWithoutItsPersonIsRefused() throws IOException {
    assertThat(problem(refused(csv("id,x\np1,1\n ,2\n"), study("person: id", "{}", "[x]"))))
        .isEqualTo("table.csv, column 'id': in 1 row (first: row 2) the row names no person.");
  }

  @Test
  void aPersonWithMoreRowsThanTheStudySaysIsRefused() throws IOException {
    SiteConfig.Dataset twice = csv("id,x\np1,1\np2,2\np1,3\n");
    assertThat(problem(refused(twice, study("person: id", "{}", "[x]"))))
        .isEqualTo(
            "table.csv, column 'id': 1 person has more rows in the cohort than"
                + " cohort.rowsPerPerson, which is 1.");
    Study two = study("person: id, rowsPerPerson: 2", "{}", "[x]");
    try (SiteTable table = SiteTable.open(SPARK, twice, two)) {
      assertThat(table.rowCount()).isEqualTo(3);
      assertThat(table.use(List.of("x")).persons()).isEqualTo(2);
    }
  }

  @Test
  void columnsThatTheStudyDoesNotAnnounceAreNotServed() throws IOException {
    try (SiteTable table = SiteTable.open(SPARK, csv("x,secret\n1,2\n"), study("", "{}", "[x]"))) {
      assertThat(
              catchThrowableOfType(
                      TributaryException.class, () -> table.use(List.of("x", "secret")))
                  .code())
          .isEqualTo(ErrorCode.UNKNOWN_COLUMN);
    }
  }

  @Test
  void delimitersQuotesEncodingsDecimalCommasAndLineBreaks() throws IOException {
    Study study =
        study("", "{name: {levels: [M\u00fcller, 'a;b', \"two\\nlines\", \"o'x\"]}}", "[name, x]");
    Csv plain =
        file(
            "\u00e4;name;x\n1;M\u00fcller;1,5\n2;'a;b';-2,25e1\n3;'two\nlines';.\n4;'o''x';0\n",
            StandardCharsets.ISO_8859_1);
    Csv csv = new Csv(plain.path(), ';', '\'', '\'', "ISO-8859-1", ',', true, List.of(), true);
    try (SiteTable table = SiteTable.open(SPARK, dataset(csv, List.of(".")), study)) {
      assertThat(table.rows(List.of("name", "x")).collectAsList())
          .containsExactlyInAnyOrder(
              RowFactory.create("M\u00fcller", 1.5),
              RowFactory.create("a;b", -22.5),
              RowFactory.create("two\nlines", null),
              RowFactory.create("o'x", 0.0));
    }
  }

  @Test
  void aPointInAFileOfDecimalCommasIsNoNumber() throws IOException {
    Csv csv =
        new Csv(file("x\n1.234\n").path(), ';', '"', '"', "UTF-8", ',', true, List.of(), false);
    assertThat(problem(refused(dataset(csv, List.of()), study("", "{}", "[x]"))))
        .contains("a number is expected and text is found");
  }

  @Test
  void anUnknownEncodingIsRefused() throws IOException {
    Csv csv = new Csv(file("x\n1\n").path(), ',', '"', '"', "KOI-99", '.', true, List.of(), false);
    assertThat(refused(dataset(csv, List.of()), study("", "{}", "[x]")).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstName() throws IOException {
    try (SiteTable table = SiteTable.open(SPARK, csv("\ufeffx,y\n1,2\n"), study("", "{}", "[x]"))) {
      assertThat(table.rows(List.of("x")).first()).isEqualTo(RowFactory.create(1.0));
    }
  }

  @Test
  void rowsWithoutHeaderAreNamedByTheCatalogue() throws IOException {
    Csv csv =
        new Csv(
            file("63.0,1.0,?\n37,0,3\n").path(),
            ',',
            '"',
            '"',
            "UTF-8",
            '.',
            false,
            List.of("age", "sex", "ca"),
            false);
    Study study = study("", "{sex: {levels: [0, 1]}}", "[age, sex, ca]");
    try (SiteTable table = SiteTable.open(SPARK, dataset(csv, List.of("?")), study)) {
      assertThat(table.rows(List.of("age", "sex", "ca")).collectAsList())
          .containsExactlyInAnyOrder(
              RowFactory.create(63.0, "1", null), RowFactory.create(37.0, "0", 3.0));
    }
  }

  @Test
  void filesOfAFolderNeedOneHeader() throws IOException {
    Path parts = Files.createDirectory(folder.resolve("parts"));
    Files.writeString(parts.resolve("1.csv"), "x,y\n1,2\n");
    Files.writeString(parts.resolve("2.csv"), "x,y\n3,4\n");
    SiteConfig.Dataset source = dataset(Csv.of(parts.toString()), List.of());
    Study study = study("", "{}", "[x]");
    try (SiteTable table = SiteTable.open(SPARK, source, study)) {
      assertThat(table.rowCount()).isEqualTo(2);
    }
    Files.writeString(parts.resolve("2.csv"), "y,x\n3,4\n");
    assertThat(refused(source, study).code()).isEqualTo(ErrorCode.DATA_INVALID);
  }

  @Test
  void parquetOrcAndJsonGiveTheSameRowsAndReadUsedColumnsOnly() throws IOException {
    Dataset<Row> rows =
        SPARK
            .read()
            .json(
                SPARK.createDataset(
                    List.of(
                        "{\"x\": 1.5, \"n\": 3, \"t\": \"a\", \"b\": true, \"unused\": 1}",
                        "{\"x\": -9, \"t\": \" b \", \"b\": false, \"unused\": 1}"),
                    org.apache.spark.sql.Encoders.STRING()));
    String parquet = folder.resolve("p").toString();
    String orc = folder.resolve("o").toString();
    String json = folder.resolve("j").toString();
    rows.write().mode(SaveMode.Overwrite).parquet(parquet);
    rows.write().mode(SaveMode.Overwrite).orc(orc);
    rows.write().mode(SaveMode.Overwrite).json(json);
    Study study =
        study("", "{t: {levels: [a, b]}, b: {type: boolean}, n: {type: integer}}", "[x, n, t, b]");
    for (Source source :
        List.of(new Parquet(parquet), new Orc(orc), new JsonLines(json, "UTF-8"))) {
      try (SiteTable table = SiteTable.open(SPARK, dataset(source, List.of("-9")), study)) {
        assertThat(table.rows(List.of("x", "n", "t", "b")).collectAsList())
            .containsExactlyInAnyOrder(
                RowFactory.create(1.5, 3.0, "a", 1.0), RowFactory.create(null, null, "b", 0.0));
        if (!(source instanceof JsonLines)) {
          assertThat(table.rows(List.of("x")).queryExecution().toString())
              .contains("ReadSchema: struct<")
              .doesNotContain("unused:");
        }
      }
    }
  }

  @Test
  void aBrokenJsonLineIsAnError() throws IOException {
    Path file = folder.resolve("table.json");
    Files.writeString(file, "{\"x\": 1}\n{\"x\": 2\n");
    assertThat(
            problem(
                refused(
                    dataset(new JsonLines(file.toString(), "UTF-8"), List.of()),
                    study("", "{}", "[x]"))))
        .isEqualTo(
            "table.json: in 1 row (first: row 2) the row cannot be split into the table's columns.");
  }

  // ---- what is kept ----------------------------------------------------------------------------

  @Test
  void eachOpeningIsASnapshotOfItsOwn() throws IOException {
    Csv file = file("x\n1\n2\n");
    SiteConfig.Dataset source = dataset(file, SiteConfigParser.DEFAULT_MISSING);
    Study study = study("", "{}", "[x]");
    try (SiteTable first = SiteTable.open(SPARK, source, study)) {
      Files.writeString(Path.of(file.path()), "x\n1\n2\n3\n");
      SiteTable second = SiteTable.open(SPARK, source, study);
      assertThat(second.rowCount()).isEqualTo(3);
      second.close();
      assertThat(first.rows(List.of("x")).count()).isEqualTo(2);
    }
  }

  /** A service that ends interrupts its studies, and their threads close their tables. */
  @Test
  void aThreadThatIsStoppedGivesItsRowsBackToo() throws IOException {
    SiteTable table = SiteTable.open(SPARK, csv("x\n1\n"), study("", "{}", "[x]"));
    AtomicBoolean freed = new AtomicBoolean();
    table.whenClosed(
        () -> {
          throw new IllegalStateException("not freed");
        });
    table.whenClosed(() -> freed.set(true));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(table::close).hasMessage("not freed");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(freed).isTrue();
    assertThat(SPARK.sharedState().cacheManager().isEmpty()).isTrue();
  }

  // ---- rows known again ------------------------------------------------------------------------

  /** A row's person, with the hashes of its values. */
  private Map<String, String> traces(String csv, String cohort, String columns) throws IOException {
    Map<String, String> traces = new TreeMap<>();
    try (SiteTable table =
        SiteTable.open(
            SPARK, csv(csv), study(cohort, "{}", columns), Map.of(), SiteTable.Traces.KEPT)) {
      table.remember(
          (person, values) ->
              traces.merge(
                  new String(person, StandardCharsets.UTF_8),
                  values.stream().map(HexFormat.of()::formatHex).toList().toString(),
                  String::concat));
      traces.put("", table.personColumn() + " " + table.rememberedColumns());
    }
    return traces;
  }

  @Test
  void personsAreKnownByNameAndByTheSourceOfWhatAnalysesRead() throws IOException {
    String table = "id,x,y\n a ,1,5\nb,2,6\nb,3,7\n";
    String persons = "person: id, rowsPerPerson: 2, derive: {z: x * 2}, where: y > 0";
    Map<String, String> before = traces(table, persons, "[z]");
    assertThat(before).containsOnlyKeys("", "a", "b").containsEntry("", "Optional[id] [x]");
    // What is read of a person has changed; what only the filter reads, or nobody, does not count.
    Map<String, String> changed = traces(table.replace("2,6", "4,8"), persons, "[z]");
    assertThat(changed.get("a")).isEqualTo(before.get("a"));
    assertThat(changed.get("b")).isNotEqualTo(before.get("b"));
    assertThat(traces(table.replace("2,6", "2,8"), persons, "[z]")).isEqualTo(before);
    assertThat(traces(table, persons, "[x, y]")).containsEntry("", "Optional[id] [x, y]");
  }

  @Test
  void whereRowsArePersonsEachIsKnownByAllItsColumnsInAnyOrder() throws IOException {
    Map<String, String> before = traces("x,y\n1,5\n2,\n", "", "[x]");
    assertThat(before).hasSize(3).containsEntry("", "Optional.empty []");
    assertThat(traces("y,x\n,2\n5,1\n", "", "[y]")).isEqualTo(before);
    Map<String, String> changed = traces("x,y\n1,6\n2,\n", "", "[x]");
    changed.keySet().retainAll(before.keySet());
    assertThat(changed).hasSize(2);
  }
}
