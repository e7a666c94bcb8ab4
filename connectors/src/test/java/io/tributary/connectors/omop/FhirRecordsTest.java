package io.tributary.connectors.omop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.connectors.SharedData;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The GiBleed records rendered as FHIR, against the records themselves; and small exports. */
class FhirRecordsTest {
  private static final SparkSession SPARK = SharedSpark.session();

  /** Tables, and the columns by which an event begins and ends. */
  private static final Map<String, List<String>> EVENTS =
      Map.of(
          "visit_occurrence", List.of("visit_start_date", "visit_end_date"),
          "condition_occurrence", List.of("condition_start_date", "condition_end_date"),
          "drug_exposure", List.of("drug_exposure_start_date", "drug_exposure_end_date"),
          "procedure_occurrence", List.of("procedure_date", "procedure_date"),
          "measurement", List.of("measurement_date", "measurement_date"),
          "observation", List.of("observation_date", "observation_date"));

  @TempDir static Path folder;
  private static final Map<String, Dataset<Row>> TABLES = new HashMap<>();
  private static Path export;
  private static Path beside;

  /** Every tenth person. */
  @BeforeAll
  static void render() throws IOException {
    Path records = SharedData.require("data/omop-gibleed");
    CommonDataModel files = CommonDataModel.open(SPARK, records);
    List<String> names = new ArrayList<>(EVENTS.keySet());
    names.addAll(List.of("person", "observation_period", "concept", "concept_ancestor"));
    for (String name : names) {
      Dataset<Row> rows = files.table(name);
      Dataset<Row> kept =
          name.startsWith("concept") ? rows : rows.filter("cast(person_id as bigint) % 10 = 3");
      TABLES.put(name, SPARK.createDataFrame(kept.collectAsList(), rows.schema()));
    }
    export = Files.createDirectory(folder.resolve("export"));
    FhirRendering rendering = new FhirRendering(export, rows("concept"));
    rendering.patients(rows("person"));
    rendering.encounters(rows("visit_occurrence"));
    rendering.conditions(rows("condition_occurrence"));
    rendering.drugs(rows("drug_exposure"));
    rendering.procedures(rows("procedure_occurrence"));
    rendering.observations(rows("measurement"), rows("observation"));
    beside = Files.createDirectory(folder.resolve("beside"));
    for (String table :
        List.of("concept", "concept_ancestor", "concept_relationship", "observation_period")) {
      Files.createSymbolicLink(
          beside.resolve(table + ".csv.gz"), records.resolve(table + ".csv.gz"));
    }
  }

  private static List<Row> rows(String table) {
    return TABLES.get(table).collectAsList();
  }

