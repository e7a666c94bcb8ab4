package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.SiteConfigParser;
import io.tributary.connectors.SharedData;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.Study;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;

/** Real tables, as hospitals and R write them. */
class SharedDataTest {
  private static final List<String> HEART =
      List.of(
          "age",
          "sex",
          "cp",
          "trestbps",
          "chol",
          "fbs",
          "restecg",
          "thalach",
          "exang",
          "oldpeak",
          "slope",
          "ca",
          "thal",
          "num");

  private static Path data(String path) {
    return SharedData.require("data/" + path);
  }

  /** Counts and means of oracles/heart-disease/summary.csv, made by R. */
  @Test
  void heartDiseaseOfClevelandHasNoHeaderAndCodesWithDecimals() {
    Csv csv =
        new Csv(
            data("heart-disease/processed.cleveland.data").toString(),
            ',',
            '"',
            '"',
            "UTF-8",
            '.',
            false,
            HEART,
            false);
    SiteConfig.Dataset source =
        new SiteConfig.Dataset("table", csv, List.of("?"), Map.of(), "site");
    Study study =
        SiteTableTest.study(
            "derive: {y: \"if(num > 0, 1, 0)\"}",
            "{sex: {levels: [0, 1]}, cp: {levels: [1, 2, 3, 4]}, age: {range: [0, 120]}}",
            "[age, sex, cp, ca, thal, y]");
    try (SiteTable table = SiteTable.open(SharedSpark.session(), source, study)) {
      assertThat(table.rowCount()).isEqualTo(303);
      assertThat(table.use(List.of("ca")).dropped()).isEqualTo(4);
      assertThat(table.use(List.of("thal")).dropped()).isEqualTo(2);
      Row sums =
          table
              .use(List.of("age", "sex", "cp", "y"))
              .rows()
              .agg(
                  functions.sum("age"),
                  functions.sum(functions.expr("if(sex = '1', 1, 0)")),
                  functions.sum("y"))
              .first();
      assertThat(sums.getDouble(0)).isEqualTo(16495.0);
      assertThat(sums.getLong(1)).isEqualTo(206);
      assertThat(sums.getDouble(2)).isEqualTo(139.0);
    }
  }

  /** colon.csv has two rows a person (recurrence and death); lung.csv one. */
  @Test
  void repeatedPersonsAreCountedOnce() {
    SiteConfig.Dataset colon =
        new SiteConfig.Dataset(
            "table",
            Csv.of(data("survival/colon.csv").toString()),
            SiteConfigParser.DEFAULT_MISSING,
            Map.of("patient", "id"),
            "site");
    Study study =
        SiteTableTest.study(
            "person: patient, rowsPerPerson: 2",
            "{rx: {levels: [Obs, Lev, Lev+5FU]}, etype: {levels: [1, 2]}}",
            "[time, status, rx, nodes, differ]");
    try (SiteTable table = SiteTable.open(SharedSpark.session(), colon, study)) {
      assertThat(table.rowCount()).isEqualTo(1858);
      assertThat(table.use(List.of("time", "rx")).persons()).isEqualTo(929);
      assertThat(table.use(List.of("nodes")).dropped()).isEqualTo(36);
    }
  }
}
