package io.tributary.connectors.omop;

import static io.tributary.connectors.omop.CohortSql.C1;
import static io.tributary.connectors.omop.CohortSql.C12;
import static io.tributary.connectors.omop.CohortSql.C2;
import static io.tributary.connectors.omop.CohortSql.C3;
import static io.tributary.connectors.omop.CohortSql.D5;
import static io.tributary.connectors.omop.CohortSql.D6;
import static io.tributary.connectors.omop.CohortSql.M7;
import static io.tributary.connectors.omop.CohortSql.count;
import static io.tributary.connectors.omop.CohortSql.entry;
import static io.tributary.connectors.omop.CohortSql.first;
import static io.tributary.connectors.omop.CohortSql.firstEver;
import static io.tributary.connectors.omop.CohortSql.joined;
import static io.tributary.connectors.omop.CohortSql.last;
import static io.tributary.connectors.omop.CohortSql.spells;
import static io.tributary.connectors.omop.CohortSql.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tributary.cohort.DefinitionReader;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.SiteConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions against SQL over the same records: persons and dates are equal, exactly. */
class CohortTableTest {
  private static final List<String> TABLES =
      List.of(
          "person",
          "observation_period",
          "condition_occurrence",
          "drug_exposure",
          "drug_era",
          "measurement",
          "visit_occurrence",
          "death",
          "concept",
          "concept_ancestor",
          "concept_relationship");

  @TempDir static Path folder;
  private static CohortSql sql;
  private static SparkSession spark;
  private static CommonDataModel model;

  @BeforeAll
  static void records() throws Exception {
    EdgeRecords.write(folder, 20200229);
    sql = new CohortSql(folder);
    spark = SharedSpark.session().newSession();
    spark.conf().set("spark.sql.shuffle.partitions", "1");
    spark.conf().set("spark.sql.adaptive.enabled", "false");
    // Each definition is a plan of its own over a few hundred rows: compiling it costs most.
    spark.conf().set("spark.sql.codegen.wholeStage", "false");
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    // Read from the files once; then each case is a plan over rows in memory.
    CommonDataModel files = CommonDataModel.open(spark, folder);
    Map<String, Dataset<Row>> tables = new HashMap<>();
    for (String name : TABLES) {
      Dataset<Row> read = files.table(name);
      tables.put(name, spark.createDataFrame(read.collectAsList(), read.schema()));
    }
    model = CommonDataModel.of(spark, "memory", tables);
  }

  @AfterAll
  static void close() throws SQLException {
    sql.close();
  }

  /** A definition and what it must give. */
  record Case(String name, String definition, String expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, String definition, String expected) {
    return new Case(name, definition.replace('|', '\n'), expected);
  }

