package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.try_to_date;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.tributary.connectors.fhir.FhirExport;
import io.tributary.connectors.tables.DatabaseTables;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The tables of one site. Names of tables and columns are in lower case here, whatever the files
 * say; a column that an export from SQLite calls {@code date(x,'unixepoch')} is x.
 */
public final class CommonDataModel {
  private static final Pattern SQLITE_DATE = Pattern.compile("date\\((\\w+),.*");

  /** Holds a row of a CSV table that could not be split; null in all others. Never shown. */
  static final String MALFORMED = "__tributary_malformed";

  private static final long UNKNOWN_BYTES = -1;

  /** Tables that are made from an export's events unless they are given. */
  private static final Set<String> DERIVED =
      Set.of("observation_period", "condition_era", "drug_era");

  private final String place;
  private final Map<String, Supplier<Dataset<Row>>> sources;
  private final Map<String, Dataset<Row>> tables = new HashMap<>();
  private final SparkSession spark;
  private final long bytes;

  private CommonDataModel(
      SparkSession spark, String place, Map<String, Supplier<Dataset<Row>>> sources, long bytes) {
    this.spark = spark;
    this.place = place;
    this.sources = sources;
    this.bytes = bytes;
  }

  /** Whether a source holds health records. */
  static boolean isIn(SiteConfig.Source source) {
    return source instanceof SiteConfig.Omop
        || source instanceof SiteConfig.OmopDatabase
        || source instanceof SiteConfig.Fhir;
  }

  /** The tables of a site's source; nothing is read yet. DATA_MISSING if there is no person. */
  static CommonDataModel open(SparkSession spark, SiteConfig.Source source) {
    if (source instanceof SiteConfig.Omop files) {
      return open(spark, Path.of(files.path()));
    }
    if (source instanceof SiteConfig.OmopDatabase database) {
      return over(spark, RecordDatabase.place(database), RecordDatabase.tables(spark, database));
    }
    if (source instanceof SiteConfig.Fhir export) {
      return open(spark, export);
    }
    throw new IllegalArgumentException(source.getClass().getSimpleName());
  }

  /** Tables that FHIR does not have, such as those of the vocabulary, come from a second folder. */
  private static CommonDataModel open(SparkSession spark, SiteConfig.Fhir export) {
    Path folder = Path.of(export.path());
    Map<String, Supplier<Dataset<Row>>> sources = new HashMap<>();
    CommonDataModel model =
        new CommonDataModel(spark, folder.toString(), sources, FhirExport.bytes(folder));
    sources.putAll(FhirExport.tables(spark, folder, export.badLines(), new CodeLookup(model)::of));
    Eras eras = new Eras(model);
    sources.put("condition_era", eras::ofConditions);
    sources.put("drug_era", eras::ofDrugs);
    export
        .tables()
        .ifPresent(
            beside ->
                RecordFiles.tables(spark, Path.of(beside))
                    .forEach(
                        (name, table) -> {
                          if (!sources.containsKey(name) || DERIVED.contains(name)) {
                            sources.put(name, table);
                          }
                        }));
    return model;
  }

  /**
   * A local folder with a file or folder for each table: {@code person.csv}, {@code PERSON.csv.gz},
   * {@code person.parquet}. Nothing is read yet. DATA_MISSING if it is no folder or has no person.
   */
  public static CommonDataModel open(SparkSession spark, Path folder) {
    return over(spark, folder.toString(), RecordFiles.tables(spark, folder));
  }

  private static CommonDataModel over(
      SparkSession spark, String place, Map<String, Supplier<Dataset<Row>>> sources) {
    CommonDataModel model = new CommonDataModel(spark, place, sources, UNKNOWN_BYTES);
    model.require("person");
    return model;
  }

