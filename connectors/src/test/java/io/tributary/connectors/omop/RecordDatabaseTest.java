package io.tributary.connectors.omop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.cohort.CohortDefinition;
import io.tributary.cohort.DefinitionReader;
import io.tributary.connectors.PostgresServer;
import io.tributary.connectors.SharedData;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.OmopDatabase;
import io.tributary.study.TributaryException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** The GiBleed records in a real PostgreSQL, against the same records as files. */
class RecordDatabaseTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final Path RECORDS = SharedData.require("data/omop-gibleed");
  private static final int CONNECTIONS = 3;

  private static final String CELECOXIB =
      """
      concepts:
        celecoxib: {ids: [1118084], descendants: false}
        bleed: {ids: [192671], descendants: false}
      entry: {drug era: celecoxib, first: true, observed: [-365d, 0d]}
      require:
        - {age: [18, all]}
      exclude:
        - {condition: bleed, window: [all, -1d], outside observation: true}
      """;

  @TempDir static Path folder;
  private static PostgresServer server;

  @BeforeAll
  static void load() throws Exception {
    server = PostgresServer.start();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create schema cdm");
      statement.execute("create schema vocabulary");
      for (String table :
          List.of("person", "observation_period", "condition_occurrence", "drug_era")) {
        load(connection, "cdm", table);
      }
      load(connection, "vocabulary", "concept");
      load(connection, "vocabulary", "concept_ancestor");
      statement.execute("create schema c_m");
      statement.execute("create view c_m.person as select * from cdm.person limit 10");
      statement.execute("create schema slow");
      for (String table : List.of("person", "observation_period", "condition_occurrence")) {
        statement.execute("create view slow." + table + " as select * from cdm." + table);
      }
      statement.execute(
          "create view slow.drug_era as select * from cdm.drug_era where pg_sleep(0.02)::text = ''");
    }
  }

  /** Columns as the model's own DDL for PostgreSQL types them. */
  private static void load(Connection connection, String schema, String table) throws Exception {
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(RECORDS.resolve(table + ".csv.gz"))),
                    StandardCharsets.UTF_8));
        Statement statement = connection.createStatement()) {
      StringBuilder columns = new StringBuilder();
      String header =
          lines.readLine().toLowerCase(Locale.ROOT).replaceAll("\"date\\((\\w+),'\\w+'\\)\"", "$1");
      for (String name : header.split(",")) {
        String type =
            name.endsWith("concept_id") || name.matches("(year|month|day)_of_birth")
                ? "integer"
                : name.matches("(domain|vocabulary|concept_class)_id")
                    ? "text"
                    : name.endsWith("_id") ? "bigint" : name.contains("_date") ? "date" : "text";
        columns.append(columns.isEmpty() ? "" : ", ").append(name).append(' ').append(type);
      }
      statement.execute("create table " + schema + "." + table + " (" + columns + ")");
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("copy " + schema + "." + table + " from stdin (format csv)", lines);
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static OmopDatabase source(String schema, String password) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), password + "\n");
    return new OmopDatabase(
        new SiteConfig.Database(
            server.url(), Optional.of(PostgresServer.USER), Optional.of(file), 1000),
        Optional.of(schema),
        Optional.of("vocabulary"),
        CONNECTIONS);
  }

  private static CommonDataModel database() throws Exception {
    return CommonDataModel.open(SPARK, source("cdm", PostgresServer.PASSWORD));
  }

  private static byte[] bytes(String definition) {
    return definition.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CELECOXIB,
        // With descendants from the vocabulary's schema.
        "entry: {condition: [4027384], keep: first}\nexit: {after: 30d, from: end}",
      })
  void cohortsAreThoseOfTheFiles(String definition) throws Exception {
    try (CohortTable files =
            CohortTable.of(CommonDataModel.open(SPARK, RECORDS), bytes(definition));
        CohortTable tables = CohortTable.of(database(), bytes(definition))) {
      assertThat(tables.attrition()).isEqualTo(files.attrition());
      assertThat(sorted(tables)).isNotEmpty().isEqualTo(sorted(files));
    }
  }

  private static List<String> sorted(CohortTable cohort) {
    return cohort.rows().collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void theDatabaseFiltersByConceptAndIsReadByPerson() throws Exception {
    CommonDataModel model = database();
    CohortDefinition definition = DefinitionReader.read(bytes(CELECOXIB), Map.of(), "definition");
    Dataset<Row> rows =
        new PersonEvents(model, definition, ConceptSets.resolve(model, definition)).rows();
    String plan = rows.queryExecution().executedPlan().toString();
    assertThat(plan)
        .contains("PushedFilters: [*IsNotNull(drug_concept_id), *EqualTo(drug_concept_id,1118084)]")
        .contains(
            "PushedFilters: [*IsNotNull(condition_concept_id), *EqualTo(condition_concept_id,192671)]")
        .contains("numPartitions=" + CONNECTIONS)
        .doesNotContain("gap_days")
        .doesNotContain(PostgresServer.PASSWORD);
    for (String table : List.of("person", "observation_period", "condition_occurrence")) {
      assertThat(model.table(table).rdd().getNumPartitions()).isEqualTo(CONNECTIONS);
    }
    assertThat(model.table("concept").rdd().getNumPartitions()).isEqualTo(1);
  }

  @Test
  void aDatabaseThatBreaksOffIsNamed() throws Exception {
    CommonDataModel slow = CommonDataModel.open(SPARK, source("slow", PostgresServer.PASSWORD));
    CompletableFuture<Integer> ended =
        CompletableFuture.supplyAsync(RecordDatabaseTest::endSlowQueries);
    refused(
        () -> CohortTable.of(slow, bytes(CELECOXIB)).close(),
        "the database broke off in the middle of a query (SQL state 57P01)");
    assertThat(ended.get(1, TimeUnit.MINUTES)).isPositive();
  }

  /** Waits for one to run; returns how many it ended. */
  private static int endSlowQueries() {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (true) {
        try (ResultSet running =
            statement.executeQuery(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where state ="
                    + " 'active' and query like '%FROM slow.drug_era%' and pid <>"
                    + " pg_backend_pid() and query not like '%1=0%'")) {
          running.next();
          if (running.getInt(1) > 0) {
            return running.getInt(1);
          }
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  @Test
  void aWrongPasswordAndAMissingSchemaAreNamed() throws Exception {
    OmopDatabase wrong = source("cdm", "not-the-password");
    refused(() -> CommonDataModel.open(SPARK, wrong), "SQL state 28P01");
    OmopDatabase nowhere = source("nowhere", PostgresServer.PASSWORD);
    refused(() -> CommonDataModel.open(SPARK, nowhere), "there is no table 'person'");
  }

  @Test
  void aSchemaIsNoPatternAndMayStandBehindItsDatabase() throws Exception {
    CommonDataModel other = CommonDataModel.open(SPARK, source("c_m", PostgresServer.PASSWORD));
    assertThat(other.table("person").count()).isEqualTo(10);
    assertThat(other.has("drug_era")).isFalse();
    CommonDataModel named =
        CommonDataModel.open(SPARK, source("postgres.cdm", PostgresServer.PASSWORD));
    assertThat(named.has("drug_era")).isTrue();
    assertThat(named.table("person").count()).isEqualTo(database().table("person").count());
    OmopDatabase elsewhere = source("elsewhere.cdm", PostgresServer.PASSWORD);
    refused(() -> CommonDataModel.open(SPARK, elsewhere), "table");
  }

  private static void refused(Runnable asked, String problem) {
    TributaryException refused = catchThrowableOfType(TributaryException.class, asked::run);
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.DATA_MISSING);
    assertThat(refused.problem()).contains(problem);
    StringWriter trace = new StringWriter();
    refused.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain(PostgresServer.PASSWORD)
        .doesNotContain("not-the-password");
  }
}