  static Stream<Case> cases() {
    String e1 = entry(C1, 0, 0);
    return Stream.of(
        of("all events to the end of observation", "entry: {condition: 1}", spells(e1, "oe")),
        of("first event", "entry: {condition: 1, keep: first}", spells(first(e1), "oe")),
        of("last event", "entry: {condition: 1, keep: last}", spells(last(e1), "oe")),
        of(
            "first ever, then observed",
            "entry: {condition: 1, first: true}",
            spells(entry(firstEver(C1), 0, 0), "oe")),
        of(
            "days observed before and after",
            "entry: {condition: 1, observed: [-14d, 21d], keep: first}",
            spells(first(entry(C1, 14, 21)), "oe")),
        of(
            "exclusive concept set",
            "concepts: {x: {ids: [1], exclude: [12]}}|entry: {condition: x}",
            spells(entry("select * from cond where c in (1, 11)", 0, 0), "oe")),
        of(
            "no descendants",
            "concepts: {x: {ids: [1], descendants: false}}|entry: {condition: x}",
            spells(entry("select * from cond where c = 1", 0, 0), "oe")),
        of(
            "empty concept set",
            "concepts: {x: []}|entry: {condition: x}",
            "select 1 p, 2 a, 3 b limit 0"),
        of(
            "source concepts that map to a set",
            "concepts: {x: {ids: [11], descendants: false, mapped: true}}|entry: {condition: any, source: x}",
            spells(entry("select * from cond where src in (11, 900)", 0, 0), "oe")),
        of(
            "any concept, zero too",
            "entry: {condition: any}",
            spells(entry("select * from cond", 0, 0), "oe")),
        of(
            "so many days from the start",
            "entry: {condition: 1}|exit: {after: 10d}",
            spells(e1, "least(oe, s + 10)")),
        of("the day itself", "entry: {condition: 1}|exit: {after: 0d}", spells(e1, "s")),
        of(
            "so many days from the end",
            "entry: {drug: 5}|exit: {after: 3d, from: end}",
            spells(entry(D5, 0, 0), "least(oe, e + 3)")),
        of(
            "collapsed over gaps",
            "entry: {condition: 1}|exit: {after: 2d}|collapse: 9d",
            joined("select p, s a, least(oe, s + 2) b from (" + e1 + ")", 9)),
        of(
            "cut by the calendar at the leap day",
            "entry: {condition: 1}|exit: {after: 20d}|between: [2020-02-29, 2020-03-01]",
            "select p, greatest(a, date '2020-02-29') a, least(b, date '2020-03-01') b from ("
                + spells(e1, "least(oe, s + 20)")
                + ") where b >= date '2020-02-29' and a <= date '2020-03-01'"),
        of(
            "exposure with gaps",
            "entry: {drug: 5}|exit: {drug: 5, gap: 7d, offset: 2d}",
            exposure("e", 7, 2)),
        of(
            "exposure of so many days",
            "entry: {drug: 5}|exit: {drug: 5, gap: 0d, supply: 12d}",
            exposure("s + 12", 0, 0)),
        of(
            "censored by death and another condition",
            "entry: {condition: 1}|exit: {after: 60d}|censor: [{death: any}, {condition: 2}]",
            spells(
                e1,
                "least(oe, s + 60, coalesce((select min(y.s) from (select p, s from dead"
                    + " union all select p, s from cond where c = 2) y where y.p = q.p and y.s >= q.s"
                    + " and y.s <= q.oe), oe))")),
        rule(
            "one event before",
            "{condition: 2, window: [-30d, 0d]}",
            count(C2, "y.s between q.s - 30 and q.s") + " >= 1"),
        rule(
            "two events after",
            "{drug: 5, window: [0d, 45d], at least: 2}",
            count(D5, "y.s between q.s and q.s + 45") + " >= 2"),
        rule(
            "at most one",
            "{drug: 5, window: [-60d, 60d], at most: 1}",
            count(D5, "y.s between q.s - 60 and q.s + 60") + " <= 1"),
        rule("exactly one all time", "{condition: 2, exactly: 1}", count(C2, "true") + " = 1"),
        rule(
            "from the index event's end",
            "{drug: 5, window: [1d, 20d], after end: true}",
            count(D5, "y.s between q.e + 1 and q.e + 20") + " >= 1"),
        rule(
            "end in a window",
            "{drug: 5, window: [all, 0d], ends in: [0d, all]}",
            count(D5, "y.s <= q.s and y.e between q.s and q.oe") + " >= 1"),
        rule(
            "different concepts",
            "{condition: any, distinct: concepts, at least: 2}",
            "(select count(distinct y.c) from cond y where y.p = q.p and y.s between q.os and q.oe) >= 2"),
        rule(
            "different days",
            "{measurement: 7, distinct: dates, at least: 2}",
            "(select count(distinct y.s) from ("
                + M7
                + ") y where y.p = q.p and y.s between q.os and q.oe) >= 2"),
        rule(
            "different visits",
            "{condition: any, distinct: visits, at least: 2}",
            "(select count(distinct y.v) from cond y where y.p = q.p and y.s between q.os and q.oe) >= 2"),
        rule(
            "in the same visit",
            "{condition: any, same visit: true, window: [1d, all]}",
            count("select * from cond", "y.v = q.v and y.s >= q.s + 1") + " >= 1"),
        rule(
            "outside observation too",
            "{condition: 2, outside observation: true, window: [all, -1d]}",
            "(select count(*) from (" + C2 + ") y where y.p = q.p and y.s <= q.s - 1) >= 1"),
        rule(
            "value with a unit",
            "{measurement: 7, value: [1.5, 7], unit: 8840}",
            count(M7 + " and x between 1.5 and 7 and u = 8840", "true") + " >= 1"),
        rule(
            "value at most",
            "{measurement: any, value: [all, 0]}",
            count("select * from meas where x <= 0", "true") + " >= 1"),
        rule(
            "type of the row",
            "{condition: any, type: [32020]}",
            count("select * from cond where t = 32020", "true") + " >= 1"),
        rule(
            "stop reason",
            "{condition: any, stop reason: done}",
            count("select * from cond where stop_reason = 'done'", "true") + " >= 1"),
        rule(
            "days of supply and quantity",
            "{drug: any, days of supply: [7, all], quantity: 2.5}",
            count("select * from drug where days_supply >= 7 and quantity = 2.5", "true")
                + " >= 1"),
        rule(
            "length of an era",
            "{drug era: 5, days: [10, 30], occurrences: [1, 1]}",
            count("select * from era where c = 5 and e - s between 10 and 30 and n = 1", "true")
                + " >= 1"),
        rule(
            "kind of visit",
            "{condition: any, visit is: 9201}",
            count("select * from cond where v in (select id from vis where c = 9201)", "true")
                + " >= 1"),
        rule(
            "dates of the calendar",
            "{condition: 2, date: [2020-02-10, 2020-02-29]}",
            count(
                    "select * from cond where c = 2 and s between date '2020-02-10' and date '2020-02-29'",
                    "true")
                + " >= 1"),
        rule(
            "age and sex at the index date",
            "{age: [30, 60], sex: female}",
            "(select year(q.s) - year_of_birth between 30 and 60 and gender_concept_id = 8532 from person where person_id = q.p)"),
        rule(
            "age at another event",
            "{condition: 2, age: [40, all]}",
            count(
                    "select x.* from cond x join person on person_id = p where c = 2 and year(s) - year_of_birth >= 40",
                    "true")
                + " >= 1"),
        rule(
            "either or",
            "{any: [{condition: 2}, {all: [{drug: 6}, {sex: male}]}]}",
            count(C2, "true")
                + " >= 1 or ("
                + count(D6, "true")
                + " >= 1 and (select gender_concept_id = 8507 from person where person_id = q.p))"),
        rule(
            "first ever of its kind after",
            "{drug: 5, first: true, window: [0d, all]}",
            count(firstEver(D5), "y.s between q.s and q.oe") + " >= 1"),
        of(
            "excluded before, then the first that is left",
            "entry: {condition: 1}|exclude: [{drug: 5, window: [all, 0d]}]|keep: first",
            spells(first(where(e1, count(D5, "y.s <= q.s") + " = 0")), "oe")),
        of(
            "either of two events",
            "entry: {any: [{condition: 12}, {drug: 6}], keep: first}|exit: {after: 5d}",
            spells(
                first(
                    entry(
                        "select p, id, s, e, 0 k from ("
                            + C12
                            + ") union all select p, id, s, e, 1 k from ("
                            + D6
                            + ")",
                        0,
                        0)),
                "least(oe, s + 5)")),
        atlas());
  }

