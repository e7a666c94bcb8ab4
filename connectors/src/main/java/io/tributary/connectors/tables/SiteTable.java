package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_date;

import io.tributary.codec.StudyColumns;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import io.tributary.study.Study.ColumnType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
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
  /** Column of the cached rows that holds the person. */
  static final String PERSON = "__tributary_person";

  /** Column of the cached rows that holds the person's family, if genotypes are joined by it. */
  static final String FAMILY = "__tributary_family";

  /** By what rows stand together. */
  private static final String KEY = "__tributary_key";

  /** Stands between family and person in a key. */
  public static final char BETWEEN = '\u0001';

  /** Column of the cached rows that holds a hash of the whole row of the source. */
  static final String ROW_TRACE = "__tributary_trace";

  private final Map<String, ColumnType> types;
  private final Map<String, List<String>> levels;
  private final Dataset<Row> cohort;
  private final boolean personNamed;
  private final Optional<String> person;
  private final List<String> remembered;
  private final long rowCount;
  private final List<Runnable> releases = new ArrayList<>();
  private List<Long> attrition = List.of();
  private Optional<Companion> companion = Optional.empty();

  SiteTable(
      Map<String, ColumnType> types,
      Map<String, List<String>> levels,
      Dataset<Row> cohort,
      Optional<String> person,
      List<String> remembered,
      long rowCount) {
    this.types = types;
    this.levels = levels;
    this.cohort = cohort;
    this.personNamed = person.isPresent();
    this.person = person;
    this.remembered = List.copyOf(remembered);
    this.rowCount = rowCount;
  }

  /** Column of the cached rows that holds a hash of a remembered column. */
  static String traceName(int number) {
    return ROW_TRACE + ":" + number;
  }

  /**
   * Opens, checks and caches the study's columns of a dataset.
   *
   * @param source the catalogue's entry for {@code study.cohort().from()}
   */
  public static SiteTable open(SparkSession spark, SiteConfig.Dataset source, Study study) {
    return open(spark, source, study, Map.of(), Traces.NONE);
  }

  /**
   * As {@link #open(SparkSession, SiteConfig.Dataset, Study)}, with or without traces.
   *
   * @param others the tables that the study joins, by name
   */
  public static SiteTable open(
      SparkSession spark,
      SiteConfig.Dataset source,
      Study study,
      Map<String, OtherTable> others,
      Traces traces) {
    List<String> wanted =
        StudyColumns.touched(study).stream()
            .filter(name -> study.cohort().joinOf(name).isEmpty())
            .map(source::sourceName)
            .toList();
    SourceTable table = SourceTable.open(spark, source, wanted);
    return new TableOpening(source, study, table, others, traces).open();
  }

  /**
   * Checks and caches a cohort of health records; there may be nobody in it.
   *
   * @param rows a row for each spell
   * @param attrition persons with an entry event, then those left after each rule, then those in
   *     the cohort
   * @param others the tables that the study joins, by name
   */
  public static SiteTable of(
      SiteConfig.Dataset source,
      Study study,
      Dataset<Row> rows,
      List<Long> attrition,
      Map<String, OtherTable> others,
      Traces traces) {
    SourceTable table = new SourceTable(rows, List.of(rows.columns()), '.', source.name());
    SiteTable opened = new TableOpening(source, study, table, others, traces).open();
    opened.attrition = List.copyOf(attrition);
    return opened;
  }

  /**
   * Persons with an entry event, then those left after each rule, then those in the cohort; empty
   * if the study's cohort has no definition.
   */
  public List<Long> attrition() {
    return attrition;
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

  /**
   * As {@link #rows}, with the person as a last column: all rows of a person stand one after the
   * other in one partition.
   */
  public Dataset<Row> rowsByPerson(List<String> columns) {
    if (!personNamed) {
      throw new IllegalStateException("the study names no person");
    }
    return together(columns, new Column(PERSON));
  }

  /** The same by the value of another column, which may be missing. */
  public Dataset<Row> rowsBy(String key, List<String> columns) {
    return together(columns, delivered(key));
  }

  private Dataset<Row> together(List<String> columns, Column key) {
    List<Column> delivered = new ArrayList<>(columns.stream().map(this::delivered).toList());
    delivered.add(key.as(KEY));
    return cohort
        .select(delivered.toArray(Column[]::new))
        .repartition(new Column(KEY))
        .sortWithinPartitions(KEY);
  }

  /** What lies beside the rows and is known by their persons, such as genotypes. */
  public interface Companion {}

  /** What lies beside the rows, if there is such a thing. */
  public <T extends Companion> Optional<T> companion(Class<T> type) {
    return companion.filter(type::isInstance).map(type::cast);
  }

  /**
   * Some columns and, last, by what their person is known: the person's id, or family, {@link
   * #BETWEEN} and id if the study joins genotypes by both.
   */
  public Dataset<Row> rowsWithKey(List<String> columns) {
    List<Column> delivered = new ArrayList<>(columns.stream().map(this::delivered).toList());
    delivered.add(key());
    return cohort.select(delivered.toArray(Column[]::new));
  }

  private Column key() {
    if (!personNamed) {
      throw new IllegalStateException("the study names no person");
    }
    boolean byFamily = List.of(cohort.columns()).contains(FAMILY);
    Column person = new Column(PERSON);
    return byFamily ? concat(new Column(FAMILY), lit(String.valueOf(BETWEEN)), person) : person;
  }

  /**
   * The rows of persons that something beside the table knows as well; this table is closed with
   * the new one.
   *
   * @param keys as {@link #rowsWithKey} gives them
   */
  public SiteTable among(List<String> keys, Companion beside) {
    String known = "__tributary_known";
    Dataset<Row> kept =
        cohort
            .join(
                cohort.sparkSession().createDataset(keys, Encoders.STRING()).toDF(known),
                key().equalTo(new Column(known)),
                "left_semi")
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      SiteTable table = new SiteTable(types, levels, kept, person, remembered, kept.count());
      table.attrition = attrition;
      table.companion = Optional.of(beside);
      table.whenClosed(this::close);
      return table;
    } catch (RuntimeException failed) {
      free(List.of(() -> kept.unpersist(true)));
      throw failed;
    }
  }

  /** Whether rows carry by what they are known again, for {@link #remember}. */
  public enum Traces {
    NONE,
    /** Reads all columns where the study names no person: a row is known by all of it. */
    KEPT
  }

  /** Takes the rows of a cohort, to know them again. */
  public interface Memory {
    /**
     * One row.
     *
     * @param person what names the person, or a hash of the whole row if nothing does
     * @param values hashes of the values in {@link #rememberedColumns}, eight bytes each
     */
    void row(byte[] person, List<byte[]> values);
  }

  /** Column of the source that names the person, if the study says one. */
  public Optional<String> personColumn() {
    return person;
  }

  /**
   * Columns of the source whose values analyses read, directly or through derivations, in the order
   * of their names; none where each row is a person, who is known by all columns.
   */
  public List<String> rememberedColumns() {
    return remembered;
  }

  /**
   * Hands over every row of the cohort, as it was when the table was opened: not what the study
   * made of its values, so that two studies are compared by the source. Only for a table with
   * {@link Traces#KEPT}.
   */
  public void remember(Memory memory) {
    List<Column> traces = new ArrayList<>();
    traces.add(new Column(personNamed ? PERSON : ROW_TRACE));
    for (int number = 0; number < remembered.size(); number++) {
      traces.add(TypedColumn.named(traceName(number)));
    }
    Iterator<Row> rows = cohort.select(traces.toArray(Column[]::new)).toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      List<byte[]> values = new ArrayList<>();
      for (int at = 1; at < row.length(); at++) {
        values.add(ByteBuffer.allocate(Long.BYTES).putLong(row.getLong(at)).array());
      }
      memory.row(row.getString(0).getBytes(StandardCharsets.UTF_8), values);
    }
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

  /** Has something freed with the table, which was made from its rows and kept. */
  public void whenClosed(Runnable release) {
    synchronized (releases) {
      releases.add(release);
    }
  }

  /** Gives the cached rows back, and what was made from them. */
  @Override
  public void close() {
    synchronized (releases) {
      releases.add(() -> cohort.unpersist(true));
      free(releases);
      releases.clear();
    }
  }

  /**
   * Runs all of it. A thread that is being stopped would be thrown out of the first, as freeing
   * waits for executors, and the rest would stay in memory: a later opening of the same table would
   * then be given the rows of this one.
   */
  static void free(List<Runnable> releases) {
    boolean stopped = Thread.interrupted();
    RuntimeException failed = null;
    for (Runnable release : releases) {
      try {
        release.run();
      } catch (RuntimeException e) {
        failed = e;
      } catch (Exception interrupted) { // Spark's methods declare none.
        stopped = true;
      }
    }
    if (stopped) {
      Thread.currentThread().interrupt();
    }
    if (failed != null) {
      throw failed;
    }
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
}
