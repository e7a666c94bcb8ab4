package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.when;

import io.tributary.codec.CohortExpressions;
import io.tributary.codec.ExpressionTypes.Checked;
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
  private static final String ROW = "__tributary_row";
  private static final String FILE = "__tributary_file";

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
    private final CohortExpressions expressions;

    /** Study columns by their number in {@link Fault#at}; the last entry may be {@code where}. */
    private final List<String> numbered = new ArrayList<>();

    private final Map<String, TypedColumn> columns = new LinkedHashMap<>();

    Opening(SparkSession spark, SiteConfig.Dataset dataset, Study study) {
      this.dataset = dataset;
      this.study = study;
      this.expressions = CohortExpressions.of(study.cohort(), study.columns());
      this.source = SourceTable.open(spark, dataset);
    }

    SiteTable open() {
      Set<String> needed = StudyColumns.analysed(study);
      Dataset<Row> cohort =
          plan(needed, source.rows(), List.of()).persist(StorageLevel.MEMORY_AND_DISK());
      long rows;
      try {
        rows = check(cohort, needed);
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

    // ---- columns
    // ---------------------------------------------------------------------------------

    private TypedColumn column(String name) {
      TypedColumn known = columns.get(name);
      if (known == null) {
        Checked derivation = expressions.derive().get(name);
        known = derivation == null ? ofSource(name) : derived(name, derivation);
        columns.put(name, known);
      }
      return known;
    }

    private TypedColumn ofSource(String name) {
      String inSource = sourceName(name);
      return TypedColumn.of(
          inSource,
          source.rows().schema().apply(inSource).dataType(),
          spec(name),
          number(name),
          new TypedColumn.Marks(dataset.missing(), source.decimal()),
          source.place());
    }

    private TypedColumn derived(String name, Checked derivation) {
      ExpressionColumn bound =
          ExpressionColumn.of(derivation.expression(), inner -> column(inner).value());
      int number = number(name);
      TypedColumn result =
          TypedColumn.derived(bound.value(), derivation.type(), spec(name), number);
      List<Column> faults = faultsOf(derivation.columns());
      bound.broken().ifPresent(broken -> faults.add(faultIf(broken, Fault.NOT_COMPUTED, number)));
      faults.add(result.fault());
      return new TypedColumn(result.type(), result.value(), first(faults));
    }

    private List<Column> faultsOf(Iterable<String> names) {
      List<Column> faults = new ArrayList<>();
      for (String name : names) {
        faults.add(column(name).fault());
      }
      return faults;
    }

    private int number(String name) {
      if (!numbered.contains(name)) {
        numbered.add(name);
      }
      return numbered.indexOf(name);
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

    // ---- plan
    // ------------------------------------------------------------------------------------

    /**
     * One projection over the source, then the cohort's filter. A row in whose filter columns a
     * fault stands passes the filter: it might belong to the cohort, so it is an error and not
     * dropped in silence. Faults in other columns matter in rows of the cohort only.
     */
    private Dataset<Row> plan(Set<String> needed, Dataset<Row> all, List<Column> also) {
      Dataset<Row> rows = all;
      List<Column> before = new ArrayList<>();
      if (List.of(all.columns()).contains(SourceTable.MALFORMED)) {
        before.add(faultIf(col(SourceTable.MALFORMED).isNotNull(), Fault.MALFORMED, 0));
      }
      if (expressions.where().isPresent()) {
        Checked where = expressions.where().get();
        before.addAll(faultsOf(where.columns()));
        ExpressionColumn bound =
            ExpressionColumn.of(where.expression(), inner -> column(inner).value());
        int number = number("where");
        bound.broken().ifPresent(broken -> before.add(faultIf(broken, Fault.NOT_COMPUTED, number)));
        rows = rows.filter(coalesce(bound.value(), lit(false)).or(first(before).notEqual(0)));
      }
      List<Column> faults = new ArrayList<>(before);
      faults.addAll(faultsOf(needed));
      List<Column> selected = new ArrayList<>(also);
      if (study.cohort().person().isPresent()) {
        String person = study.cohort().person().get();
        Column id = trim(TypedColumn.named(sourceName(person)).cast("string"));
        Column named = when(length(id).gt(0), id);
        faults.add(faultIf(named.isNull(), Fault.NO_PERSON, number(person)));
        selected.add(named.as(PERSON));
      }
      for (String name : needed) {
        selected.add(column(name).value().as(name));
      }
      selected.add(first(faults).as(FAULT));
      return rows.select(selected.toArray(Column[]::new));
    }

    private static Column faultIf(Column condition, Fault fault, int number) {
      return when(coalesce(condition, lit(false)), lit(fault.at(number))).otherwise(lit(0));
    }

    /** The first that is not 0, else 0. */
    private static Column first(List<Column> faults) {
      List<Column> found = new ArrayList<>();
      for (Column fault : faults) {
        found.add(when(fault.notEqual(0), fault));
      }
      found.add(lit(0));
      return coalesce(found.toArray(Column[]::new));
    }

    // ---- checking pass
    // ---------------------------------------------------------------------------

    /** Fills the cache, counts rows by fault, and refuses if there is any. */
    private long check(Dataset<Row> cohort, Set<String> needed) {
      Row[] counts =
          SourceTable.reading(
              source.place(),
              () -> (Row[]) cohort.groupBy(FAULT).agg(count(lit(1)).as("rows")).collect());
      long rows = 0;
      for (Row row : counts) {
        int number = row.getInt(0);
        if (number != 0) {
          throw refused(number, row.getLong(1), needed);
        }
        rows = row.getLong(1);
      }
      if (rows == 0 && SourceTable.reading(source.place(), () -> source.rows().isEmpty())) {
        throw Errors.data(
            ErrorCode.DATA_MISSING,
            source.place(),
            "the table has no rows.",
            "Look at what writes this table.");
      }
      return rows;
    }

    private TributaryException refused(int number, long rows, Set<String> needed) {
      Fault fault = Fault.of(number);
      String column = numbered.isEmpty() ? "" : numbered.get(Fault.columnIndex(number));
      String where =
          fault == Fault.MALFORMED ? source.place() : source.place() + ", column '" + column + "'";
      return Errors.data(
          fault.code(),
          where,
          "in "
              + rows
              + (rows == 1 ? " row" : " rows")
              + firstPlace(number, needed)
              + " "
              + fault.problem()
              + ".",
          fault.remedy());
    }

    /**
     * Where the first such row stands, for the site's own eyes. Row numbers are known in the first
     * part of a single file only: Spark reads the others without counting what is before them.
     */
    private String firstPlace(int number, Set<String> needed) {
      List<String> files = List.of(source.rows().inputFiles());
      if (files.isEmpty()) {
        return "";
      }
      Dataset<Row> counted =
          source
              .rows()
              .withColumn(ROW, monotonically_increasing_id())
              .withColumn(FILE, input_file_name());
      List<Row> found =
          plan(needed, counted, List.of(col(ROW), col(FILE)))
              .filter(col(FAULT).equalTo(number))
              .select(ROW, FILE)
              .takeAsList(1);
      if (found.isEmpty()) {
        return "";
      }
      long row = found.get(0).getLong(0) + 1;
      if (files.size() == 1) {
        return row <= Integer.MAX_VALUE ? " (first: row " + row + ")" : "";
      }
      return " (first: in " + found.get(0).getString(1) + ")";
    }
  }
}
