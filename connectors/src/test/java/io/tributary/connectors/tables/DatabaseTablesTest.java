package io.tributary.connectors.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.connectors.PostgresServer;
import io.tributary.connectors.SharedSpark;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Database;
import io.tributary.study.SiteConfig.Jdbc;
import io.tributary.study.SiteConfig.Partition;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTablesTest {
  private static final SparkSession SPARK = SharedSpark.session();
  private static final Optional<Partition> FOUR_PARTS =
      Optional.of(new Partition("id", 1, 1000, 4));

  private static PostgresServer server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table visits as select id, id % 2 = 0 as smoker,"
              + " case when id % 3 = 0 then null else (id % 50)::numeric(6, 2) end as \"wt.loss\","
              + " case when id % 2 = 0 then 'female' else 'male' end as sex,"
              + " date '2020-01-01' + id::int as visit, id::text as secret"
              + " from generate_series(1, 1000) as id");
      statement.execute("create table broken as select 'NaN'::float8 as \"wt.loss\"");
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private SiteConfig.Dataset source(String table, String password, Optional<Partition> partition)
      throws Exception {
    Path file = Files.writeString(folder.resolve("password"), password + "\n");
    return SiteTableTest.dataset(
        new Jdbc(
            new Database(server.url(), Optional.of(PostgresServer.USER), Optional.of(file), 100),
            table,
            partition),
        List.of());
  }

  private static Study study() {
    return SiteTableTest.study(
        "where: \"visit >= '2020-01-02'\"",
        "{sex: {levels: [male, female]}, smoker: {type: boolean}, visit: {type: date}}",
        "[wt.loss, sex, smoker]");
  }

  @Test
  void aTableIsReadInPartsAndInUsedColumnsOnly() throws Exception {
    try (SiteTable table =
        SiteTable.open(SPARK, source("visits", PostgresServer.PASSWORD, FOUR_PARTS), study())) {
      assertThat(table.rowCount()).isEqualTo(1000);
      SiteTable.CompleteCases complete = table.use(List.of("wt.loss", "sex", "smoker"));
      assertThat(complete.dropped()).isEqualTo(333);
      Dataset<Row> rows = complete.rows();
      assertThat(rows.rdd().getNumPartitions()).isEqualTo(4);
      assertThat(rows.filter("smoker = 1").select("sex").distinct().collectAsList())
          .containsExactly(RowFactory.create("female"));
      assertThat(rows.queryExecution().executedPlan().toString())
          .contains("wt.loss")
          .doesNotContain("secret")
          .doesNotContain(PostgresServer.PASSWORD);
    }
  }

  @Test
  void aQueryWithAnAliasIsATableToo() throws Exception {
    SiteConfig.Dataset query =
        source(
            "(select * from visits where id <= 10) as few",
            PostgresServer.PASSWORD,
            Optional.empty());
    try (SiteTable table = SiteTable.open(SPARK, query, study())) {
      assertThat(table.rowCount()).isEqualTo(10);
    }
  }

  @Test
  void aWrongPasswordAnUnknownTableAndABadValueSayNoSecret() throws Exception {
    refused(source("visits", "wrong", Optional.empty()), ErrorCode.DATA_MISSING, "28P01");
    refused(
        source("nowhere", PostgresServer.PASSWORD, Optional.empty()),
        ErrorCode.DATA_MISSING,
        "42P01");
    refused(
        source(
            "(select b.*, 'male' as sex, true as smoker, date '2021-01-01' as visit"
                + " from broken b) as t",
            PostgresServer.PASSWORD,
            Optional.empty()),
        ErrorCode.NOT_A_NUMBER,
        "in 1 row the value is NaN or infinite.");
    refused(
        SiteTableTest.dataset(
            new Jdbc(
                new Database("jdbc:nosuch://h/d", Optional.empty(), Optional.empty(), 1),
                "t",
                Optional.empty()),
            List.of()),
        ErrorCode.DATA_MISSING,
        "no JDBC driver knows this URL");
  }

  private static void refused(SiteConfig.Dataset source, ErrorCode code, String problem) {
    TributaryException refused =
        catchThrowableOfType(
            TributaryException.class, () -> SiteTable.open(SPARK, source, study()).close());
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.problem()).contains(problem);
    StringWriter trace = new StringWriter();
    refused.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(PostgresServer.PASSWORD).doesNotContain("wrong");
  }
}
