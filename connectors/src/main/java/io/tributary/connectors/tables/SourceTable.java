package io.tributary.connectors.tables;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.SiteConfig.Jdbc;
import io.tributary.study.SiteConfig.JsonLines;
import io.tributary.study.SiteConfig.Orc;
import io.tributary.study.SiteConfig.Parquet;
import io.tributary.study.SiteConfig.Source;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A source as it is, before the study's names and types: CSV columns are text, those of other
 * formats have the types that the format says.
 *
 * @param rows all columns, lazily; nothing is read but headers and footers
 * @param names the source's columns; {@code rows} may have {@link #MALFORMED} besides
 * @param decimal mark inside numbers that are text
 * @param place for errors: the path, or the table's name
 */
record SourceTable(Dataset<Row> rows, List<String> names, char decimal, String place) {
  /** Holds the line of a row that could not be split; null in all others. Never shown. */
  static final String MALFORMED = "__tributary_malformed";

  private static final int MAX_SHOWN_NAMES = 40;
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?[0-9]*[.,]?[0-9]+([eE][-+]?[0-9]+)?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}");
  private static final Pattern DELIMITER = Pattern.compile("[,;|\t]");

  /** Stands where bytes are no character of the encoding. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final String HEADERLESS =
      "Its first line holds numbers or dates. If it is no header, write header: false and names:"
          + " [...] in the site's catalogue.";

  /** Lines longer than this are an error of the file, not data. */
  private static final int MAX_CHARACTERS_PER_VALUE = 1_000_000;

  /**
   * Opens a source.
   *
   * @param wanted columns of it that will be asked for
   */
  static SourceTable open(
      SparkSession spark, SiteConfig.Dataset dataset, Collection<String> wanted) {
    Source source = dataset.source();
    if (source instanceof Csv csv) {
      localPath(csv.path())
          .ifPresent(
              path -> {
                FirstBytes.requireText(path, csv.encoding());
                if (csv.newlinesInQuotes()) {
                  FileLimits.DEFAULT.requireText(path, csv.quote());
                } else {
                  FileLimits.DEFAULT.requireText(path);
                }
              });
      return csv(spark, csv, wanted);
    }
    if (source instanceof JsonLines json) {
      localPath(json.path())
          .ifPresent(
              path -> {
                FirstBytes.requireText(path, json.encoding());
                FileLimits.DEFAULT.requireText(path);
              });
      return json(spark, json);
    }
    if (source instanceof Parquet parquet) {
      localPath(parquet.path())
          .ifPresent(
              path -> {
                FirstBytes.requireParquet(path);
                FileLimits.DEFAULT.requireParquet(path);
              });
      return typed(parquet.path(), () -> spark.read().parquet(parquet.path()));
    }
    if (source instanceof Orc orc) {
      localPath(orc.path()).ifPresent(FirstBytes::requireOrc);
      return typed(orc.path(), () -> spark.read().orc(orc.path()));
    }
    if (source instanceof Jdbc jdbc) {
      Dataset<Row> rows =
          DatabaseTables.of(spark, jdbc.database(), jdbc.table())
              .read(jdbc.table(), jdbc.partition());
      return new SourceTable(rows, List.of(rows.columns()), '.', jdbc.table());
    }
    if (source instanceof SiteConfig.Genotypes) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          "dataset '" + dataset.name() + "'",
          "it holds genotypes, and the study takes it for a table.",
          "Name a table of persons under cohort.from, and this dataset under genotypes.from.");
    }
    throw Errors.data(
        ErrorCode.DATA_INVALID,
        "dataset '" + dataset.name() + "'",
        "it holds health records, and the study does not say who is in the cohort.",
        "Write the definition under cohort.definition in the study; COHORTS.md shows how.");
  }

  // ---- CSV
  // ---------------------------------------------------------------------------------------

  private static SourceTable csv(SparkSession spark, Csv csv, Collection<String> wanted) {
    List<String> inFile = csv.header() ? header(spark, csv) : csv.names();
    List<String> names = inFile.stream().map(String::trim).toList();
    if (areData(names) && !wanted.isEmpty() && wanted.stream().noneMatch(names::contains)) {
      // Before Spark is told the names: it writes them into its logs.
      throw Errors.data(
          ErrorCode.UNKNOWN_COLUMN,
          csv.path(),
          "there is no column '" + wanted.iterator().next() + "'.",
          HEADERLESS);
    }
    refuseDuplicates(names, csv.path());
    StructField[] fields = new StructField[names.size() + 1];
    for (int i = 0; i < names.size(); i++) {
      // As the file writes them, with spaces about: Spark compares them with every file's header.
      fields[i] = DataTypes.createStructField(inFile.get(i), DataTypes.StringType, true);
    }
    fields[names.size()] = DataTypes.createStructField(MALFORMED, DataTypes.StringType, true);
    Dataset<Row> rows =
        reading(
            csv.path(),
            () ->
                csvReader(spark, csv)
                    .option("header", csv.header())
                    // Each file of a folder must have the same header, compared by Spark.
                    .option("enforceSchema", !csv.header())
                    .option("mode", "PERMISSIVE")
                    .option("columnNameOfCorruptRecord", MALFORMED)
                    // With pruning on, a row with a value too many or too few goes unnoticed.
                    .option("columnPruning", false)
                    .schema(new StructType(fields))
                    .csv(csv.path()));
    return new SourceTable(
        inFile.equals(names) ? rows : named(rows, names), names, csv.decimal(), csv.path());
  }

  private static Dataset<Row> named(Dataset<Row> rows, List<String> names) {
    return rows.toDF(Stream.concat(names.stream(), Stream.of(MALFORMED)).toArray(String[]::new));
  }

  private static DataFrameReader csvReader(SparkSession spark, Csv csv) {
    return spark.read().options(csvOptions(csv));
  }

  static Map<String, String> csvOptions(Csv csv) {
    // Spark's parser puts the beginning of a line that breaks the limit into an exception, and
    // Spark the exception into its log; so it is not reached where lines are known to be short.
    int longest = localPath(csv.path()).isPresent() ? -1 : MAX_CHARACTERS_PER_VALUE;
    return Map.of(
        "sep", String.valueOf(csv.delimiter()),
        "quote", String.valueOf(csv.quote()),
        "escape", String.valueOf(csv.escape()),
        "encoding", csv.encoding(),
        "multiLine", String.valueOf(csv.newlinesInQuotes()),
        "maxCharsPerColumn", String.valueOf(longest));
  }

  /** The first line's values, null for one that is empty; none if the file has no line. */
  private static String[] firstLine(SparkSession spark, Csv csv) throws IOException {
    Optional<Path> local = localPath(csv.path());
    Optional<String[]> plain =
        local.isPresent() ? CsvHeader.of(local.get(), csv, csvOptions(csv)) : Optional.empty();
    if (plain.isPresent()) {
      return plain.get();
    }
    Dataset<Row> lines =
        csvReader(spark, csv).option("header", false).option("inferSchema", false).csv(csv.path());
    Row[] first = lines.columns().length == 0 ? new Row[0] : (Row[]) lines.head(1);
    if (first.length == 0) {
      return new String[0];
    }
    String[] values = new String[first[0].length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = first[0].getString(i);
    }
    return values;
  }

  private static List<String> header(SparkSession spark, Csv csv) {
    String[] names = reading(csv.path(), () -> firstLine(spark, csv));
    if (names.length == 0) {
      throw empty(csv.path());
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i] == null || names[i].isBlank()) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            csv.path(),
            "column " + (i + 1) + " of the header has no name.",
            i == 0
                ? "Name it: it may be R's row names, which row.names = FALSE leaves out. Or read the"
                    + " file with header: false and names: [...]."
                : "Name it, or read the file with header: false and names: [...].");
      }
    }
    return Arrays.asList(names);
  }

  // ---- the other formats
  // -------------------------------------------------------------------------

  private static SourceTable json(SparkSession spark, JsonLines json) {
    // Names and types come from all lines: a field may be absent from the first ones.
    Dataset<Row> rows =
        reading(
            json.path(),
            () ->
                spark
                    .read()
                    .option("mode", "PERMISSIVE")
                    .option("columnNameOfCorruptRecord", MALFORMED)
                    .option("encoding", json.encoding())
                    .option("lineSep", "\n")
                    .json(json.path()));
    List<String> names =
        Arrays.stream(rows.columns()).filter(name -> !name.equals(MALFORMED)).toList();
    if (rows.columns().length == 0) {
      throw empty(json.path());
    }
    refuseDuplicates(names, json.path());
    return new SourceTable(rows, names, '.', json.path());
  }

  private static SourceTable typed(String path, java.util.concurrent.Callable<Dataset<Row>> open) {
    Dataset<Row> rows = reading(path, open);
    List<String> names = List.of(rows.columns());
    refuseDuplicates(names, path);
    return new SourceTable(rows, names, '.', path);
  }

  // ---- errors
  // ------------------------------------------------------------------------------------

  private static void refuseDuplicates(List<String> names, String path) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            path,
            areData(names)
                ? "two columns have one name, and the header looks like a row."
                : "the column '" + name + "' stands there twice.",
            areData(names)
                ? HEADERLESS
                : "Rename one of the two; which one is meant cannot be guessed.");
      }
    }
  }

  /** What to do about a name that the source does not have; shows the names that it has. */
  String remedyForUnknownName() {
    if (areData(names)) {
      return HEADERLESS;
    }
    Matcher other = DELIMITER.matcher(names.get(0));
    if (names.size() == 1 && other.find()) {
      return "Its header is one name that holds '"
          + (other.group().equals("\t") ? "\\t" : other.group())
          + "'. If that stands between the columns, write it as delimiter under options in the"
          + " site's catalogue.";
    }
    List<String> shown = names.stream().limit(MAX_SHOWN_NAMES).map(SourceTable::printable).toList();
    String more =
        names.size() > MAX_SHOWN_NAMES ? " and " + (names.size() - MAX_SHOWN_NAMES) + " more" : "";
    return "Its columns are: "
        + String.join(", ", shown)
        + more
        + ". Map the name under columns in the site's catalogue."
        + (shown.stream().anyMatch(name -> name.indexOf(REPLACEMENT) >= 0)
            ? " If letters are wrong, write its encoding under options there."
            : "");
  }

  /** What no terminal should be sent becomes the mark of what could not be read. */
  private static String printable(String name) {
    return name.replaceAll("\\p{Cc}", String.valueOf(REPLACEMENT));
  }

  /** A file without a header has a person's values where names should be; those are not shown. */
  private static boolean areData(List<String> names) {
    return names.stream()
        .flatMap(DELIMITER::splitAsStream)
        .anyMatch(name -> NUMBER.matcher(name.trim()).matches());
  }

  private static TributaryException empty(String path) {
    return Errors.data(
        ErrorCode.DATA_MISSING, path, "the file is empty.", "Look at what writes this file.");
  }

  /** Runs what touches the file; what Spark throws becomes an error of ours, without its text. */
  static <T> T reading(String path, java.util.concurrent.Callable<T> open) {
    Optional<Path> local = localPath(path);
    if (local.isPresent() && !Files.exists(local.get())) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          path,
          "there is no such file or folder.",
          "Correct the path in the site's catalogue; it starts from the folder of site.yaml.");
    }
    try {
      if (local.isPresent() && Files.isRegularFile(local.get()) && Files.size(local.get()) == 0) {
        throw empty(path);
      }
      return open.call();
    } catch (TributaryException ours) {
      throw ours;
    } catch (AnalysisException unreadable) {
      boolean absent = "PATH_NOT_FOUND".equals(unreadable.getCondition());
      if ("COLUMN_ALREADY_EXISTS".equals(unreadable.getCondition())) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            path,
            "two of its columns have names that differ in upper and lower case alone.",
            "Rename one of the two; Spark takes them for one.");
      }
      throw Errors.data(
          absent ? ErrorCode.DATA_MISSING : ErrorCode.DATA_INVALID,
          path,
          absent
              ? "there is no such file or folder."
              : "Spark cannot read it (" + unreadable.getCondition() + ").",
          absent
              ? "Correct the path in the site's catalogue."
              : "Look at the format and the options in the site's catalogue.");
    } catch (IOException unreadable) {
      throw Errors.data(
          ErrorCode.DATA_MISSING, path, "it cannot be opened.", "Look at its permissions.");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw Errors.data(
          ErrorCode.DATA_MISSING, path, "reading it was stopped.", "Start the site again.");
    } catch (Exception unreadable) {
      DatabaseTables.failure(path, unreadable)
          .ifPresent(
              broken -> {
                throw broken;
              });
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          path,
          "it cannot be read in this format (" + unreadable.getClass().getSimpleName() + ").",
          "Look at the format, the encoding and the options in the site's catalogue.");
    }
  }

  private static Optional<Path> localPath(String path) {
    if (path.startsWith("/") && !path.contains("*") && !path.contains("{")) {
      return Optional.of(Path.of(path));
    }
    return Optional.empty();
  }
}