  private static String exposure(String end, int gap, int offset) {
    String runs =
        joined(
            "select p, s a, "
                + end
                + " + "
                + offset
                + " b from ("
                + D5
                + " union all"
                + " select * from drug where src in (5, 51, 52) and c not in (5, 51, 52))",
            gap);
    return spells(
        entry(D5, 0, 0),
        "least(oe, coalesce((select min(r.b) from ("
            + runs
            + ") r where r.p = q.p and q.s between r.a and r.b), oe))");
  }

  private static Case rule(String name, String rule, String condition) {
    return of(
        name,
        "entry: {condition: 1}|require: [" + rule + "]|exit: {after: 1d}",
        spells(where(entry(C1, 0, 0), condition), "least(oe, s + 1)"));
  }

  /** What only the long form says: a group of at least two, nested events, shifted dates. */
  private static Case atlas() {
    String json =
        """
        {"ConceptSets": [
           {"id": 0, "name": "one", "expression": {"items": [
             {"concept": {"CONCEPT_ID": 1, "CONCEPT_NAME": "x"}, "includeDescendants": true}]}},
           {"id": 1, "name": "two", "expression": {"items": [{"concept": {"CONCEPT_ID": 2}}]}},
           {"id": 2, "name": "drug", "expression": {"items": [
             {"concept": {"CONCEPT_ID": 5}, "includeDescendants": true}]}}],
         "PrimaryCriteria": {
           "CriteriaList": [{"ConditionOccurrence": {"CodesetId": 0, "ConditionTypeExclude": false,
             "CorrelatedCriteria": {"Type": "ANY", "CriteriaList": [
               {"Criteria": {"DrugExposure": {"CodesetId": 2}},
                "StartWindow": {"Start": {"Days": 40, "Coeff": -1}, "End": {"Days": 0, "Coeff": 1}},
                "Occurrence": {"Type": 2, "Count": 1}}],
               "DemographicCriteriaList": [], "Groups": []}}}],
           "ObservationWindow": {"PriorDays": 0, "PostDays": 0},
           "PrimaryCriteriaLimit": {"Type": "All"}},
         "AdditionalCriteria": {"Type": "AT_LEAST", "Count": 2, "CriteriaList": [
             {"Criteria": {"ConditionOccurrence": {"CodesetId": 1,
                "DateAdjustment": {"StartWith": "END_DATE", "StartOffset": 1,
                                   "EndWith": "END_DATE", "EndOffset": 2}}},
              "StartWindow": {"Start": {"Coeff": -1}, "End": {"Coeff": 1}},
              "Occurrence": {"Type": 2, "Count": 1}}],
           "DemographicCriteriaList": [
             {"Gender": [{"CONCEPT_ID": 8507}]},
             {"Age": {"Op": "!bt", "Value": 20, "Extent": 39}}], "Groups": []},
         "QualifiedLimit": {"Type": "Last"}, "ExpressionLimit": {"Type": "All"},
         "InclusionRules": [], "CensoringCriteria": [],
         "EndStrategy": {"DateOffset": {"DateField": "EndDate", "Offset": 4}},
         "CollapseSettings": {"CollapseType": "ERA", "EraPad": 0}, "CensorWindow": {},
         "cdmVersionRange": ">=5.0.0"}
        """;
    String entries =
        "select q.* from ("
            + entry(C1, 0, 0)
            + ") q where exists (select 1 from ("
            + D5
            + ") y, op o where y.p = q.p and o.p = q.p and q.s between o.s and o.e"
            + " and y.s between o.s and o.e and y.s between q.s - 40 and q.s)";
    String moved =
        "(select count(*) from ("
            + C2
            + ") y where y.p = q.p and y.e + 1 between q.os and q.oe) >= 1";
    String two =
        where(
            entries,
            "(case when "
                + moved
                + " then 1 else 0 end)"
                + " + (select (gender_concept_id = 8507)::int + (not (year(q.s) - year_of_birth"
                + " between 20 and 39))::int from person where person_id = q.p) >= 2");
    return new Case("long form", json, spells(last(two), "least(oe, e + 4)"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsSql(Case expected) throws SQLException {
    List<String> spells = sql.spells(expected.expected());
    assertThat(evaluated(expected.definition())).isEqualTo(spells);
    // A case that selects nobody shows nothing, but for the empty set.
    assertThat(spells.isEmpty()).isEqualTo(expected.name().equals("empty concept set"));
  }

  private static List<String> evaluated(String definition) {
    try (CohortTable table = CohortTable.of(model, definition.getBytes(StandardCharsets.UTF_8))) {
      return table.spells().collectAsList().stream()
          .sorted(
              Comparator.comparingLong((Row row) -> row.getLong(0))
                  .thenComparing(row -> row.getDate(1)))
          .map(row -> row.getLong(0) + " " + row.get(1) + " " + row.get(2))
          .toList();
    }
  }

  /** Definitions drawn at random, built from the same drawing as their SQL. */
  @Test
  void randomDefinitionsEqualSql() throws SQLException {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      StringBuilder definition = new StringBuilder();
      int prior = random.nextInt(10);
      int post = random.nextInt(10);
      boolean drug = random.nextBoolean();
      definition.append("entry: {").append(drug ? "drug: 5" : "condition: 1");
      definition.append(", observed: [-" + prior + "d, " + post + "d]}\nrequire:\n");
      String entries = entry(drug ? D5 : C1, prior, post);
      for (int rule = random.nextInt(2); rule >= 0; rule--) {
        int low = random.nextInt(80) - 60;
        int high = low + random.nextInt(90);
        int least = random.nextInt(3);
        boolean most = random.nextInt(3) == 0;
        String event = random.nextBoolean() ? "condition: 3" : "drug: 6";
        String events = event.startsWith("c") ? C3 : D6;
        definition.append(
            "  - {"
                + event
                + ", window: ["
                + low
                + "d, "
                + high
                + "d], "
                + (most ? "at most: " : "at least: ")
                + least
                + "}\n");
        entries =
            where(
                entries,
                count(events, "y.s between q.s + (" + low + ") and q.s + (" + high + ")")
                    + (most ? " <= " : " >= ")
                    + least);
      }
      boolean keepFirst = random.nextBoolean();
      int after = random.nextInt(40);
      definition.append("keep: " + (keepFirst ? "first" : "all"));
      definition.append("\nexit: {after: " + after + "d, from: end}\n");
      String expected =
          spells(keepFirst ? first(entries) : entries, "least(oe, e + " + after + ")");
      assertThat(evaluated(definition.toString()))
          .as("seed %d: %s", seed, definition)
          .isEqualTo(sql.spells(expected));
    }
  }

  @Test
  void attritionCountsPersonsAfterEachRule() throws SQLException {
    String rules =
        """
        entry: {condition: 1}
        require:
          - {sex: female}
          - {drug: 5, window: [0d, all]}
        keep: first
        """;
    String entries = entry(C1, 0, 0);
    String women =
        where(entries, "(select gender_concept_id = 8532 from person where person_id = q.p)");
    String treated = where(women, count(D5, "y.s >= q.s") + " >= 1");
    List<Long> expected = new ArrayList<>();
    for (String step : List.of(entries, women, treated, treated)) {
      expected.add((long) sql.spells("select distinct p, 1 a, 1 b from (" + step + ")").size());
    }
    try (CohortTable table = CohortTable.of(model, rules.getBytes(StandardCharsets.UTF_8))) {
      assertThat(table.attrition()).isEqualTo(expected);
    }
  }

  /** Of a person's events the best one counts, as Circe's inclusion report has it. */
  @Test
  void attritionIsThatOfEachPersonsBestEvent() throws SQLException {
    String rules =
        """
        entry: {condition: 1}
        require:
          - {drug: 5, window: [-30d, 0d]}
          - {drug: 5, window: [1d, all]}
          - {measurement: 7, window: [1d, all]}
          - {condition: 2, window: [-3d, 3d]}
        """;
    String[] held = {
      count(D5, "y.s between q.s - 30 and q.s") + " >= 1",
      count(D5, "y.s >= q.s + 1") + " >= 1",
      count(M7, "y.s >= q.s + 1") + " >= 1",
      count(C2, "y.s between q.s - 3 and q.s + 3") + " >= 1"
    };
    StringBuilder rows = new StringBuilder("select q.p, q.s, q.id, q.os");
    for (int rule = 0; rule < held.length; rule++) {
      rows.append(", (").append(held[rule]).append(")::int r").append(rule);
    }
    List<Long> anyEvent = new ArrayList<>();
    String left = entry(C1, 0, 0);
    for (String rule : List.of("true", held[0], held[1], held[2], held[3], "true")) {
      left = where(left, rule);
      anyEvent.add((long) sql.spells("select distinct p, 1 a, 1 b from (" + left + ")").size());
    }
    String best =
        "select * from ("
            + rows.append(" from (").append(entry(C1, 0, 0)).append(") q")
            + ") qualify row_number() over (partition by p order by r0 + r1 + r2 + r3 desc,"
            + " case when r0 = 1 then 0 when r1 = 1 then 1 when r2 = 1 then 2 else 3 end,"
            + " s, id, os) = 1";
    List<Long> expected = new ArrayList<>();
    for (String step : List.of("true", "r0 = 1", "r1 = 1", "r2 = 1", "r3 = 1")) {
      best = "select * from (" + best + ") where " + step;
      expected.add((long) sql.spells("select p, 1 a, 1 b from (" + best + ")").size());
    }
    expected.add(expected.get(4));
    try (CohortTable table = CohortTable.of(model, rules.getBytes(StandardCharsets.UTF_8))) {
      assertThat(table.attrition()).isEqualTo(expected);
    }
    assertThat(expected).as("some event passes the first rules").isNotEqualTo(anyEvent);
  }

  // ---- the SQL form ----------------------------------------------------------------------------

  private static final String OBSERVED =
      " JOIN observation_period o ON o.person_id = e.person_id AND e.condition_start_date BETWEEN"
          + " o.observation_period_start_date AND o.observation_period_end_date ";

  private static final String CONDITION =
      "SELECT e.person_id, e.condition_start_date, o.observation_period_end_date"
          + " FROM condition_occurrence e"
          + OBSERVED;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WHERE e.condition_concept_id IN (1, 11)",
        "JOIN person p ON e.person_id = p.person_id"
            + " WHERE e.condition_concept_id IN (SELECT descendant_concept_id FROM concept_ancestor"
            + " WHERE ancestor_concept_id = 1) AND e.condition_concept_id NOT IN (12)"
            + " AND year(e.condition_start_date) - p.year_of_birth BETWEEN 30 AND 60"
            + " AND NOT (p.gender_concept_id = 8507 OR p.ethnicity_concept_id = 38003563)",
        "WHERE e.condition_concept_id = 1 AND EXISTS (SELECT 1 FROM drug_exposure d WHERE d.person_id"
            + " = e.person_id AND d.drug_concept_id IN (5, 51) AND d.drug_exposure_start_date"
            + " >= e.condition_start_date - 30 AND d.drug_exposure_start_date < e.condition_start_date)",
        "WHERE e.condition_concept_id IN (1, 11, 12) AND NOT EXISTS (SELECT * FROM measurement m"
            + " WHERE m.person_id = e.person_id AND m.measurement_date BETWEEN"
            + " o.observation_period_start_date AND o.observation_period_end_date"
            + " AND e.condition_start_date <= m.measurement_date AND m.value_as_number > 5)",
        "WHERE e.condition_concept_id IN (1, 11, 12) AND ((SELECT count(DISTINCT d.drug_exposure_start_date)"
            + " FROM drug_exposure d WHERE d.person_id = e.person_id AND d.drug_concept_id = 5) >= 2"
            + " OR (2 > (SELECT count(*) FROM visit_occurrence v WHERE v.person_id = e.person_id)"
            + " AND e.condition_start_date >= DATE '2020-02-01'))",
        "WHERE e.condition_concept_id IN (1, 11, 12) AND e.stop_reason LIKE 'Re%'"
            + " AND extract(year from e.condition_start_date) = 2020"
            + " AND o.observation_period_end_date - e.condition_start_date > 10"
            + " AND EXISTS (SELECT 1 FROM visit_occurrence v WHERE v.person_id = e.person_id"
            + " AND v.visit_occurrence_id = e.visit_occurrence_id AND v.visit_concept_id = 9201)"
      })
  void aDefinitionInSqlGivesWhatADatabaseGives(String where) throws SQLException {
    String definition = CONDITION + where;
    List<String> expected = sql.spells(CohortSql.asWritten(definition));
    assertThat(expected).isNotEmpty();
    assertThat(evaluated(definition)).isEqualTo(expected);
  }

