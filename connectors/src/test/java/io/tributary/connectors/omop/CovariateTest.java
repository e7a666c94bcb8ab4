package io.tributary.connectors.omop;

import static io.tributary.connectors.omop.CohortSql.C1;
import static io.tributary.connectors.omop.CohortSql.C2;
import static io.tributary.connectors.omop.CohortSql.C3;
import static io.tributary.connectors.omop.CohortSql.D5;
import static io.tributary.connectors.omop.CohortSql.M7;
import static io.tributary.connectors.omop.CohortSql.entry;
import static io.tributary.connectors.omop.CohortSql.first;
import static io.tributary.connectors.omop.CohortSql.firstEver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Covariates and the cohort's own columns, against SQL in DuckDB over the same records. */
class CovariateTest {
  private static final byte[] DEFINITION =
      "concepts: {d: [5], never: []}\nentry: {condition: 1, keep: first}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private static SparkSession spark() {
    SparkSession spark = SharedSpark.session().newSession();
    spark.conf().set("spark.sql.shuffle.partitions", "2");
    return spark;
  }

  private static String among(String what, String events, String condition) {
    return "(select " + what + " from (" + events + ") y where y.p = q.p and " + condition + ")";
  }

  /** Inside the observation period. */
  private static String within(String what, String events, String condition) {
    return among(what, events, "y.s between q.os and q.oe and " + condition);
  }

  private static String value(String order, String filter) {
    return "(select x from ("
        + M7
        + ") y where y.p = q.p and y.s between q.os and q.oe and x is not null and "
        + filter
        + " order by "
        + order
        + " limit 1)";
  }

  @Test
  void equalSql() throws SQLException, IOException {
    EdgeRecords.write(folder, 20260101);
    Map<String, Object> covariates = new LinkedHashMap<>();
    Map<String, String> expected = new LinkedHashMap<>();
    covariates.put("any", Map.of("condition", 3, "window", List.of("-30d", "10d")));
    expected.put("any", within("count(*) > 0", C3, "y.s between q.s - 30 and q.s + 10") + "::int");
    covariates.put(
        "events", Map.of("drug", "d", "window", List.of("all", "all"), "take", "events"));
    expected.put("events", within("count(*)", D5, "true"));
    covariates.put(
        "ever",
        Map.of(
            "drug",
            "d",
            "window",
            List.of("all", "-1d"),
            "take",
            "dates",
            "outside observation",
            true));
    expected.put("ever", among("count(distinct y.s)", D5, "y.s < q.s"));
    covariates.put(
        "kinds", Map.of("condition", "any", "window", List.of("0d", "40d"), "take", "concepts"));
    expected.put(
        "kinds",
        within("count(distinct y.c)", "select * from cond", "y.s between q.s and q.s + 40"));
    covariates.put(
        "visits", Map.of("condition", "any", "window", List.of("all", "all"), "take", "visits"));
    expected.put("visits", within("count(distinct y.v)", "select * from cond", "true"));
    covariates.put("day", Map.of("condition", 2, "window", List.of("-20d", "all"), "take", "days"));
    expected.put("day", within("min(y.s) - q.s", C2, "y.s >= q.s - 20"));
    covariates.put(
        "onset",
        Map.of("condition", 2, "first", true, "window", List.of("all", "all"), "take", "days"));
    expected.put("onset", within("min(y.s) - q.s", firstEver(C2), "true"));
    covariates.put(
        "covered", Map.of("drug", "d", "window", List.of("-10d", "60d"), "take", "covered"));
    expected.put(
        "covered",
        "(select count(distinct d) from (select unnest(generate_series(y.s, least(y.e, q.s + 60,"
            + " q.oe), interval 1 day)) d from ("
            + D5
            + ") y where y.p = q.p and y.s between q.os and q.oe and y.s between q.s - 10 and q.s + 60))");
    covariates.put("none", Map.of("condition", "never", "window", List.of("all", "all")));
    expected.put("none", "0");
    Map<String, Object> values =
        Map.of("measurement", 7, "window", List.of("all", "all"), "unit", "any");
    for (String take : List.of("first", "last", "mean", "least", "greatest")) {
      Map<String, Object> asked = new LinkedHashMap<>(values);
      asked.put("take", take);
      covariates.put(take, asked);
    }
    expected.put("first", value("y.s, y.id", "true"));
    expected.put("last", value("y.s desc, y.id desc", "true"));
    expected.put("least", value("x", "true"));
    expected.put("greatest", value("x desc", "true"));
    expected.put("mean", within("round(avg(x), 9)", M7, "true"));
    Map<String, Object> unit = new LinkedHashMap<>(values);
    unit.putAll(Map.of("unit", List.of(8840), "take", "last", "other units", "leave out"));
    covariates.put("unit", unit);
    expected.put("unit", value("y.s desc, y.id desc", "u = 8840"));
    expected.put("days_observed_before", "q.s - q.os");
    expected.put("days_observed_after", "q.oe - q.s");
    expected.put("index_year", "year(q.s)");
    String people = "(select %s from person where person_id = q.p)";
    expected.put(
        "race",
        people.formatted(
            "case race_concept_id when 8515 then 'asian' when 8527 then 'white' else 'other' end"));
    expected.put(
        "ethnicity",
        people.formatted(
            "case ethnicity_concept_id when 38003563 then 'hispanic' when 38003564 then"
                + " 'not hispanic' else 'other' end"));
    expected.put(
        "age_group",
        people.formatted(
            "((year(q.s) - year_of_birth) // 10 * 10) || ' - ' || ((year(q.s) - year_of_birth) // 10"
                + " * 10 + 9)"));
    try (CohortSql sql = new CohortSql(folder);
        CohortTable table =
            CohortTable.of(CommonDataModel.open(spark(), folder), DEFINITION, covariates)) {
      List<Row> rows =
          table.rows().collectAsList().stream()
              .sorted(Comparator.comparingLong(row -> row.getLong(0)))
              .toList();
      assertThat(rows).hasSizeGreaterThan(50);
      String entries = first(entry(C1, 0, 0));
      for (Map.Entry<String, String> each : expected.entrySet()) {
        List<String> answer =
            sql.spells("select p, q.s a, " + each.getValue() + " b from (" + entries + ") q");
        Function<Row, Object> own = row -> row.getAs(each.getKey());
        assertThat(rows)
            .as(each.getKey())
            .extracting(
                row -> row.getLong(0) + " " + row.getAs("index_date") + " " + text(own.apply(row)))
            .containsExactlyElementsOf(answer.stream().map(CovariateTest::plain).toList());
      }
    }
  }

  /** Numbers of either side as doubles, means to nine digits after the point. */
  private static String text(Object value) {
    return value instanceof Number number
        ? String.valueOf(Math.rint(number.doubleValue() * 1e9) / 1e9)
        : String.valueOf(value);
  }

  private static String plain(String row) {
    String[] parts = row.split(" ", 3);
    boolean number = parts[2].matches("-?[0-9.]+");
    return parts[0] + " " + parts[1] + " " + (number ? text(Double.valueOf(parts[2])) : parts[2]);
  }

  /** Values in two units make no mean: the site is told how many, and what to do. */
  @Test
  void anotherUnitIsRefused() throws IOException {
    EdgeRecords.write(folder, 20260101);
    CommonDataModel model = CommonDataModel.open(spark(), folder);
    Map<String, Object> covariate =
        Map.of("measurement", 7, "window", List.of("all", "all"), "unit", 8840, "take", "mean");
    assertThatThrownBy(() -> CohortTable.of(model, DEFINITION, Map.of("m", covariate)).close())
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DATA_INVALID);
              assertThat(e.problem())
                  .contains("table 'measurement', column 'unit_concept_id'")
                  .containsPattern("in [0-9]+ rows a value that a covariate takes is in a unit");
              assertThat(e.remedy()).contains("Convert the values");
            });
  }

  /** The day of birth is taken from what there is, and its lack refuses nobody. */
  @Test
  void ageInDaysNeedsADayOfBirth() throws IOException {
    Files.writeString(
        folder.resolve("person.csv"),
        """
        person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id
        1,8507,1950,2,28,1950-03-01 10:00:00,8527,0
        2,8532,1960,2,29,,8516,38003563
        3,8507,1970,2,30,,8527,0
        4,0,1980,,,unknown,8527,0
        """);
    Files.writeString(
        folder.resolve("observation_period.csv"),
        """
        observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id
        1,1,2000-01-01,2020-12-31,0
        2,2,2000-01-01,2020-12-31,0
        3,3,2000-01-01,2020-12-31,0
        4,4,2000-01-01,2020-12-31,0
        """);
    Files.writeString(
        folder.resolve("condition_occurrence.csv"),
        """
        condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date
        1,1,1,2000-03-01,
        2,2,1,2000-03-01,
        3,3,1,2000-03-01,
        4,4,1,2000-03-01,
        """);
    // The vocabulary is not there, and is not needed.
    byte[] plain =
        "concepts: {c: {ids: [1], descendants: false}}\nentry: {condition: c}"
            .getBytes(StandardCharsets.UTF_8);
    try (CohortTable table = CohortTable.of(CommonDataModel.open(spark(), folder), plain)) {
      assertThat(
              table.rows().orderBy("person_id").collectAsList().stream()
                  .map(row -> row.getAs("age_days"))
                  .toList())
          // From 1950-03-01, from 1960-02-29; there is no 30 February.
          .containsExactly(18263, 14611, null, null);
      assertThat(table.rows().orderBy("person_id").collectAsList())
          .extracting(row -> row.getAs("sex"))
          .containsExactly("male", "female", "male", "other");
    }
  }
}
