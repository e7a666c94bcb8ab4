package io.tributary.connectors.omop;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.try_to_date;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The tables of one site. Names of tables and columns are in lower case here, whatever the files
 * say; a column that an export from SQLite calls {@code date(x,'unixepoch')} is x.
 */
public final class CommonDataModel {
  private static final Pattern SQLITE_DATE = Pattern.compile("date\\((\\w+),.*");
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
    Dataset<Row> rows;
    try {
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")) {
        rows = spark.read().parquet(file.toString());
      } else {
        boolean tabs = firstLine(file).contains("\t");
        DataFrameReader reader =
            spark
                .read()
                .option("header", true)
                .option("inferSchema", false)
                .option("sep", tabs ? "\t" : ",")
                // Vocabularies as Athena gives them have tabs and no quoting.
                .option("quote", tabs ? "\u0000" : "\"")
                .option("escape", tabs ? "\u0000" : "\"")
                .option("multiLine", !tabs && Files.size(file) < (64 << 20))
                .option("mode", "PERMISSIVE");
        rows = reader.csv(file.toString());
      }
    } catch (IOException unreadable) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          file.toString(),
          "it cannot be read.",
          "Look at its permissions.");
    } catch (Exception unreadable) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          file.toString(),
          "Spark cannot read it (" + unreadable.getClass().getSimpleName() + ").",
          "Write the table again; it may be half written.");
    }
    Set<String> seen = new HashSet<>();
    String[] names = new String[rows.columns().length];
    for (int i = 0; i < names.length; i++) {
      String lower = rows.columns()[i].trim().toLowerCase(Locale.ROOT);
      Matcher sqlite = SQLITE_DATE.matcher(lower);
      names[i] = sqlite.matches() ? sqlite.group(1) : lower;
      if (!seen.add(names[i])) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            file.toString(),
            "a column stands there twice.",
            "Rename one of the two; names in upper and lower case are the same.");
      }
    }
    return rows.toDF(names);
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
          return "";
        }
        first = part.get();
      }
    }
    try (InputStream raw = Files.newInputStream(first);
        InputStream in = first.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1))) {
      String line = lines.readLine();
      if (line == null) {
        throw Errors.data(
            ErrorCode.DATA_MISSING, file.toString(), "the file is empty.", "Write it again.");
      }
      return line;
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

  boolean hasColumn(String table, String name) {
    return List.of(table(table).columns()).contains(name);
  }

  /** A 64-bit number; what is none is null. */
  Column whole(String table, String name) {
    Column column = named(table, name);
    if (typeOf(table, name).equals(DataTypes.StringType)) {
      Column text = trim(column);
      // Tables that passed through R or pandas write 8507.0.
      return coalesce(text.try_cast("bigint"), text.try_cast("double").try_cast("bigint"));
    }
    return column.try_cast("bigint");
  }

  Column number(String table, String name) {
    return trim(named(table, name).cast("string")).try_cast("double");
  }

  Column text(String table, String name) {
    Column text = named(table, name).cast("string");
    return when(text.notEqual(""), text);
  }

  /** Days since 1970-01-01; texts as 2020-12-31, with or without a time, or 20201231. */
  Column day(String table, String name) {
    Column column = named(table, name);
    Column date = column;
    if (typeOf(table, name).equals(DataTypes.StringType)) {
      Column text = trim(column);
      // A cast would take 20201231 for a year.
      date =
          when(text.rlike("^[0-9]{8}$"), try_to_date(text, "yyyyMMdd"))
              .when(
                  text.rlike("^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?$"),
                  substring(text, 1, 10).try_cast("date"));
    }
    return unix_date(date.cast("date"));
  }

  static Column missing() {
    return lit(null).cast("bigint");
  }
}
