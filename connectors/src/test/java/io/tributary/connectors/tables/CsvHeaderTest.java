package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedSpark;
import io.tributary.study.SiteConfig.Csv;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvHeaderTest {
  @TempDir Path folder;

  private Csv csv(String name, byte[] bytes, char delimiter, String encoding, boolean newlines)
      throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    return new Csv(file.toString(), delimiter, '"', '"', encoding, '.', true, List.of(), newlines);
  }

  private static Optional<String[]> read(Csv csv) throws IOException {
    return CsvHeader.of(Path.of(csv.path()), csv, SourceTable.csvOptions(csv))
        .map(CsvHeaderTest::withoutNulls);
  }

  private static String[] withoutNulls(String[] values) {
    return Arrays.stream(values).map(value -> value == null ? "" : value).toArray(String[]::new);
  }

  private static String[] spark(Csv csv) {
    Row row =
        SharedSpark.session()
            .read()
            .options(SourceTable.csvOptions(csv))
            .option("header", false)
            .csv(csv.path())
            .head();
    String[] values = new String[row.length()];
    Arrays.setAll(values, row::getString);
    return withoutNulls(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b,c\n1,2,3\n",
        "a,b,c",
        "a,b\r\n1,2\r\n",
        "a,b\r1,2\r",
        "\uFEFFa,b\n1,2\n",
        "\"a,b\",\"c\"\"d\", e \n1,2,3\n",
        "a,,c,\n1,2,3,4\n",
        "\"a\"x,\"b\n1,2\n",
        "größe,naïve,名\n1,2,3\n",
        "#a,b\n1,2\n",
        ",\n1,2\n",
        "\"\",b\n1,2\n",
        "a\\,b,c\n1,2\n"
      })
  void theFirstLineIsSplitAsSparkSplitsIt(String text) throws IOException {
    Csv csv = csv("t.csv", text.getBytes(StandardCharsets.UTF_8), ',', "UTF-8", false);
    assertThat(read(csv)).hasValueSatisfying(values -> assertThat(values).isEqualTo(spark(csv)));
  }

  @Test
  void otherDelimitersAndCharacterSets() throws IOException {
    Csv latin =
        csv(
            "t.tsv",
            "größe\tb\n1\t2\n".getBytes(StandardCharsets.ISO_8859_1),
            '\t',
            "ISO-8859-1",
            false);
    assertThat(read(latin).orElseThrow()).containsExactly("größe", "b").isEqualTo(spark(latin));
  }

  @Test
  void whatOnlySparkCanReadIsLeftToSpark() throws IOException {
    byte[] plain = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
    assertThat(read(csv("t.csv.gz", plain, ',', "UTF-8", false))).isEmpty();
    assertThat(read(csv("t.csv", plain, ',', "UTF-8", true))).isEmpty();
    assertThat(read(csv("t.csv", plain, ',', "no-such-charset", false))).isEmpty();
    byte[] wide = "a,b\n1,2\n".getBytes(Charset.forName("UTF-16"));
    assertThat(read(csv("t.csv", wide, ',', "UTF-16", false))).isEmpty();
    assertThat(
            read(csv("t.csv", "\n \na,b\n".getBytes(StandardCharsets.UTF_8), ',', "UTF-8", false)))
        .isEmpty();
    Path parts = Files.createDirectory(folder.resolve("parts.csv"));
    Files.write(parts.resolve("part-0.csv"), plain);
    Csv csv = Csv.of(parts.toString());
    assertThat(CsvHeader.of(parts, csv, SourceTable.csvOptions(csv))).isEmpty();
  }
}
