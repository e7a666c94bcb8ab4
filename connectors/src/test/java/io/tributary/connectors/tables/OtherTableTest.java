package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of joined tables in columns of numbers. */
class OtherTableTest {
  private static final String STUDY =
      """
      study: joined
      sites: [a, b, c]
      cohort: {from: patients, person: id, rowsPerPerson: 9, join: {visits: {on: {id: patient}}}}
      analyses: [{name: all, type: summary, columns: [visits.cost]}]
      """;

  @TempDir Path folder;

  private SiteConfig.Dataset dataset(String name, String select) {
    String path = folder.resolve(name + ".parquet").toString();
    SharedSpark.session().sql(select).write().parquet(path);
    return new SiteConfig.Dataset(
        name,
        new SiteConfig.Parquet(path),
        List.of("NA", "-9"),
        Map.of(),
        SiteConfig.DEFAULT_POPULATION);
  }

  private long rows(String patients, String visits) {
    Study study = StudyParser.parse(STUDY.getBytes(StandardCharsets.UTF_8), "study.yaml");
    SiteConfig.Dataset first = dataset("patients", patients);
    SiteConfig.Dataset other = dataset("visits", visits);
    Map<String, OtherTable> others =
        Map.of(
            "visits",
            OtherTable.open(SharedSpark.session(), other, study, study.cohort().joins().get(0)));
    try (SiteTable table =
        SiteTable.open(SharedSpark.session(), first, study, others, SiteTable.Traces.NONE)) {
      return table.rowCount();
    }
  }

  /**
   * The catalogue says that -9 is missing, and no number is none: of five rows two have a match.
   */
  @ParameterizedTest
  @ValueSource(strings = {"bigint", "int", "double", "decimal(12,2)"})
  void missingNumbersMatchNothing(String type) {
    String keys = "stack(4, '1', '2', '-9', '3') as (id)";
    String others = "stack(5, '1', 5.0, '2', 6.0, '-9', 7.0, 'NaN', 8.0, '4', 9.0) as (p, cost)";
    assertThat(
            rows(
                "select cast(id as bigint) as id from (select " + keys + ")",
                "select try_cast(p as "
                    + type
                    + ") as patient, cast(cost as double) as cost"
                    + " from (select "
                    + others
                    + ")"))
        .isEqualTo(2);
  }

  /** Two numbers that are no number are not the same person. */
  @Test
  void noNumberMatchesNone() {
    assertThat(
            rows(
                "select cast(id as double) as id from (select stack(2, 'NaN', '1') as (id))",
                "select cast(p as double) as patient, 1.0D as cost"
                    + " from (select stack(2, 'NaN', '1') as (p))"))
        .isEqualTo(1);
  }

  /** 2^60 and the next whole number are one as doubles. */
  @Test
  void longNumbersAreComparedToTheLastDigit() {
    assertThat(
            rows(
                "select 1152921504606846977L as id",
                "select cast(1152921504606846976D as double) as patient, 1.0D as cost"))
        .isZero();
  }
}