  @Test
  void theFirstRowOfAPersonInSql() throws SQLException {
    for (String order : List.of("", " DESC")) {
      String definition =
          """
          -- Eras of a drug, of which the first or the last counts.
          WITH five AS (SELECT descendant_concept_id FROM concept_ancestor
            WHERE ancestor_concept_id IN (5) EXCEPT SELECT concept_id FROM concept WHERE concept_id = 52)
          SELECT person_id, a, b FROM (
            SELECT e.person_id, e.drug_era_start_date AS a,
              least(e.drug_era_end_date + 10, o.observation_period_end_date) AS b,
              row_number() OVER (PARTITION BY e.person_id ORDER BY e.drug_era_start_date%s,
                e.drug_era_id, o.observation_period_start_date, o.observation_period_end_date) AS n
            FROM drug_era e
            JOIN observation_period o ON o.person_id = e.person_id
              AND e.drug_era_start_date >= o.observation_period_start_date + 7
              AND e.drug_era_start_date <= o.observation_period_end_date
            WHERE e.drug_concept_id IN (SELECT descendant_concept_id FROM five)
          ) x WHERE n = 1
          """
              .formatted(order);
      List<String> expected = sql.spells(CohortSql.asWritten(definition));
      assertThat(expected).isNotEmpty();
      assertThat(evaluated(definition)).isEqualTo(expected);
    }
  }

