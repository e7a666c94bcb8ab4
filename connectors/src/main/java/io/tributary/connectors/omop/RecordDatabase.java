package io.tributary.connectors.omop;

import io.tributary.connectors.tables.DatabaseTables;
import io.tributary.study.SiteConfig.OmopDatabase;
import io.tributary.study.SiteConfig.Partition;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables of the common data model in a database. Conditions on concepts go into the queries; tables
 * with persons are read over several connections at once, cut by person.
 */
final class RecordDatabase {
  private static final String PERSON = "person";
  private static final String PERSON_ID = "person_id";

  private final DatabaseTables database;
  private final OmopDatabase source;
  private Optional<long[]> persons = Optional.empty();

  private RecordDatabase(DatabaseTables database, OmopDatabase source) {
    this.database = database;
    this.source = source;
  }

  /** Asks which tables there are, and between which numbers persons lie. */
  static Map<String, Supplier<Dataset<Row>>> tables(SparkSession spark, OmopDatabase source) {
    return new RecordDatabase(DatabaseTables.of(spark, source.database(), place(source)), source)
        .tables();
  }

  /** For errors; a URL may hold more than others should read. */
  static String place(OmopDatabase source) {
    return source.schema().map(schema -> "database schema '" + schema + "'").orElse("database");
  }

  private Map<String, Supplier<Dataset<Row>>> tables() {
    Map<String, Supplier<Dataset<Row>>> tables = new HashMap<>();
    source.vocabulary().ifPresent(schema -> add(tables, Optional.of(schema)));
    add(tables, source.schema());
    return tables;
  }

  /** A table that both schemas have is the one among the records. */
  private void add(Map<String, Supplier<Dataset<Row>>> tables, Optional<String> schema) {
    for (Map.Entry<String, String> each : database.names(schema).entrySet()) {
      String name = schema.map(of -> of + ".").orElse("") + each.getValue();
      tables.put(each.getKey(), () -> read(name));
      if (each.getKey().equals(PERSON)) {
        persons = database.range(name, PERSON_ID);
      }
    }
  }

  private Dataset<Row> read(String table) {
    Dataset<Row> whole = database.read(table, Optional.empty());
    for (String column : whole.columns()) {
      if (column.toLowerCase(Locale.ROOT).equals(PERSON_ID) && persons.isPresent()) {
        long low = persons.get()[0];
        long high = persons.get()[1];
        return low < high
            ? database.read(
                table, Optional.of(new Partition(column, low, high, source.connections())))
            : whole;
      }
    }
    return whole;
  }
}