  /** Tables that are there already, by name; their columns' names are in lower case. */
  static CommonDataModel of(SparkSession spark, String place, Map<String, Dataset<Row>> tables) {
    CommonDataModel model = new CommonDataModel(spark, place, Map.of(), UNKNOWN_BYTES);
    model.tables.putAll(tables);
    return model;
  }

  /** How much there is to read, where Spark cannot know; empty where it does. */
  OptionalLong bytes() {
    return bytes == UNKNOWN_BYTES ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  SparkSession spark() {
    return spark;
  }

  synchronized boolean has(String table) {
    return sources.containsKey(table) || tables.containsKey(table);
  }

  /** For errors: the folder and a table. */
  String placeOf(String table) {
    return place + ", table '" + table + "'";
  }

  private void require(String table) {
    if (!has(table)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          place,
          "there is no table '"
              + table
              + "' (in a folder: "
              + table
              + ".csv or "
              + table
              + ".parquet).",
          "Export it from the OMOP database; the definition of the cohort needs it.");
    }
  }

  /** All columns, lazily; those of CSV are text. DATA_MISSING if the table is not there. */
  synchronized Dataset<Row> table(String name) {
    require(name);
    Dataset<Row> known = tables.get(name);
    if (known == null) {
      // Codes of an export are looked up in other tables of the model on the way.
      known = named(name);
      tables.put(name, known);
    }
    return known;
  }

  private Dataset<Row> named(String table) {
    Dataset<Row> rows = reading(sources.get(table));
    List<String> names = new ArrayList<>();
    for (String column : rows.columns()) {
      String lower = column.trim().toLowerCase(Locale.ROOT);
      Matcher sqlite = SQLITE_DATE.matcher(lower);
      names.add(sqlite.matches() ? sqlite.group(1) : lower);
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw RecordFiles.twice(placeOf(table));
    }
    return rows.toDF(names.toArray(String[]::new));
  }