  // ---- the same cohort again -------------------------------------------------------------------

  @Test
  void theSameQuestionTakesTheKeptRowsUntilAFileChanges(@TempDir Path own) throws IOException {
    Files.writeString(own.resolve("person.csv"), "person_id");
    int[] evaluated = {0};
    try (KeptCohorts cohorts = new KeptCohorts()) {
      IntFunction<CohortTable> asked =
          number -> {
            try (KeptCohorts.Use use =
                cohorts.use(
                    new SiteConfig.Omop(own.toString()),
                    "definition " + number,
                    Map.of(),
                    () -> {
                      evaluated[0]++;
                      return CohortTable.of(model, SIMPLE);
                    })) {
              return use.cohort();
            }
          };
      CohortTable first = asked.apply(1);
      assertThat(asked.apply(1)).isSameAs(first);
      assertThat(first.rows().count()).isPositive();
      assertThat(asked.apply(2)).isNotSameAs(first);
      assertThat(evaluated[0]).isEqualTo(2);
      Files.writeString(own.resolve("person.csv"), "person_id\n");
      assertThat(asked.apply(1)).isNotSameAs(first);
      assertThat(evaluated[0]).isEqualTo(3);
      // Four are kept; of five the one goes whose turn was the longest ago.
      for (int number : new int[] {3, 4, 5, 1}) {
        assertThat(asked.apply(number)).isNotNull();
      }
      assertThat(evaluated[0]).isEqualTo(6);
      assertThat(asked.apply(6)).isNotNull();
      assertThat(asked.apply(3)).isNotNull();
      assertThat(evaluated[0]).isEqualTo(8);
    }
  }

