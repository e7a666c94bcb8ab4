package io.tributary.connectors.omop;

import io.tributary.connectors.tables.FileLimits;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of the common data model as files of a local folder, CSV or Parquet. */
final class RecordFiles {
  private static final List<String> ENDINGS = List.of(".parquet", ".csv", ".csv.gz");

  private RecordFiles() {}

  /** The tables by their names in lower case, each read when it is asked for. */
  static Map<String, Supplier<Dataset<Row>>> tables(SparkSession spark, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          folder.toString(),
          "there is no such folder.",
          "Correct the path in the site's catalogue; it starts from the folder of site.yaml.");
    }
    Map<String, Supplier<Dataset<Row>>> tables = new TreeMap<>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.sorted().toList()) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        for (String ending : ENDINGS) {
          if (name.endsWith(ending)) {
            String table = name.substring(0, name.length() - ending.length());
            if (tables.put(table, () -> read(spark, file)) != null) {
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
    return tables;
  }

  /**
   * Names, sizes and times of a folder's files: equal as long as nobody writes there. Empty if it
   * cannot be read.
   */
  static Optional<String> state(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      StringBuilder state = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        state.append(folder.relativize(file)).append('\0').append(Files.size(file)).append('\0');
        state.append(Files.getLastModifiedTime(file)).append('\n');
      }
      return Optional.of(state.toString());
    } catch (IOException | UncheckedIOException unreadable) {
      return Optional.empty();
    }
  }

  private static Dataset<Row> read(SparkSession spark, Path file) {
    boolean parquet = file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (parquet) {
      FileLimits.DEFAULT.requireParquet(file);
    } else {
      FileLimits.DEFAULT.requireText(file);
    }
    return opening(file, () -> parquet ? spark.read().parquet(file.toString()) : csv(spark, file));
  }

  static TributaryException twice(String place) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        place,
        "a column stands there twice.",
        "Rename one of the two; names in upper and lower case are the same.");
  }

  private static Dataset<Row> csv(SparkSession spark, Path file) throws IOException {
    String first = firstLine(file);
    boolean tabs = first.contains("\t");
    Row header =
        delimited(spark, tabs).csv(spark.createDataset(List.of(first), Encoders.STRING())).first();
    StructType columns = new StructType();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < header.length(); i++) {
      String column = header.isNullAt(i) ? "" : header.getString(i);
      if (!seen.add(column.trim().toLowerCase(Locale.ROOT))) {
        throw twice(file.toString());
      }
      columns = columns.add(column, DataTypes.StringType);
    }
    return delimited(spark, tabs)
        .option("header", true)
        // Each file of a folder must have the same header, compared by Spark.
        .option("enforceSchema", false)
        // A value in quotes may hold line breaks, in a table of any size.
        .option("multiLine", !tabs)
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", CommonDataModel.MALFORMED)
        // With pruning on, a row with a value too many or too few goes unnoticed.
        .option("columnPruning", false)
        .schema(columns.add(CommonDataModel.MALFORMED, DataTypes.StringType))
        .csv(file.toString());
  }

  /** Vocabularies as Athena gives them have tabs and no quoting. */
  private static DataFrameReader delimited(SparkSession spark, boolean tabs) {
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

  static TributaryException unreadable(String file, String why) {
    return Errors.data(
        ErrorCode.DATA_INVALID,
        file,
        "Spark cannot read it (" + why + ").",
        "Write the table again; it may be half written.");
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
}