  /**
   * Runs a job over tables: a file that ends too soon is told by its name, a database that breaks
   * off by its SQL state, both without Spark's text. A refusal that a task threw comes out of
   * Spark's own exception.
   */
  <T> T reading(Supplier<T> job) {
    try {
      return job.get();
    } catch (Exception failed) {
      DatabaseTables.failure(place, failed)
          .ifPresent(
              broken -> {
                throw broken;
              });
      for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
        if (cause instanceof TributaryException refusal) {
          throw refusal;
        }
        if (cause instanceof SparkThrowable spark
            && String.valueOf(spark.getCondition()).startsWith("FAILED_READ_FILE")) {
          String file = spark.getMessageParameters().getOrDefault("path", place);
          Throwable why = cause;
          while (why.getCause() != null) {
            why = why.getCause();
          }
          throw RecordFiles.unreadable(file, why.getClass().getSimpleName());
        }
      }
      throw failed;
    }
  }

  // ---- columns ---------------------------------------------------------------------------------

  /** A column that the model prescribes; UNKNOWN_COLUMN if the table lacks it. */
  private Column named(String table, String name) {
    Dataset<Row> rows = table(table);
    if (!List.of(rows.columns()).contains(name)) {
      throw Errors.data(
          ErrorCode.UNKNOWN_COLUMN,
          placeOf(table),
          "there is no column '" + name + "'.",
          "Export the table as OMOP 5.3 or 5.4 has it.");
    }
    return col("`" + name + "`");
  }

  private DataType typeOf(String table, String name) {
    return table(table).schema().apply(name).dataType();
  }

  private boolean isText(String table, String name) {
    return typeOf(table, name) instanceof StringType;
  }

  /**
   * Whether the column's type says that every value is a whole number of 64 bits; then there is
   * nothing to check, and a condition on it can be left to whoever holds the table.
   */
  boolean isWhole(String table, String name) {
    DataType type = typeOf(table, name);
    return type instanceof ByteType
        || type instanceof ShortType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  boolean hasColumn(String table, String name) {
    return List.of(table(table).columns()).contains(name);
  }

  /** Whether a row could not be split into columns; empty if the table's format knows no such. */
  Optional<Column> malformed(String table) {
    return hasColumn(table, MALFORMED) ? Optional.of(col(MALFORMED).isNotNull()) : Optional.empty();
  }

  /** Whether nothing stands there. */
  Column isEmpty(String table, String name) {
    Column column = named(table, name);
    DataType type = typeOf(table, name);
    if (type instanceof StringType) {
      return column.isNull().or(trim(column).equalTo(""));
    }
    // Tables that passed through pandas mark a missing number so.
    boolean real = type instanceof DoubleType || type instanceof FloatType;
    return real ? column.isNull().or(isnan(column)) : column.isNull();
  }

  /** A 64-bit number; what is none is null, and so is a fraction. */
  Column whole(String table, String name) {
    Column column = named(table, name);
    if (isText(table, name)) {
      // Tables that passed through R or pandas write 8507.0. Java's parser would take 1d and 1f.
      Column real = when(column.rlike("^[-+0-9.eE ]+$"), trim(column)).try_cast("double");
      return coalesce(trim(column).try_cast("bigint"), whole(real));
    }
    requireNumeric(table, name);
    DataType type = typeOf(table, name);
    if (type instanceof DecimalType) {
      Column whole = column.try_cast("bigint");
      return when(whole.equalTo(column), whole);
    }
    boolean real = type instanceof DoubleType || type instanceof FloatType;
    return real ? whole(column.cast("double")) : column.cast("bigint");
  }

  /** Beyond 2^53 a double does not say which whole number was meant. */
  private static Column whole(Column real) {
    return when(rint(real).equalTo(real).and(abs(real).leq(1L << 53)), real).try_cast("bigint");
  }

  /** A finite double; what is none is null. */
  Column number(String table, String name) {
    Column column = named(table, name);
    Column number;
    if (isText(table, name)) {
      number = when(column.rlike("^[-+0-9.eE ]+$"), trim(column)).try_cast("double");
    } else {
      requireNumeric(table, name);
      number = column.cast("double");
    }
    return when(abs(number).lt(Double.POSITIVE_INFINITY), number);
  }

  private void requireNumeric(String table, String name) {
    if (!(typeOf(table, name) instanceof NumericType)) {
      throw wrongType(table, name, "numbers");
    }
  }

  private TributaryException wrongType(String table, String name, String expected) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        placeOf(table) + ", column '" + name + "'",
        "it has the type " + typeOf(table, name).simpleString() + ".",
        "Write " + expected + " there, or text.");
  }

  Column text(String table, String name) {
    Column text = named(table, name).cast("string");
    return when(text.notEqual(""), text);
  }

  /** Days since 1970-01-01; texts as 2020-12-31, with or without a time, or 20201231. */
  Column day(String table, String name) {
    Column column = named(table, name);
    DataType type = typeOf(table, name);
    if (type instanceof StringType) {
      Column text = trim(column);
      // A cast would take 20201231 for a year.
      return unix_date(
          when(text.rlike("^[0-9]{8}$"), try_to_date(text, "yyyyMMdd"))
              .when(
                  text.rlike("^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?$"),
                  substring(text, 1, 10).try_cast("date")));
    }
    if (type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType) {
      return unix_date(column.cast("date"));
    }
    throw wrongType(table, name, "dates");
  }

  /** The same where the table has the column and it holds texts, dates or times. */
  Optional<Column> dayIfAny(String table, String name) {
    if (!hasColumn(table, name)) {
      return Optional.empty();
    }
    DataType type = typeOf(table, name);
    boolean dates =
        type instanceof StringType
            || type instanceof DateType
            || type instanceof TimestampType
            || type instanceof TimestampNTZType;
    return dates ? Optional.of(day(table, name)) : Optional.empty();
  }

  static Column missing() {
    return lit(null).cast("bigint");
  }
}