  // ---- bad input -------------------------------------------------------------------------------

  private static final byte[] SIMPLE =
      "concepts: {x: {ids: [1], descendants: false}}\nentry: {condition: x}"
          .getBytes(StandardCharsets.UTF_8);

  private Path broken(Path own, String table, String text) throws Exception {
    for (String name : List.of("PERSON", "observation_period", "condition_occurrence")) {
      Files.copy(folder.resolve(name + ".csv"), own.resolve(name + ".csv"));
    }
    if (text.isEmpty()) {
      Files.delete(own.resolve(table + ".csv"));
    } else {
      Files.writeString(own.resolve(table + ".csv"), text);
    }
    return own;
  }

  private static void refused(Path own, String... words) {
    assertThatThrownBy(() -> CohortTable.of(CommonDataModel.open(spark, own), SIMPLE).close())
        .hasMessageContainingAll(words);
  }

  @Test
  void needsNoVocabularyForPlainConcepts(@TempDir Path own) throws Exception {
    CommonDataModel plain = CommonDataModel.open(spark, broken(own, "other", "x\n1\n"));
    try (CohortTable table = CohortTable.of(plain, SIMPLE)) {
      assertThat(table.attrition().get(0)).isPositive();
    }
    byte[] asking = "entry: {condition: 1}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> CohortTable.of(plain, asking))
        .hasMessageContaining("no table 'concept_ancestor'");
  }

  @Test
  void missingTableIsNamed(@TempDir Path own) throws Exception {
    refused(broken(own, "condition_occurrence", ""), "no table 'condition_occurrence'");
  }

  @Test
  void missingColumnIsNamed(@TempDir Path own) throws Exception {
    refused(
        broken(own, "condition_occurrence", "condition_occurrence_id,person_id\n1,1\n"),
        "no column 'condition_concept_id'");
  }

  private static final String PERSONS =
      "person_id,gender_concept_id,year_of_birth,race_concept_id,ethnicity_concept_id\n";
  private static final String PERIODS =
      "observation_period_id,person_id,observation_period_start_date,"
          + "observation_period_end_date,period_type_concept_id\n";
  private static final String CONDITIONS =
      "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,"
          + "condition_end_date\n";

