package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.SiteConfigParser;
import io.tributary.codec.StudyParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.Study;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTableTest {
  @TempDir Path folder;

  private static Study study(String columns, String used) {
    String yaml =
        """
        study: test
        sites: [a, b, c]
        cohort: {from: table}
        columns: %s
        analyses: [{name: s, type: summary, columns: %s}]
        """
            .formatted(columns, used);
    return StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
  }

  private SiteConfig.Dataset csv(String text) throws IOException {
    Path file = folder.resolve("table.csv");
    Files.writeString(file, text);
    return new SiteConfig.Dataset(
        "table",
        Csv.of(file.toString()),
        SiteConfigParser.DEFAULT_MISSING,
        Map.of(),
        SiteConfig.DEFAULT_POPULATION);
  }

  @Test
  void columnsHaveTheStudysTypesAndMissingIsNull() throws IOException {
    Study study =
        study("{sex: {levels: [male, female]}, age: {range: [0, 120]}}", "[age, sex, ph.ecog]");
    SiteConfig.Dataset source =
        csv("id,sex,age,ph.ecog\n1,male,63,NA\n2, female ,,1\n3,male,41.5,2\n");
    try (SiteTable table = SiteTable.open(SharedSpark.session(), source, study)) {
      assertThat(table.numeric("age")).isTrue();
      assertThat(table.numeric("sex")).isFalse();
      assertThat(table.levels("sex")).containsExactly("male", "female");
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
  }
}
