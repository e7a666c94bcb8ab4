package io.tributary.connectors.fhir;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.tributary.connectors.tables.FileLimits;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local folder of NDJSON files, each with resources of one type, named as a bulk export names
 * them: {@code Condition.ndjson}, {@code Condition.2.ndjson.gz}, {@code 0007.Condition.ndjson}. A
 * file is read as one piece, so that its lines have numbers. Files of other types are passed over.
 */
public final class FhirExport {
  private static final Logger LOG = LoggerFactory.getLogger(FhirExport.class);

  /** Resources that are not read and have the name of one that is in their own. */
  private static final String OTHERS =
      "(Condition|Observation)Definition|EncounterHistory|Immunization(Evaluation|Recommendation)";

  /** Type of a period that is made from records. */
  private static final long EHR = 32817;

  private final SparkSession spark;
  private final Path folder;
  private final int badLines;
  private final Function<Set<VocabularyCode>, CodeConcepts> vocabulary;
  private final Map<ResourceType, List<Path>> files = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, Broadcast<CodeConcepts>> concepts =
      new EnumMap<>(ResourceType.class);

  private FhirExport(
      SparkSession spark,
      Path folder,
      int badLines,
      Function<Set<VocabularyCode>, CodeConcepts> vocabulary) {
    this.spark = spark;
    this.folder = folder;
    this.badLines = badLines;
    this.vocabulary = vocabulary;
  }

  /**
   * The tables of an export by their names in lower case, each read when it is asked for. Then
   * DATA_INVALID if more lines than are tolerated are of no use.
   *
   * @param badLines so many are tolerated among the resources of each type
   * @param vocabulary tells what codes mean
   */
  public static Map<String, Supplier<Dataset<Row>>> tables(
      SparkSession spark,
      Path folder,
      int badLines,
      Function<Set<VocabularyCode>, CodeConcepts> vocabulary) {
    FhirExport export = new FhirExport(spark, folder, badLines, vocabulary);
    export.list();
    Map<String, Supplier<Dataset<Row>>> tables = new HashMap<>();
    for (RecordTable table : RecordTable.values()) {
      if (table.types().stream().anyMatch(export.files::containsKey)) {
        tables.put(table.word(), () -> export.table(table));
      }
    }
    tables.put("observation_period", export::periods);
    return tables;
  }

  private void list() {
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.sorted().toList()) {
        list(file);
      }
    } catch (IOException unreadable) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          folder.toString(),
          "there is no such folder, or it cannot be read.",
          "Correct the path in the site's catalogue, or look at its permissions.");
    }
    if (!files.containsKey(ResourceType.PATIENT)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          folder.toString(),
          "there are no patients (Patient.ndjson).",
          "Export FHIR R4 resources as NDJSON, a file or several for each type.");
    }
  }

  private void list(Path file) {
    String name = file.getFileName().toString();
    String small = name.toLowerCase(Locale.ROOT);
    boolean looksLikeOne = false;
    boolean isOne = isNamed(name, OTHERS);
    for (ResourceType type : ResourceType.values()) {
      if (isNamed(name, type.word())) {
        files.computeIfAbsent(type, any -> new ArrayList<>()).add(file);
        isOne = true;
      }
      looksLikeOne |= small.contains(type.word().toLowerCase(Locale.ROOT));
    }
    boolean hidden = name.startsWith(".") || name.startsWith("_");
    if (looksLikeOne && small.contains("ndjson") && !isOne && !hidden) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          file.toString(),
          "its name does not say in the way of an export which resources it holds.",
          "Name it as Condition.ndjson, Condition.2.ndjson or 2.Condition.ndjson, plain or with"
              + " .gz, or take it out of the folder.");
    }
  }

  private static boolean isNamed(String file, String types) {
    return file.matches("([^.]+\\.)?(" + types + ")([.-][^.]+)?\\.ndjson(\\.gz)?");
  }

  private JavaRDD<String> paths(ResourceType type) {
    List<String> paths = files.get(type).stream().map(Path::toString).toList();
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(paths, paths.size());
  }

  /** What the codes of a type's resources mean, after a look over all their lines. */
  private synchronized Broadcast<CodeConcepts> concepts(ResourceType type) {
    return concepts.computeIfAbsent(
        type,
        any -> {
          files.get(type).forEach(FileLimits.DEFAULT::requireText);
          List<LineCheck.Found> found = paths(type).map(new LineCheck(type)).collect();
          require(type, found);
          Set<VocabularyCode> codes = new HashSet<>();
          found.forEach(file -> codes.addAll(file.codes()));
          return JavaSparkContext.fromSparkContext(spark.sparkContext())
              .broadcast(vocabulary.apply(codes));
        });
  }

  private void require(ResourceType type, List<LineCheck.Found> found) {
    long bad = found.stream().mapToLong(LineCheck.Found::bad).sum();
    if (bad == 0) {
      return;
    }
    String places =
        found.stream()
            .filter(file -> file.bad() > 0)
            .map(
                file ->
                    Path.of(file.file()).getFileName()
                        + ": "
                        + String.join(", ", file.named())
                        + (file.bad() > file.named().size() ? " and more" : ""))
            .collect(Collectors.joining("; "));
    if (bad > badLines) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          folder.toString(),
          bad + (bad == 1 ? " line is" : " lines are") + " of no use: " + places + ".",
          "Correct the export, or say badLines: "
              + bad
              + " under options in the site's catalogue to leave out so many for each type.");
    }
    LOG.warn("fhirLinesLeftOut type={} count={} places=\"{}\"", type.word(), bad, places);
  }

  private Dataset<Row> table(RecordTable table) {
    Dataset<Row> all = null;
    for (ResourceType type : table.types()) {
      if (files.containsKey(type)) {
        Dataset<Row> part = table(table, type);
        all = all == null ? part : all.unionAll(part);
      }
    }
    return all;
  }

  private Dataset<Row> table(RecordTable table, ResourceType type) {
    JavaRDD<Row> rows = paths(type).flatMap(new LineRows(type, table, concepts(type)));
    return spark.createDataFrame(rows, table.schema());
  }

  /**
   * FHIR has none: from a person's first to the last day that something is known of, death at the
   * latest.
   */
  private Dataset<Row> periods() {
    Dataset<Row> days = null;
    for (RecordTable table : RecordTable.values()) {
      for (ResourceType type : table.types()) {
        if (!table.start().isEmpty() && files.containsKey(type)) {
          Dataset<Row> own = table(table, type).select(days(table, type));
          days = days == null ? own : days.unionAll(own);
        }
      }
    }
    return days.groupBy("person_id")
        .agg(
            min("first").as("observation_period_start_date"),
            least(max("last"), min("died")).as("observation_period_end_date"))
        .select(
            col("person_id").as("observation_period_id"),
            col("person_id"),
            col("observation_period_start_date"),
            col("observation_period_end_date"),
            lit(EHR).as("period_type_concept_id"));
  }

  /** How long a prescription may be filled tells nothing of the person on those days. */
  private static Column[] days(RecordTable table, ResourceType type) {
    Column first = col(table.start());
    boolean known = type != ResourceType.MEDICATION_REQUEST;
    return new Column[] {
      col("person_id"),
      first.as("first"),
      (known ? greatest(first, coalesce(col(table.end()), first)) : first).as("last"),
      (table == RecordTable.DEATH ? first : lit(null).cast("date")).as("died")
    };
  }

  /** Of all files, as they lie there. */
  public static long bytes(Path folder) {
    try (Stream<Path> listed = Files.list(folder)) {
      long bytes = 0;
      for (Path file : listed.toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
