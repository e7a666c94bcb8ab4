package io.tributary.connectors.tables;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.Jdbc;
import io.tributary.study.SiteConfig.Partition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table of a database. The driver's jar is the site's to add ({@code spark-submit --jars}). The
 * password is read from its file when the table is opened; Spark redacts it in plans, and no error
 * repeats what the driver says, since some drivers print the whole URL.
 */
final class JdbcSource {
  private JdbcSource() {}

  static SourceTable open(SparkSession spark, Jdbc jdbc) {
    try {
      DriverManager.getDriver(jdbc.url());
    } catch (SQLException unknown) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          jdbc.table(),
          "no JDBC driver knows this URL.",
          "Add the driver's jar: tributary site run ... -- --jars driver.jar.");
    }
    DataFrameReader reader =
        spark
            .read()
            .format("jdbc")
            .option("url", jdbc.url())
            .option("dbtable", jdbc.table())
            .option("fetchsize", jdbc.fetchRows());
    jdbc.user().ifPresent(user -> reader.option("user", user));
    jdbc.passwordFile().ifPresent(file -> reader.option("password", firstLine(file)));
    if (jdbc.partition().isPresent()) {
      Partition cut = jdbc.partition().get();
      reader
          .option("partitionColumn", cut.column())
          .option("lowerBound", cut.low())
          .option("upperBound", cut.high())
          .option("numPartitions", cut.count());
    }
    Dataset<Row> rows = load(reader, jdbc.table());
    return new SourceTable(rows, List.of(rows.columns()), '.', jdbc.table());
  }

  private static Dataset<Row> load(DataFrameReader reader, String table) {
    try {
      return reader.load();
    } catch (Exception refused) {
      String state = sqlState(refused);
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          table,
          "the database does not give this table"
              + (state.isEmpty() ? "." : " (SQL state " + state + ")."),
          "Look at url, table, user, passwordFile and partition in the site's catalogue, and"
              + " whether the database runs.");
    }
  }

  /** Five characters that name the failure and hold no text of the driver; empty if unknown. */
  private static String sqlState(Throwable refused) {
    Throwable cause = refused;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
      cause = cause.getCause();
    }
    return "";
  }

  private static String firstLine(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.findFirst().orElse("");
    } catch (IOException | java.io.UncheckedIOException unreadable) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          file.toString(),
          "the password file cannot be read.",
          "Look at the path and its permissions.");
    }
  }
}
