package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.tributary.codec.StudyColumns;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * The cohort's rows at one site, in the study's names and types. Opening reads the columns that the
 * study uses once, checks every value in them, and keeps them cached until {@link #close}; then
 * analyses run over clean rows. A bad value is an error of the site (DATA_INVALID, NOT_A_NUMBER,
 * VALUE_OUT_OF_BOUNDS) that says column, cause, rows concerned and remedy, and never the value.
 *
 * <p>A column is either a number (DoubleType: numbers, integers, booleans as 0 and 1, dates as days
 * since 1970-01-01) or a category (StringType: the level's text as the study declares it). Missing
 * is null.
 */
public final class SiteTable implements AutoCloseable {
  private static final String FAULT = "__tributary_fault";
  private static final String PERSON = "__tributary_person";

  private final Map<String, ColumnType> types;
  private final Map<String, List<String>> levels;
  private final Dataset<Row> cohort;
  private final boolean personNamed;
  private final long rowCount;

  private SiteTable(
      Map<String, ColumnType> types,
      Map<String, List<String>> levels,
      Dataset<Row> cohort,
      boolean personNamed,
      long rowCount) {
    this.types = types;
    this.levels = levels;
    this.cohort = cohort;
    this.personNamed = personNamed;
    this.rowCount = rowCount;
  }

  /**
   * Opens, checks and caches the study's columns of a dataset.
   *
   * @param source the catalogue's entry for {@code study.cohort().from()}
   */
  public static SiteTable open(SparkSession spark, SiteConfig.Dataset source, Study study) {
    return new Opening(spark, source, study).open();
  }

  /** Whether the column is a number; a category otherwise. */
  public boolean numeric(String column) {
    return type(column) != ColumnType.TEXT;
  }

  /** Declared levels of a category, the reference first; empty for a number and for free text. */
  public List<String> levels(String column) {
    type(column);
    return levels.getOrDefault(column, List.of());
  }

  /** Rows of the cohort, complete or not. */
  public long rowCount() {
    return rowCount;
  }

  /** All rows of the cohort over some columns, in their order; missing values are null. */
  public Dataset<Row> rows(List<String> columns) {
    return cohort.select(columns.stream().map(this::delivered).toArray(Column[]::new));
  }

  /** Rows of the cohort that have a value in each of these columns. */
  public CompleteCases use(List<String> columns) {
    Column complete = lit(true);
    for (String column : columns) {
      type(column);
      complete = complete.and(TypedColumn.named(column).isNotNull());
    }
    Dataset<Row> kept = cohort.filter(complete);
    Dataset<Row> rows = kept.select(columns.stream().map(this::delivered).toArray(Column[]::new));
    return new CompleteCases(rows, kept, rowCount, personNamed);
  }

  /** Rows with a value in each column asked for; counts are computed when asked for, once. */
  public static final class CompleteCases {
    private final Dataset<Row> rows;
    private final Dataset<Row> kept;
    private final long all;
    private final boolean personNamed;
    private long counted = -1;
    private long persons = -1;

    private CompleteCases(Dataset<Row> rows, Dataset<Row> kept, long all, boolean personNamed) {
      this.rows = rows;
      this.kept = kept;
      this.all = all;
      this.personNamed = personNamed;
    }

    /** The columns in the order asked for, none of them null. */
    public Dataset<Row> rows() {
      return rows;
    }

    public synchronized long count() {
      if (counted < 0) {
        counted = rows.count();
      }
      return counted;
    }

    /** Rows of the cohort that were left out because a value is missing. */
    public long dropped() {
      return all - count();
    }

    /** Distinct persons in {@link #rows}; equals {@link #count} if the study names no person. */
    public synchronized long persons() {
      if (persons < 0) {
        persons = personNamed ? kept.select(PERSON).distinct().count() : count();
      }
      return persons;
    }
  }

  /** Gives the cached rows back. */
  @Override
  public void close() {
    cohort.unpersist(true);
  }

  private ColumnType type(String column) {
    ColumnType type = types.get(column);
    if (type == null) {
      throw Errors.data(
          ErrorCode.UNKNOWN_COLUMN,
          column,
          "the study does not announce this column.",
          "Name it under columns in the study; the site's policy is asked about it there.");
    }
    return type;
  }

  private Column delivered(String column) {
    Column value = TypedColumn.named(column);
    return switch (type(column)) {
      case NUMBER, INTEGER, TEXT -> value.as(column);
      case BOOLEAN -> value.cast("double").as(column);
      case DATE -> unix_date(value).cast("double").as(column);
    };
  }

  /** One opening: resolves names, builds the plan, runs the checking pass. */
  private static final class Opening {
    private final SiteConfig.Dataset dataset;
    private final Study study;
    private final SourceTable source;
    private final List<String> indexed = new ArrayList<>();
    private final Map<String, TypedColumn> columns = new LinkedHashMap<>();

    Opening(SparkSession spark, SiteConfig.Dataset dataset, Study study) {
      this.dataset = dataset;
      this.study = study;
      this.source = SourceTable.open(spark, dataset);
    }

    SiteTable open() {
      Set<String> needed = new LinkedHashSet<>(StudyColumns.analysed(study));
      needed.forEach(this::column);
      Dataset<Row> cohort = plan(needed).persist(StorageLevel.MEMORY_AND_DISK());
      long rows;
      try {
        rows = check(cohort);
      } catch (RuntimeException failed) {
        cohort.unpersist(true);
        throw failed;
      }
      Map<String, ColumnType> types = new LinkedHashMap<>();
      Map<String, List<String>> levels = new LinkedHashMap<>();
      for (String name : needed) {
        types.put(name, columns.get(name).type());
        levels.put(name, spec(name).map(ColumnSpec::levels).orElse(List.of()));
      }
      return new SiteTable(types, levels, cohort, study.cohort().person().isPresent(), rows);
    }

    private Optional<ColumnSpec> spec(String name) {
      return Optional.ofNullable(study.columns().get(name));
    }

    private TypedColumn column(String name) {
      TypedColumn known = columns.get(name);
      if (known != null) {
        return known;
      }
      TypedColumn column =
          TypedColumn.of(
              sourceName(name),
              source.rows().schema().apply(sourceName(name)).dataType(),
              spec(name),
              index(name),
              new TypedColumn.Marks(dataset.missing(), source.decimal()),
              source.place());
      columns.put(name, column);
      return column;
    }

    private int index(String name) {
      indexed.add(name);
      return indexed.size() - 1;
    }

    private String sourceName(String name) {
      String inSource = dataset.sourceName(name);
      if (!source.names().contains(inSource)) {
        throw unknownColumn(name, inSource);
      }
      return inSource;
    }

    private TributaryException unknownColumn(String name, String inSource) {
      String mapped = name.equals(inSource) ? "" : " (mapped to '" + inSource + "')";
      return Errors.data(
          ErrorCode.UNKNOWN_COLUMN,
          source.place(),
          "there is no column '" + name + "'" + mapped + ".",
          "Its columns are: "
              + String.join(", ", source.names().stream().limit(40).toList())
              + ". Map the name under columns in the site's catalogue.");
    }

    private Dataset<Row> plan(Set<String> needed) {
      List<Column> selected = new ArrayList<>();
      Column fault = lit(0);
      if (List.of(source.rows().columns()).contains(SourceTable.MALFORMED)) {
        fault =
            when(col(SourceTable.MALFORMED).isNotNull(), lit(Fault.MALFORMED.at(0)))
                .otherwise(lit(0));
      }
      List<Column> faults = new ArrayList<>();
      faults.add(when(fault.notEqual(0), fault));
      for (String name : needed) {
        TypedColumn column = columns.get(name);
        selected.add(column.value().as(name));
        faults.add(when(column.fault().notEqual(0), column.fault()));
      }
      faults.add(lit(0));
      selected.add(coalesce(faults.toArray(Column[]::new)).as(FAULT));
      return source.rows().select(selected.toArray(Column[]::new));
    }

    /** Fills the cache, counts rows by fault, and refuses if there is any. */
    private long check(Dataset<Row> cohort) {
      Row[] counts =
          SourceTable.reading(
              source.place(),
              () -> (Row[]) cohort.groupBy(FAULT).agg(count(lit(1)).as("rows")).collect());
      long rows = 0;
      for (Row row : counts) {
        int number = row.getInt(0);
        if (number != 0) {
          throw refused(number, row.getLong(1));
        }
        rows = row.getLong(1);
      }
      if (rows == 0) {
        throw Errors.data(
            ErrorCode.DATA_MISSING,
            source.place(),
            "the table has no rows.",
            "Look at what writes this table.");
      }
      return rows;
    }

    private TributaryException refused(int number, long rows) {
      Fault fault = Fault.of(number);
      String where =
          fault == Fault.MALFORMED
              ? source.place()
              : source.place() + ", column '" + indexed.get(Fault.columnIndex(number)) + "'";
      return Errors.data(
          fault.code(),
          where,
          "in " + rows + (rows == 1 ? " row " : " rows ") + fault.problem() + ".",
          fault.remedy());
    }
  }
}