  /** A table, its text, and the column and the fault that the error must tell. */
  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("person", PERSONS + "1,8507,1960,0,0\n1,8507,1960,0,0\n", "person_id", "before"),
        arguments("person", PERSONS + ",8507,1960,0,0\n", "person_id", "nothing stands there"),
        arguments("person", PERSONS + "x1,8507,1960,0,0\n", "person_id", "whole number"),
        arguments("person", PERSONS + "1,8507,,0,0\n", "year_of_birth", "nothing stands there"),
        arguments("person", PERSONS + "1,8507,1960.5,0,0\n", "year_of_birth", "a year"),
        arguments("person", PERSONS + "1,8507,99999999999,0,0\n", "year_of_birth", "a year"),
        arguments("person", PERSONS + "1,m,1960,0,0\n", "gender_concept_id", "whole number"),
        arguments(
            "observation_period",
            PERIODS + "1,1,2020-01-01,,0\n",
            "observation_period_end_date",
            "nothing stands there"),
        arguments(
            "observation_period",
            PERIODS + "1,1,2020-01-02,2020-01-01,0\n",
            "observation_period_end_date",
            "ends before it begins"),
        arguments(
            "observation_period",
            PERIODS + "1,1,2020-01-01,2020-02-30,0\n",
            "observation_period_end_date",
            "a date"),
        arguments(
            "condition_occurrence",
            CONDITIONS + "1,1,1,17/03/2020,\n2,1,1,20200317,\n",
            "condition_start_date",
            "a date"),
        arguments(
            "condition_occurrence",
            CONDITIONS + "1,1,1,2020-03-17,NA\n",
            "condition_end_date",
            "a date"),
        arguments(
            "condition_occurrence",
            CONDITIONS + "1,1,1.5,2020-03-17,\n",
            "condition_concept_id",
            "whole number"),
        arguments(
            "condition_occurrence",
            CONDITIONS + "1,,1,2020-03-17,\n",
            "person_id",
            "nothing stands there"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatCannotBeReadIsRefusedByTableAndColumnWithoutItsValue(
      String table, String text, String column, String problem) {
    Map<String, Dataset<Row>> tables = new HashMap<>();
    for (String name : List.of("person", "observation_period", "condition_occurrence")) {
      tables.put(name, model.table(name));
    }
    tables.put(table, texts(text));
    CommonDataModel records = CommonDataModel.of(spark, "memory", tables);
    assertThatThrownBy(() -> CohortTable.of(records, SIMPLE))
        .hasMessageContainingAll(
            "DATA_INVALID: memory, table '" + table + "', column '" + column + "': in 1 row ",
            problem)
        .message()
        .doesNotContain("17/03", "NA,", "x1", "1960.5", "02-30", "99999");
  }

  /** What a folder says of its version; the text itself only where it can be nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "v5.3.1 | ~~",
        "5.4 | ~~",
        "CDM v5.4.1 | ~~",
        "~~ | ~~",
        "v6.0.0 | 'v6.0.0'",
        "5.2 | '5.2'",
        "Robert') drop | another one"
      })
  void onlyVersionsThatAreKnownAreRead(String version, String told) {
    Map<String, Dataset<Row>> tables = new HashMap<>();
    for (String name : List.of("person", "observation_period", "condition_occurrence")) {
      tables.put(name, model.table(name).limit(0));
    }
    tables.put("cdm_source", texts("cdm_source_name,cdm_version\nhere," + version + "\n"));
    CommonDataModel records = CommonDataModel.of(spark, "memory", tables);
    if (told.isEmpty()) {
      CohortTable.of(records, SIMPLE).close();
    } else {
      assertThatThrownBy(() -> CohortTable.of(records, SIMPLE))
          .hasMessageContainingAll(
              "DATA_INVALID: memory, table 'cdm_source', column 'cdm_version'",
              told,
              "5.3 and 5.4 are read")
          .message()
          .doesNotContain("Robert");
    }
  }

  /**
   * Rows that are odd and not wrong: concept 0, a concept of another domain, an end before the
   * start, a person nobody knows, one event twice.
   */
  @Test
  void oddRowsCountAsTheyStand() {
    Map<String, Dataset<Row>> tables = new HashMap<>();
    tables.put("person", texts(PERSONS + "1,8507,1960,0,0\n"));
    tables.put("observation_period", texts(PERIODS + "1,1,2020-01-01,2020-12-31,0\n"));
    tables.put(
        "condition_occurrence",
        texts(
            CONDITIONS
                + "1,1,0,2020-02-01,\n2,1,1118084,2020-03-01,2020-02-01\n3,9,1118084,2020-03-01,\n"
                + "4,1,1118084,2020-03-01,2020-02-01\n"));
    CommonDataModel records = CommonDataModel.of(spark, "memory", tables);
    assertThat(spellsOf(records, "0")).containsExactly("1 2020-02-01 2020-12-31");
    assertThat(spellsOf(records, "1118084")).containsExactly("1 2020-03-01 2020-12-31");
  }

  private static List<String> spellsOf(CommonDataModel records, String concept) {
    String definition =
        "concepts: {c: {ids: [" + concept + "], descendants: false}}\nentry: {condition: c}";
    try (CohortTable table = CohortTable.of(records, definition.getBytes(StandardCharsets.UTF_8))) {
      return table.spells().collectAsList().stream()
          .map(row -> row.getLong(0) + " " + row.get(1) + " " + row.get(2))
          .toList();
    }
  }

  private static Dataset<Row> texts(String csv) {
    List<String> lines = csv.lines().toList();
    StructType columns = new StructType();
    for (String name : lines.get(0).split(",")) {
      columns = columns.add(name, DataTypes.StringType);
    }
    List<Row> rows =
        lines.stream()
            .skip(1)
            .map(line -> RowFactory.create((Object[]) line.split(",", -1)))
            .toList();
    return spark.createDataFrame(rows, columns);
  }

  @Test
  void rowsThatNobodyAsksForMayBeAnything(@TempDir Path own) throws Exception {
    Path records =
        broken(own, "condition_occurrence", CONDITIONS + "1,1,77,17/03/2020,\n2,9,1,NA,\n");
    Files.writeString(own.resolve("PERSON.csv"), PERSONS + "1,8507,1960,0,0\n");
    try (CohortTable table = CohortTable.of(CommonDataModel.open(spark, records), SIMPLE)) {
      assertThat(table.attrition()).containsExactly(0L, 0L);
    }
  }

  @Test
  void aRowThatIsCutIsRefused(@TempDir Path own) throws Exception {
    String cut = CONDITIONS + "1,1,1,2020-03-17,\n2,1,1,2020";
    refused(
        broken(own, "condition_occurrence", cut),
        "DATA_INVALID",
        "table 'condition_occurrence': in 1 row the row cannot be split",
        "half written");
  }

  @Test
  void aFileThatEndsTooSoonIsNamed(@TempDir Path own) throws Exception {
    broken(own, "condition_occurrence", "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(CONDITIONS.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 2000; i++) {
        out.write((i + ",1,1,2020-03-17,\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    Path file = own.resolve("condition_occurrence.csv.gz");
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    refused(own, "DATA_INVALID", "condition_occurrence.csv.gz", "EOFException", "half written");
    Files.write(file, new byte[0]);
    refused(own, "DATA_MISSING", "condition_occurrence.csv.gz");
  }

  @Test
  void vocabulariesLackValuesButHaveNoWrongOnes(@TempDir Path own) throws Exception {
    Files.writeString(own.resolve("person.csv"), PERSONS);
    Files.writeString(own.resolve("concept.csv"), "concept_id,invalid_reason\n1,\n11,\n,\n");
    Path ancestors = own.resolve("concept_ancestor.csv");
    String header = "ancestor_concept_id,descendant_concept_id\n1,1\n1,11\n1,\n,1\n";
    Files.writeString(ancestors, header);
    Path relations = own.resolve("concept_relationship.csv");
    String relation = "concept_id_1,concept_id_2,relationship_id,invalid_reason\n,1,Maps to,\n";
    Files.writeString(relations, relation + "900,11,Maps to,\nx,1,Subsumes,\n");
    assertThat(mappedTo(own)).containsExactly(1, 11, 900);
    Files.writeString(relations, relation + "x,1,Maps to,\n");
    assertThatThrownBy(() -> mappedTo(own))
        .hasMessageContaining("'concept_relationship', column 'concept_id_1': in 1 row ");
    Files.writeString(ancestors, header + "1,11.5\n");
    assertThatThrownBy(() -> mappedTo(own))
        .hasMessageContaining("'concept_ancestor', column 'descendant_concept_id': in 1 row ");
  }

  /** Concept 1, its descendants, and what maps to these. */
  private static long[] mappedTo(Path records) {
    byte[] text =
        "concepts: {x: {ids: [1], mapped: true}}\nentry: {condition: x}"
            .getBytes(StandardCharsets.UTF_8);
    return ConceptSets.resolve(
            CommonDataModel.open(spark, records), DefinitionReader.read(text, "the definition"))
        .toMap()
        .values()
        .iterator()
        .next();
  }

  /** As pandas writes tables: numbers that may be missing are doubles, dates have types. */
  @Test
  void parquetIsReadByItsTypes(@TempDir Path own) throws Exception {
    Path person = own.resolve("person.parquet");
    spark
        .sql(
            "select * from values (1L, 8507L, 1960, 0L, 0L), (2L, 8532L, 1970, 0L, 0L) as"
                + " p(PERSON_ID, gender_concept_id, year_of_birth, race_concept_id,"
                + " ethnicity_concept_id)")
        .coalesce(1)
        .write()
        .parquet(person.toString());
    spark
        .sql(
            "select 1 observation_period_id, id person_id, date '2020-01-01'"
                + " observation_period_start_date, timestamp '2020-12-31 08:00:00'"
                + " observation_period_end_date, 0 period_type_concept_id from range(1, 3)")
        .coalesce(1)
        .write()
        .parquet(own.resolve("observation_period.parquet").toString());
    Path conditions = own.resolve("condition_occurrence.parquet");
    conditions(conditions, "1d");
    try (CohortTable table = CohortTable.of(CommonDataModel.open(spark, own), SIMPLE)) {
      assertThat(table.spells().collectAsList().toString())
          .isEqualTo("[[1,2020-02-29,2020-12-31]]");
    }
    conditions(conditions, "1.5d");
    refused(own, "'condition_occurrence', column 'condition_concept_id': in 1 row ");
    conditions(conditions, "true");
    refused(own, "column 'condition_concept_id': it has the type boolean");
    for (Path part : parts(person)) {
      Files.write(part, Arrays.copyOf(Files.readAllBytes(part), 100));
    }
    refused(own, "DATA_INVALID", "person.parquet", "half written");
  }

  private static void conditions(Path out, String concept) {
    spark
        .sql(
            "select cast(7 as decimal(20, 0)) condition_occurrence_id, 1 person_id, "
                + concept
                + " condition_concept_id, date '2020-02-29' condition_start_date, cast(null as date)"
                + " condition_end_date, double('NaN') visit_occurrence_id")
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(out.toString());
  }

  private static List<Path> parts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  @Test
  void datesInThreeFormatsAndNewlinesInQuotes(@TempDir Path own) throws Exception {
    Files.writeString(
        own.resolve("person.csv"),
        """
        person_id,gender_concept_id,year_of_birth,race_concept_id,ethnicity_concept_id,note
        1,8507,1960.0,0,0,"two
        lines"
        """);
    Files.writeString(
        own.resolve("observation_period.csv"),
        "observation_period_id,person_id,observation_period_start_date,"
            + "observation_period_end_date,period_type_concept_id\n1,1,20200101,2020-12-31,0\n");
    Files.writeString(
        own.resolve("condition_occurrence.csv"),
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,"
            + "condition_end_date\n1,1,1,2020-02-29 13:00:00,\n");
    CommonDataModel three = CommonDataModel.open(spark, own);
    try (CohortTable table = CohortTable.of(three, SIMPLE)) {
      assertThat(table.spells().collectAsList().toString())
          .isEqualTo("[[1,2020-02-29,2020-12-31]]");
    }
  }

  @Test
  void tableTwiceIsRefused(@TempDir Path own) throws Exception {
    Files.writeString(own.resolve("person.csv"), "person_id\n");
    Files.writeString(own.resolve("PERSON.csv.gz"), "");
    assertThatThrownBy(() -> CommonDataModel.open(spark, own)).hasMessageContaining("there twice");
  }
}