  private static CommonDataModel fhir(Path folder, Path tables, int badLines) {
    return CommonDataModel.open(
        SPARK, new SiteConfig.Fhir(folder.toString(), Optional.of(tables.toString()), badLines));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        concepts:
          celecoxib: {ids: [1118084], descendants: false}
          bleed: {ids: [192671], descendants: false}
          code: {ids: [35208414], descendants: false}
        entry: {any: [{drug: celecoxib}, {condition: any, source: code}], keep: first}
        require:
          - {any: [{age: [18, all]}, {sex: female}]}
        exclude:
          - {condition: bleed, window: [all, -1d], outside observation: true}
        """,
        """
        concepts: {vaccines: {ids: [40213160, 40213154, 40213227], descendants: false}}
        entry: {any: [{measurement: any}, {procedure: [4125906]}, {observation: any}, {visit: [9201]}], keep: all}
        require:
          - {drug: vaccines, window: [all, 0d], at least: 2}
        exit: {after: 30d, from: end}
        """
      })
  void cohortsAreThoseOfTheRecords(String definition) {
    byte[] text = definition.getBytes(StandardCharsets.UTF_8);
    Map<String, Object> covariates =
        Map.of("drugs", Map.of("drug", "any", "window", List.of("all", "0d"), "take", "concepts"));
    try (CohortTable expected =
            CohortTable.of(CommonDataModel.of(SPARK, "memory", TABLES), text, covariates);
        CohortTable read = CohortTable.of(fhir(export, beside, 0), text, covariates)) {
      assertThat(read.attrition()).isEqualTo(expected.attrition());
      assertThat(sorted(read)).hasSizeGreaterThan(20).isEqualTo(sorted(expected));
    }
  }

  private static List<String> sorted(CohortTable cohort) {
    return cohort.rows().collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void withoutPeriodsAPersonIsObservedFromTheFirstToTheLastDay() throws IOException {
    Set<String> prescribed =
        Files.readAllLines(export.resolve("MedicationRequest.ndjson")).stream()
            .map(line -> line.replaceAll(".*\"id\":\"(\\d+)\".*", "$1"))
            .collect(Collectors.toSet());
    assertThat(prescribed).hasSizeGreaterThan(100);
    Map<Long, String[]> expected = new TreeMap<>();
    EVENTS.forEach(
        (table, days) ->
            rows(table)
                .forEach(
                    row -> {
                      String start = row.getAs(days.get(0));
                      boolean request =
                          table.equals("drug_exposure")
                              && prescribed.contains((String) row.getAs("drug_exposure_id"));
                      String end = request ? start : row.getAs(days.get(1));
                      String last = end == null || end.compareTo(start) < 0 ? start : end;
                      expected.merge(
                          Long.parseLong(row.getAs("person_id")),
                          new String[] {start, last},
                          (a, b) ->
                              new String[] {
                                a[0].compareTo(b[0]) < 0 ? a[0] : b[0],
                                a[1].compareTo(b[1]) > 0 ? a[1] : b[1]
                              });
                    }));
    Map<Long, String[]> read = new TreeMap<>();
    CommonDataModel model =
        CommonDataModel.open(SPARK, new SiteConfig.Fhir(export.toString(), bare(), 0));
    for (Row row : model.table("observation_period").collectAsList()) {
      // The rendering adds refuted conditions, which are nothing.
      read.put(row.getLong(1), new String[] {row.get(2).toString(), row.get(3).toString()});
    }
    assertThat(read).usingRecursiveComparison().isEqualTo(expected);
  }

  /**
   * The way of OHDSI's own scripts: starts and padded ends in one order, ends where all are closed.
   */
  private static String eraSql(String events) {
    return "with ex as ("
        + events
        + "), ev as (select p, c, s d, -1 t, row_number() over (partition by p, c order by s) o from"
        + " ex union all select p, c, e + 30, 1, null from ex), r as (select p, c, d, max(o) over"
        + " (partition by p, c order by d, t rows unbounded preceding) so, row_number() over"
        + " (partition by p, c order by d, t) oo from ev), ends as (select p, c, d - 30 e from r where"
        + " 2 * so - oo = 0), x as (select ex.p, ex.c, ex.id, ex.s, min(ends.e) e from ex join ends on"
        + " ex.p = ends.p and ex.c = ends.c and ends.e >= ex.s group by all) select p, c, min(s), e,"
        + " count(*) from x group by p, c, e";
  }

  @Test
  void erasAreThoseOfOhdsisScripts() throws SQLException {
    CommonDataModel model = fhir(export, beside, 0);
    String records = SharedData.require("data/omop-gibleed") + "/";
    String read = " from read_csv('" + records + "%s.csv.gz', header = true)";
    eras(
        model.table("condition_era").drop("condition_era_id", "gap_days"),
        eraSql(
            "select person_id p, condition_concept_id c, condition_occurrence_id id,"
                + " condition_start_date::date s, coalesce(condition_end_date::date, s + 1) e"
                + read.formatted("condition_occurrence")
                + " where p % 10 = 3"));
    eras(
        model.table("drug_era").drop("drug_era_id", "gap_days"),
        eraSql(
            "select person_id p, ancestor_concept_id c, drug_exposure_id id,"
                + " drug_exposure_start_date::date s, drug_exposure_end_date::date e from (select *"
                + read.formatted("drug_exposure")
                + ") join (select *"
                + read.formatted("concept_ancestor")
                + ") on drug_concept_id = descendant_concept_id join (select concept_id k"
                + read.formatted("concept")
                + " where concept_class_id = 'Ingredient' and vocabulary_id = 'RxNorm') on"
                + " ancestor_concept_id = k where p % 10 = 3"));
  }

  private static void eras(Dataset<Row> eras, String sql) throws SQLException {
    List<String> expected = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        expected.add(
            "[%d,%d,%s,%s,%d]"
                .formatted(
                    rows.getLong(1),
                    rows.getLong(2),
                    rows.getObject(3),
                    rows.getObject(4),
                    rows.getLong(5)));
      }
    }
    List<String> found = eras.collectAsList().stream().map(Row::toString).sorted().toList();
    assertThat(found).hasSizeGreaterThan(1000);
    assertThat(found).isEqualTo(expected.stream().sorted().toList());
  }

  /** The vocabulary alone. */
  private static Optional<String> bare() {
    try {
      Path tables = Files.createDirectory(folder.resolve("vocabulary"));
      for (String name : List.of("concept.csv.gz", "concept_relationship.csv.gz")) {
        Files.createSymbolicLink(tables.resolve(name), beside.resolve(name).toRealPath());
      }
      return Optional.of(tables.toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  // ---- small exports ---------------------------------------------------------------------------

  private static Path vocabulary(Path own) throws IOException {
    Path tables = Files.createDirectory(own.resolve("tables"));
    Files.writeString(
        tables.resolve("concept.csv"),
        """
        concept_id,domain_id,vocabulary_id,concept_code,standard_concept,invalid_reason
        11,Condition,SNOMED,a,S,
        12,Condition,SNOMED,b,S,
        13,Condition,ICD10,A00,,
        21,Measurement,LOINC,8480-6,S,
        22,Measurement,LOINC,8462-4,S,
        23,Observation,SNOMED,s,S,
        31,Unit,UCUM,mm[Hg],S,
        """);
    Files.writeString(
        tables.resolve("concept_relationship.csv"),
        """
        concept_id_1,concept_id_2,relationship_id,invalid_reason
        13,11,Maps to,
        13,12,Maps to,
        13,23,Maps to,D
        """);
    return tables;
  }

  private static final String PATIENT =
      "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"gender\":\"unknown\",\"birthDate\":\"%s\"}";

  @Test
  void elementsBecomeColumns(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    Files.writeString(
        own.resolve("0001.Patient.ndjson"),
        PATIENT.formatted("7", "1980") + "\n\n" + PATIENT.formatted("a-b", "1981-02") + "\n");
    try (var out =
        new GZIPOutputStream(Files.newOutputStream(own.resolve("Condition.2.ndjson.gz")))) {
      out.write(
          """
          {"resourceType":"Condition","id":"5","subject":{"reference":"https://h/fhir/Patient/a-b"},"recordedDate":"2020-02-03T23:00:00-05:00","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"A00"}]}}
          {"resourceType":"Condition","id":"6","subject":{"reference":"Patient/7"},"onsetPeriod":{"start":"2020-01-01","end":"2020-01-09"},"code":{"text":"no code"}}
          {"resourceType":"Condition","id":"8","verificationStatus":{"coding":[{"code":"entered-in-error"}]}}
          """
              .getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(
        own.resolve("Observation.ndjson"),
        """
        {"resourceType":"Observation","id":"9","status":"final","subject":{"reference":"urn:uuid:a-b"},"effectiveDateTime":"2021-05-05","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120.5,"system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80}}]}
        {"resourceType":"Observation","id":"10","status":"final","subject":{"reference":"Patient/7"},"effectiveDateTime":"2021-05-06","code":{"coding":[{"system":"http://snomed.info/sct","code":"s"}]},"valueString":"words"}
        """);
    CommonDataModel model = fhir(own, tables, 0);
    List<Row> persons = model.table("person").orderBy("year_of_birth").collectAsList();
    long other = persons.get(1).getLong(0);
    assertThat(other).isNegative();
    assertThat(persons.toString())
        .isEqualTo("[[7,0,1980,null,null,0,0], [" + other + ",0,1981,2,null,0,0]]");
    assertThat(
            model
                .table("condition_occurrence")
                .orderBy("condition_occurrence_id", "condition_concept_id")
                .collectAsList()
                .toString())
        .isEqualTo(
            "[[5,%d,11,13,2020-02-03,null,32817,null], [5,%d,12,13,2020-02-03,null,32817,null], [6,7,0,0,2020-01-01,2020-01-09,32817,null]]"
                .formatted(other, other));
    assertThat(
            model.table("measurement").orderBy("measurement_concept_id").collectAsList().toString())
        .isEqualTo(
            "[[9,%d,21,21,2021-05-05,32817,null,120.5,0,31,null,null], [9,%d,22,22,2021-05-05,32817,null,80.0,0,0,null,null]]"
                .formatted(other, other));
    assertThat(model.table("observation").collectAsList().toString())
        .isEqualTo("[[10,7,23,23,2021-05-06,32817,null,null,words,0,0]]");
  }

  @Test
  void badLinesAreCountedAndNamed(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    String good =
        "{\"resourceType\":\"Condition\",\"id\":\"1\",\"subject\":{\"reference\":\"Patient/7\"},"
            + "\"onsetDateTime\":\"2020-01-01\"}";
    Files.writeString(own.resolve("Patient.ndjson"), PATIENT.formatted("7", "1980-13-01") + "\n");
    List<String> lines = new ArrayList<>(List.of(good, good.substring(0, 40), "", good));
    lines.add(good.replace("Condition", "Procedure"));
    lines.add(good.replace("2020-01-01", "2020"));
    lines.add(good.replace("subject", "object"));
    lines.add(good.replace("2020-01-01", "2021-02-29"));
    Files.write(own.resolve("Condition.ndjson"), lines);
    CommonDataModel strict = fhir(own, tables, 4);
    assertThatThrownBy(() -> strict.table("condition_occurrence"))
        .isInstanceOfSatisfying(
            TributaryException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.DATA_INVALID);
              assertThat(refused.problem())
                  .contains(
                      "5 lines are of no use: Condition.ndjson: line 2 (no JSON), line 5 (no"
                          + " Condition), line 6 (a date without a day), line 7 (no patient),"
                          + " line 8 (a date that does not exist).");
              assertThat(refused.remedy()).contains("badLines: 5");
            });
    CommonDataModel tolerant = fhir(own, tables, 5);
    assertThat(tolerant.table("condition_occurrence").count()).isEqualTo(2);
    assertThatThrownBy(() -> fhir(own, tables, 0).table("person"))
        .hasMessageContaining("1 line is of no use: Patient.ndjson: line 1");
    assertThatThrownBy(() -> fhir(tables, tables, 0)).hasMessageContaining("no patients");
  }

  private static String event(String type, String id, String subject, String elements) {
    return "{\"resourceType\":\"%s\",\"id\":\"%s\",\"subject\":{\"reference\":\"%s\"},%s}\n"
        .formatted(type, id, subject, elements);
  }

  private static String died(String id, String day) {
    return PATIENT.formatted(id, "1980").replace("}", ",\"deceasedDateTime\":\"" + day + "\"}\n");
  }

  @Test
  void aPersonIsObservedUntilTheLastKnownDayAndNotAfterDeath(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    Files.writeString(
        own.resolve("Patient.ndjson"), died("7", "2020-06-01") + PATIENT.formatted("8", "1980"));
    String valid =
        "\"authoredOn\":\"2020-02-01\",\"dispenseRequest\":{\"validityPeriod\":"
            + "{\"start\":\"2020-02-01\",\"end\":\"2030-02-01\"}}";
    Files.writeString(
        own.resolve("MedicationRequest.ndjson"),
        event("MedicationRequest", "1", "Patient/7", valid)
            + event("MedicationRequest", "2", "Patient/8", valid));
    Files.writeString(
        own.resolve("Condition.ndjson"),
        event(
                "Condition",
                "3",
                "Patient/7",
                "\"onsetPeriod\":{\"start\":\"2020-01-01\",\"end\":\"2021-01-01\"}")
            + event(
                "Condition",
                "4",
                "Patient/8",
                "\"onsetPeriod\":{\"start\":\"2020-01-01\",\"end\":\"2020-03-03\"}"));
    CommonDataModel model = fhir(own, tables, 0);
    assertThat(model.table("observation_period").orderBy("person_id").collectAsList().toString())
        .isEqualTo("[[7,7,2020-01-01,2020-06-01,32817], [8,8,2020-01-01,2020-03-03,32817]]");
    assertThat(model.table("drug_exposure").filter("drug_exposure_end_date = '2030-02-01'").count())
        .isEqualTo(2);
  }

  @Test
  void aLineIsInAllOfItsTablesOrInNone(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    Files.writeString(
        own.resolve("Patient.ndjson"),
        died("7", "2020-06-01")
            + died("8", "2020")
            + died("9", "2020-06-01").replace("birthDate", "born"));
    CommonDataModel model = fhir(own, tables, 2);
    for (String table : List.of("person", "death")) {
      assertThat(model.table(table).select("person_id").as(Encoders.LONG()).collectAsList())
          .containsExactly(7L);
    }
  }

  @Test
  void eventsOfOthersThanPatientsAreLeftOut(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    Files.writeString(own.resolve("Patient.ndjson"), PATIENT.formatted("7", "1980"));
    String visited = "\"effectiveDateTime\":\"2020-01-01\",\"context\":{\"reference\":\"%s/5\"}";
    String in = visited.formatted("https://h/fhir/Encounter");
    String administration = "MedicationAdministration";
    Files.writeString(
        own.resolve(administration + ".ndjson"),
        event(administration, "1", "Patient/7/_history/3", in)
            + event(administration, "2", "7", visited.formatted("EpisodeOfCare"))
            + event(administration, "3", "Location/7", in)
            + event(administration, "4", "https://h/fhir/Group/7", in)
            + event(administration, "5", "7\",\"type\":\"Device", in));
    assertThat(
            fhir(own, tables, 0)
                .table("drug_exposure")
                .select("drug_exposure_id", "person_id", "visit_occurrence_id")
                .orderBy("drug_exposure_id")
                .collectAsList()
                .toString())
        .isEqualTo("[[1,7,5], [2,7,null]]");
    Files.writeString(
        own.resolve(administration + ".ndjson"),
        event(administration, "1", "Patient?identifier=http://h/7", in));
    assertThatThrownBy(() -> fhir(own, tables, 0).table("drug_exposure"))
        .hasMessageContaining("line 1 (a reference without an id)");
  }

  @Test
  void aDamagedFileIsNamed(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    Files.writeString(own.resolve("Patient.ndjson"), PATIENT.formatted("7", "1980"));
    Path file = own.resolve("Condition.ndjson.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int id = 1; id <= 1000; id++) {
        String one = event("Condition", "" + id, "Patient/7", "\"onsetDateTime\":\"2020-01-01\"");
        out.write(one.getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] half = Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2);
    CommonDataModel whole = fhir(own, tables, 0);
    Dataset<Row> checked = whole.table("condition_occurrence");
    Files.write(file, half);
    damaged(() -> whole.reading(checked::count), file, "EOFException");
    CommonDataModel cut = fhir(own, tables, 0);
    damaged(() -> cut.table("condition_occurrence"), file, "EOFException");
    damaged(() -> cut.table("observation_period"), file, "EOFException");
    Files.writeString(file, "plain");
    damaged(() -> cut.table("condition_occurrence"), file, "ZipException");
  }

  private static void damaged(ThrowingCallable asked, Path file, String why) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            TributaryException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DATA_INVALID))
        .hasMessageContainingAll(file.toString(), "cannot be read to its end (" + why + ")");
  }

  @Test
  void noFileIsPassedOverForItsName(@TempDir Path own) throws IOException {
    Path tables = vocabulary(own);
    Files.writeString(own.resolve("Patient.ndjson"), PATIENT.formatted("7", "1980"));
    for (String other :
        List.of("ImmunizationRecommendation.ndjson", "AllergyIntolerance.2.ndjson", "log.json")) {
      Files.writeString(own.resolve(other), "{}");
    }
    assertThat(fhir(own, tables, 0).table("person").count()).isEqualTo(1);
    for (String name :
        List.of(
            "Condition_2.ndjson",
            "Condition.1.2.ndjson",
            "condition.3.ndjson",
            "Conditions.NDJSON",
            "Condition.ndjson.zip")) {
      Path file = Files.writeString(own.resolve(name), "{}");
      assertThatThrownBy(() -> fhir(own, tables, 0))
          .isInstanceOfSatisfying(
              TributaryException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DATA_INVALID))
          .hasMessageContaining(name);
      Files.delete(file);
    }
  }
}
