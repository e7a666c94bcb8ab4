package io.tributary.connectors.tables;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.Database;
import io.tributary.study.SiteConfig.Partition;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables of a database. The driver's jar is the site's to add ({@code spark-submit --jars}). The
 * password is read from its file when the database is opened; Spark redacts it in plans, and no
 * error repeats what the driver says, since some drivers print the whole URL.
 */
public final class DatabaseTables {
  /** States that begin so say that the connection is gone, or that the database ends it. */
  private static final String BROKEN_OFF = "(08|57P).*";

  private static final int MAX_CAUSES = 20;

  private final SparkSession spark;
  private final Database database;
  private final Properties credentials = new Properties();

  private DatabaseTables(SparkSession spark, Database database) {
    this.spark = spark;
    this.database = database;
    database.user().ifPresent(user -> credentials.setProperty("user", user));
    database.passwordFile().ifPresent(file -> credentials.setProperty("password", firstLine(file)));
  }

  /**
   * Nothing is asked of the database yet. DATA_MISSING if no driver knows the URL.
   *
   * @param place for errors
   */
  public static DatabaseTables of(SparkSession spark, Database database, String place) {
    try {
      DriverManager.getDriver(database.url());
    } catch (SQLException unknown) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          place,
          "no JDBC driver knows this URL.",
          "Add the driver's jar: tributary site run ... -- --jars driver.jar.");
    }
    return new DatabaseTables(spark, database);
  }

  /**
   * A table, lazily; what is asked of its columns goes into the queries.
   *
   * @param table name, or a query in parentheses with an alias
   * @param partition how the read is cut, empty for one connection
   */
  public Dataset<Row> read(String table, Optional<Partition> partition) {
    DataFrameReader reader =
        spark
            .read()
            .format("jdbc")
            .option("url", database.url())
            .option("dbtable", table)
            .option("fetchsize", database.fetchRows());
    credentials.forEach((key, value) -> reader.option((String) key, (String) value));
    if (partition.isPresent()) {
      Partition cut = partition.get();
      reader
          .option("partitionColumn", cut.column())
          .option("lowerBound", cut.low())
          .option("upperBound", cut.high())
          .option("numPartitions", cut.count());
    }
    try {
      return reader.load();
    } catch (Exception refused) {
      throw refused(table, refused);
    }
  }

  /**
   * Names of the tables and views of a schema, by the same in lower case.
   *
   * @param schema as the database spells it, {@code schema} or {@code database.schema}; empty for
   *     the one that the user sees without naming any, or all where the driver does not say it
   */
  public Map<String, String> names(Optional<String> schema) {
    try (Connection connection = connect()) {
      String name = schema.orElse(connection.getSchema());
      int dot = schema.map(each -> each.indexOf('.')).orElse(-1);
      return dot < 0
          ? names(connection.getMetaData(), connection.getCatalog(), name)
          : names(connection.getMetaData(), name.substring(0, dot), name.substring(dot + 1));
    } catch (SQLException refused) {
      throw refused(schema.orElse(""), refused);
    }
  }

  /** A driver takes a schema's name for a pattern, in which an underscore is any character. */
  private static Map<String, String> names(DatabaseMetaData database, String catalog, String schema)
      throws SQLException {
    String escape = Objects.requireNonNullElse(database.getSearchStringEscape(), "");
    String pattern =
        schema == null ? null : schema.replace(escape, escape + escape).replace("_", escape + "_");
    Map<String, String> names = new TreeMap<>();
    try (ResultSet found = database.getTables(catalog, pattern, "%", null)) {
      while (found.next()) {
        String of = found.getString("TABLE_SCHEM");
        if (schema == null || of == null || of.equals(schema)) {
          String name = found.getString("TABLE_NAME");
          names.put(name.toLowerCase(Locale.ROOT), name);
        }
      }
    }
    return names;
  }

  /** Least and greatest value of a column of whole numbers; empty if there is none. */
  public Optional<long[]> range(String table, String column) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select min(" + column + "), max(" + column + ") from " + table)) {
      found.next();
      long[] range = {found.getLong(1), found.getLong(2)};
      return found.wasNull() ? Optional.empty() : Optional.of(range);
    } catch (SQLException refused) {
      throw refused(table, refused);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getDriver(database.url()).connect(database.url(), credentials);
  }

  private static TributaryException refused(String table, Exception refused) {
    String state = sqlState(refused).orElse("");
    return Errors.data(
        ErrorCode.DATA_MISSING,
        table.isEmpty() ? "the database" : table,
        "the database does not give this table"
            + (state.isEmpty() ? "." : " (SQL state " + state + ")."),
        "Look at url, table, schema, user, passwordFile and partition in the site's catalogue, and"
            + " whether the database runs.");
  }

  /**
   * What to say of a job that failed because the database did: DATA_MISSING with the SQL state.
   *
   * @return empty if it was something else
   */
  public static Optional<TributaryException> failure(String place, Throwable failed) {
    return sqlState(failed)
        .map(
            state ->
                Errors.data(
                    ErrorCode.DATA_MISSING,
                    place,
                    state.matches(BROKEN_OFF)
                        ? "the database broke off in the middle of a query (SQL state "
                            + state
                            + ")."
                        : "the database refused a query (SQL state " + state + ").",
                    "Look whether the database runs, and at its own log; the study can then be run"
                        + " again."));
  }

  /**
   * Five characters that name the failure and hold no text of the driver; empty if no database
   * failed, or one that does not say how.
   */
  private static Optional<String> sqlState(Throwable refused) {
    Throwable cause = refused;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return Optional.of(sql.getSQLState());
      }
      cause = cause.getCause();
    }
    return Optional.empty();
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
