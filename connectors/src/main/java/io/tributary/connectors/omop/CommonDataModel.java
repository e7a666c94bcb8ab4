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

import io.tributary.connectors.tables.FileLimits;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The tables of one site. Names of tables and columns are in lower case here, whatever the files
 * say; a column that an export from SQLite calls {@code date(x,'unixepoch')} is x.
 */
public final class CommonDataModel {
  private static final Pattern SQLITE_DATE = Pattern.compile("date\\((\\w+),.*");

  /** Holds a row of a CSV table that could not be split; null in all others. Never shown. */
  private static final String MALFORMED = "__tributary_malformed";

  private static final List<String> ENDINGS = List.of(".parquet", ".csv", ".csv.gz");

  private final String place;
  private final Map<String, Path> files;
  private final Map<String, Dataset<Row>> tables = new HashMap<>();
  private final SparkSession spark;

  private CommonDataModel(SparkSession spark, String place, Map<String, Path> files) {
    this.spark = spark;
    this.place = place;
    this.files = files;
  }

  /**
   * A local folder with a file or folder for each table: {@code person.csv}, {@code PERSON.csv.gz},
   * {@code person.parquet}. Nothing is read yet. DATA_MISSING if it is no folder or has no person.
   */
  public static CommonDataModel open(SparkSession spark, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          folder.toString(),
          "there is no such folder.",
          "Correct the path in the site's catalogue; it starts from the folder of site.yaml.");
    }
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.sorted().toList()) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (String ending : ENDINGS) {
          if (name.endsWith(ending)) {
            String table = name.substring(0, name.length() - ending.length());
            if (files.put(table, file) != null) {
              throw Errors.data(
                  ErrorCode.DATA_INVALID,
                  folder.toString(),
                  "the table '" + table + "' is there twice.",
                  "Keep one of the two files.");
            }
          }
        }
      }
    } catch (IOException unreadable) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          folder.toString(),
          "the folder cannot be read.",
          "Look at its permissions.");
    }
    CommonDataModel model = new CommonDataModel(spark, folder.toString(), files);
    model.require("person");
    return model;
  }

  /** Tables that are there already, by name; their columns' names are in lower case. */
  static CommonDataModel of(SparkSession spark, String place, Map<String, Dataset<Row>> tables) {
    CommonDataModel model = new CommonDataModel(spark, place, Map.of());
    model.tables.putAll(tables);
    return model;
  }

  SparkSession spark() {
    return spark;
  }

  synchronized boolean has(String table) {
    return files.containsKey(table) || tables.containsKey(table);
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
          "there is no table '" + table + "' (" + table + ".csv or " + table + ".parquet).",
          "Export it from the OMOP database; the definition of the cohort needs it.");
    }
  }

  /** All columns, lazily; those of CSV are text. DATA_MISSING if the table is not there. */
  synchronized Dataset<Row> table(String name) {
    require(name);
    return tables.computeIfAbsent(name, this::read);
  }

  private Dataset<Row> read(String name) {
    Path file = files.get(name);
    boolean parquet = file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (parquet) {
      FileLimits.DEFAULT.requireParquet(file);
    } else {
      FileLimits.DEFAULT.requireText(file);
    }
    Dataset<Row> rows =
        opening(file, () -> parquet ? spark.read().parquet(file.toString()) : csv(file));
    List<String> names = new ArrayList<>();
    for (String column : rows.columns()) {
      String lower = column.trim().toLowerCase(Locale.ROOT);
      Matcher sqlite = SQLITE_DATE.matcher(lower);
      names.add(sqlite.matches() ? sqlite.group(1) : lower);
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw twice(file);
    }
    return rows.toDF(names.toArray(String[]::new));
  }

  private static TributaryException twice(Path file) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        file.toString(),
        "a column stands there twice.",
        "Rename one of the two; names in upper and lower case are the same.");
  }

  private Dataset<Row> csv(Path file) throws IOException {
    String first = firstLine(file);
    boolean tabs = first.contains("\t");
    Row header =
        delimited(tabs).csv(spark.createDataset(List.of(first), Encoders.STRING())).first();
    StructType columns = new StructType();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < header.length(); i++) {
      String column = header.isNullAt(i) ? "" : header.getString(i);
      if (!seen.add(column.trim().toLowerCase(Locale.ROOT))) {
        throw twice(file);
      }
      columns = columns.add(column, DataTypes.StringType);
    }
    return delimited(tabs)
        .option("header", true)
        // Each file of a folder must have the same header, compared by Spark.
        .option("enforceSchema", false)
        // A value in quotes may hold line breaks, in a table of any size.
        .option("multiLine", !tabs)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", MALFORMED)
        // With pruning on, a row with a value too many or too few goes unnoticed.
        .option("columnPruning", false)
        .schema(columns.add(MALFORMED, DataTypes.StringType))
        .csv(file.toString());
  }

  /** Vocabularies as Athena gives them have tabs and no quoting. */
  private DataFrameReader delimited(boolean tabs) {
    return spark
        .read()
        .option("sep", tabs ? "\t" : ",")
        .option("quote", tabs ? "\u0000" : "\"")
        .option("escape", tabs ? "\u0000" : "\"");
  }

  // ---- half-written files ----------------------------------------------------------------------

  private static Dataset<Row> opening(Path file, Callable<Dataset<Row>> open) {
    try {
      return open.call();
    } catch (TributaryException ours) {
      throw ours;
    } catch (IOException unreadable) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          file.toString(),
          "it cannot be read (" + unreadable.getClass().getSimpleName() + ").",
          "Look at its permissions, and whether it is whole.");
    } catch (Exception unreadable) {
      throw unreadable(file.toString(), unreadable.getClass().getSimpleName());
    }
  }

  private static TributaryException unreadable(String file, String why) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        file,
        "Spark cannot read it (" + why + ").",
        "Write the table again; it may be half written.");
  }

  /**
   * Runs a job over tables: a file that ends too soon is told by its name, without Spark's text.
   */
  <T> T reading(Supplier<T> job) {
    try {
      return job.get();
    } catch (Exception failed) {
      for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
        if (cause instanceof SparkThrowable spark
            && String.valueOf(spark.getCondition()).startsWith("FAILED_READ_FILE")) {
          String file = spark.getMessageParameters().getOrDefault("path", place);
          Throwable why = cause;
          while (why.getCause() != null) {
            why = why.getCause();
          }
          throw unreadable(file, why.getClass().getSimpleName());
        }
      }
      throw failed;
    }
  }

  private static String firstLine(Path file) throws IOException {
    Path first = file;
    if (Files.isDirectory(file)) {
      try (Stream<Path> parts = Files.list(file)) {
        Optional<Path> part =
            parts
                .filter(each -> each.getFileName().toString().matches("[^._].*"))
                .sorted()
                .findFirst();
        if (part.isEmpty()) {
          throw empty(file);
        }
        first = part.get();
      }
    }
    try (InputStream raw = Files.newInputStream(first);
        InputStream in = first.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1))) {
      String line = lines.readLine();
      if (line == null || line.isBlank()) {
        throw empty(file);
      }
      // The mark that some programs put before UTF-8.
      return line.startsWith("\u00ef\u00bb\u00bf") ? line.substring(3) : line;
    }
  }

  private static TributaryException empty(Path file) {
    return Errors.data(
        ErrorCode.DATA_MISSING, file.toString(), "it is empty.", "Write the table again.");
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
