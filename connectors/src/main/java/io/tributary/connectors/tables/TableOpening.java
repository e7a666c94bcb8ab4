package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** One opening of a table: resolves names, builds the plan, runs the checking pass. */
final class TableOpening {
  private static final String FAULT = "__tributary_fault";
  private static final String ROW = "__tributary_row";
  private static final String FILE = "__tributary_file";
  private static final String WHERE = "where";
  private static final AtomicLong OPENINGS = new AtomicLong();

  /** One local file is at most this many rows before Spark may number a second part. */
  private static final long FIRST_PART = 1L << 33;

  private final SiteConfig.Dataset dataset;
  private final Study study;
  private final SourceTable source;
  private final Map<String, TypedColumn.Marks> ofOthers;
  private final boolean remembers;
  private final CohortExpressions expressions;
  private final Set<String> needed;

  /** Study columns by their number in {@link Fault#at}; {@code where} is one of them. */
  private final List<String> numbered = new ArrayList<>();

  private final Map<String, TypedColumn> columns = new LinkedHashMap<>();

  /** Columns of the source, by name, that analyses read, directly or through derivations. */
  private final SortedSet<String> analysed = new TreeSet<>();

  /**
   * An opening.
   *
   * @param others joined tables by name
   */
  TableOpening(
      SiteConfig.Dataset dataset,
      Study study,
      SourceTable source,
      Map<String, OtherTable> others,
      SiteTable.Traces traces) {
    OtherTable.Joined joined = OtherTable.join(source, dataset, study, others);
    this.dataset = dataset;
    this.study = study;
    this.expressions = CohortExpressions.of(study.cohort(), study.columns());
    this.needed = StudyColumns.analysed(study);
    this.source = joined.rows();
    this.ofOthers = joined.marks();
    this.remembers = traces == SiteTable.Traces.KEPT;
  }

  SiteTable open() {
    resolve();
    Dataset<Row> cohort = unlike(plan(source.rows(), List.of()));
    cohort.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long rows = check(cohort);
      Map<String, ColumnType> types = new LinkedHashMap<>();
      Map<String, List<String>> levels = new LinkedHashMap<>();
      for (String name : needed) {
        types.put(name, columns.get(name).type());
        levels.put(name, spec(name).map(ColumnSpec::levels).orElse(List.of()));
      }
      Optional<String> person = study.cohort().person().map(this::sourceName);
      List<String> remembered = person.isPresent() ? List.copyOf(analysed) : List.of();
      return new SiteTable(types, levels, cohort, person, remembered, rows);
    } catch (RuntimeException failed) {
      SiteTable.free(List.of(() -> cohort.unpersist(true)));
      throw failed;
    }
  }

  /**
   * Spark gives equal plans one cache: two studies over one table would share a snapshot, which the
   * first to end would take from the other. All rows pass, and the optimizer removes the test.
   */
  private static Dataset<Row> unlike(Dataset<Row> rows) {
    return rows.filter(lit("opening " + OPENINGS.getAndIncrement()).isNotNull());
  }

  // ---- names
  // -------------------------------------------------------------------------------------

  /** Resolves what analyses and the filter read, and in turn what their derivations read. */
  private void resolve() {
    needed.forEach(this::resolve);
    for (String name : columns.keySet()) {
      if (!expressions.derive().containsKey(name)) {
        analysed.add(sourceName(name));
      }
    }
    expressions.where().ifPresent(where -> where.columns().forEach(this::resolve));
    study.cohort().person().ifPresent(this::sourceName);
    family().ifPresent(this::sourceName);
  }

  private Optional<String> family() {
    return study.genotypes().flatMap(Study.Genotypes::family);
  }

  private void resolve(String name) {
    if (columns.containsKey(name)) {
      return;
    }
    Checked derivation = expressions.derive().get(name);
    if (derivation != null) {
      derivation.columns().forEach(this::resolve);
      columns.put(name, derived(name, derivation));
    } else {
      columns.put(name, ofSource(name));
    }
  }

  private TypedColumn ofSource(String name) {
    String inSource = sourceName(name);
    return TypedColumn.of(
        TypedColumn.named(inSource),
        source.rows().schema().apply(inSource).dataType(),
        TypedColumn.declaredType(spec(name)),
        spec(name),
        number(name),
        ofOthers.getOrDefault(inSource, new TypedColumn.Marks(dataset.missing(), source.decimal())),
        source.place() + ", column '" + inSource + "'");
  }

  private TypedColumn derived(String name, Checked derivation) {
    DataType from =
        switch (derivation.type()) {
          case NUMBER, INTEGER -> DataTypes.DoubleType;
          case BOOLEAN -> DataTypes.BooleanType;
          case DATE -> DataTypes.DateType;
          case TEXT -> DataTypes.StringType;
        };
    return TypedColumn.of(
        TypedColumn.named(derivedName(name)),
        from,
        TypedColumn.declaredType(spec(name), derivation.type()),
        spec(name),
        number(name),
        TypedColumn.Marks.NONE,
        "derived column '" + name + "'");
  }

  private Optional<ColumnSpec> spec(String name) {
    return Optional.ofNullable(study.columns().get(name));
  }

  private int number(String name) {
    if (!numbered.contains(name)) {
      numbered.add(name);
    }
    return numbered.indexOf(name);
  }

  private static String derivedName(String name) {
    return "derived:" + name;
  }

  private static String brokenName(String name) {
    return "broken:" + name;
  }

  private String sourceName(String name) {
    String inSource = dataset.sourceName(name);
    if (source.names().contains(inSource)) {
      return inSource;
    }
    String mapped = name.equals(inSource) ? "" : " (mapped to '" + inSource + "')";
    throw Errors.data(
        ErrorCode.UNKNOWN_COLUMN,
        source.place(),
        "there is no column '" + name + "'" + mapped + ".",
        source.remedyForUnknownName());
  }

  // ---- plan
  // --------------------------------------------------------------------------------------

  /**
   * Projections over the source, then the cohort's filter. A row with a fault in a column that the
   * filter reads passes the filter: it might belong to the cohort, so it is an error and not
   * dropped in silence. Faults in other columns matter in rows of the cohort only.
   *
   * @param also columns to carry along
   */
  private Dataset<Row> plan(Dataset<Row> all, List<Column> also) {
    List<Column> raw = new ArrayList<>(also);
    List<String> ofSource = new ArrayList<>();
    for (String name : columns.keySet()) {
      if (!expressions.derive().containsKey(name)) {
        ofSource.add(name);
        raw.add(columns.get(name).present().as(TypedColumn.presentName(number(name))));
      }
    }
    List<Column> before = new ArrayList<>();
    boolean splits = List.of(all.columns()).contains(SourceTable.MALFORMED);
    raw.add(
        (splits ? faultIf(col(SourceTable.MALFORMED).isNotNull(), Fault.MALFORMED, 0) : lit(0))
            .as(SourceTable.MALFORMED));
    before.add(col(SourceTable.MALFORMED));
    study
        .cohort()
        .person()
        .ifPresent(
            person ->
                raw.add(
                    trim(TypedColumn.named(sourceName(person)).cast("string"))
                        .as(SiteTable.PERSON)));
    family()
        .ifPresent(
            family ->
                raw.add(
                    trim(TypedColumn.named(sourceName(family)).cast("string"))
                        .as(SiteTable.FAMILY)));
    if (also.isEmpty()) {
      raw.add(monotonically_increasing_id().as(ROW));
      raw.addAll(traces());
    }
    Dataset<Row> rows = checked(all.select(raw.toArray(Column[]::new)), ofSource);
    for (String name : columns.keySet()) {
      if (expressions.derive().containsKey(name)) {
        rows = derive(rows, name);
      }
    }
    if (expressions.where().isPresent()) {
      rows = filtered(rows, expressions.where().get(), before);
    }
    return result(rows, before, also);
  }

  /** By what a row is known again later, whatever the study declares its columns to be. */
  private List<Column> traces() {
    List<Column> traces = new ArrayList<>();
    if (!remembers) {
      return traces;
    }
    if (study.cohort().person().isPresent()) {
      int number = 0;
      for (String name : analysed) {
        traces.add(xxhash64(text(name)).as(SiteTable.traceName(number++)));
      }
    } else {
      Column[] all =
          source.names().stream().sorted().map(TableOpening::text).toArray(Column[]::new);
      traces.add(sha2(to_json(struct(all)).cast("binary"), 256).as(SiteTable.ROW_TRACE));
    }
    return traces;
  }

  private static Column text(String sourceName) {
    return trim(TypedColumn.named(sourceName).cast("string")).as(sourceName);
  }

  /** Adds number, value and fault of columns whose {@code present} is there. */
  private Dataset<Row> checked(Dataset<Row> rows, Collection<String> names) {
    Dataset<Row> withNumber =
        plus(rows, names, name -> columns.get(name).number(), TypedColumn::numberName);
    Dataset<Row> withValue =
        plus(withNumber, names, name -> columns.get(name).value(), TypedColumn::valueName);
    return plus(withValue, names, name -> columns.get(name).fault(), TypedColumn::faultName);
  }

  private Dataset<Row> plus(
      Dataset<Row> rows,
      Collection<String> names,
      java.util.function.Function<String, Column> step,
      java.util.function.IntFunction<String> attribute) {
    ToIntFunction<String> numbers = this::number;
    List<Column> selected = new ArrayList<>();
    selected.add(col("*"));
    for (String name : names) {
      selected.add(step.apply(name).as(attribute.apply(numbers.applyAsInt(name))));
    }
    return rows.select(selected.toArray(Column[]::new));
  }

  private Dataset<Row> derive(Dataset<Row> rows, String name) {
    Checked derivation = expressions.derive().get(name);
    ExpressionColumn bound = ExpressionColumn.of(derivation.expression(), this::value);
    List<Column> faults = faultsOf(derivation.columns());
    int number = number(name);
    Dataset<Row> computed =
        rows.select(
            col("*"),
            bound.value().as(derivedName(name)),
            bound
                .broken()
                .map(broken -> faultIf(broken, Fault.NOT_COMPUTED, number))
                .orElse(lit(0))
                .as(brokenName(name)));
    Dataset<Row> present =
        computed.select(col("*"), columns.get(name).present().as(TypedColumn.presentName(number)));
    faults.add(TypedColumn.named(brokenName(name)));
    faults.add(TypedColumn.named(TypedColumn.faultName(number)));
    return checked(present, List.of(name)).withColumn(TypedColumn.faultName(number), first(faults));
  }

  private Dataset<Row> filtered(Dataset<Row> rows, Checked where, List<Column> before) {
    ExpressionColumn bound = ExpressionColumn.of(where.expression(), this::value);
    int number = number(WHERE);
    before.addAll(faultsOf(where.columns()));
    bound.broken().ifPresent(broken -> before.add(faultIf(broken, Fault.NOT_COMPUTED, number)));
    String kept = "kept:";
    Dataset<Row> judged =
        rows.select(
            col("*"),
            coalesce(bound.value(), lit(false)).as(kept),
            first(before).as(brokenName(WHERE)));
    before.clear();
    before.add(TypedColumn.named(brokenName(WHERE)));
    // The row's number keeps the optimizer from moving the filter below the projections, where
    // their expressions would be copied into it.
    return judged.filter(
        TypedColumn.named(kept)
            .or(TypedColumn.named(brokenName(WHERE)).notEqual(0))
            .and(col(ROW).geq(0)));
  }

  private Dataset<Row> result(Dataset<Row> rows, List<Column> before, List<Column> also) {
    List<Column> faults = new ArrayList<>(before);
    faults.addAll(faultsOf(needed));
    List<Column> selected = new ArrayList<>();
    if (study.cohort().person().isPresent()) {
      Column person = col(SiteTable.PERSON);
      int number = number(study.cohort().person().get());
      faults.add(faultIf(person.isNull().or(length(person).equalTo(0)), Fault.NO_PERSON, number));
      selected.add(person);
    }
    if (family().isPresent()) {
      Column family = col(SiteTable.FAMILY);
      int number = number(family().get());
      faults.add(faultIf(family.isNull().or(length(family).equalTo(0)), Fault.NO_PERSON, number));
      selected.add(family);
    }
    for (String name : needed) {
      selected.add(value(name).as(name));
    }
    selected.add(first(faults).as(FAULT));
    if (also.isEmpty() && remembers) {
      if (study.cohort().person().isEmpty()) {
        selected.add(col(SiteTable.ROW_TRACE));
      } else {
        for (int number = 0; number < analysed.size(); number++) {
          selected.add(TypedColumn.named(SiteTable.traceName(number)));
        }
      }
    }
    if (!also.isEmpty()) {
      selected.add(col(ROW));
      selected.add(col(FILE));
    }
    return rows.select(selected.toArray(Column[]::new));
  }

  private Column value(String name) {
    return TypedColumn.named(TypedColumn.valueName(number(name)));
  }

  private List<Column> faultsOf(Iterable<String> names) {
    List<Column> faults = new ArrayList<>();
    for (String name : names) {
      faults.add(TypedColumn.named(TypedColumn.faultName(number(name))));
    }
    return faults;
  }

  private static Column faultIf(Column condition, Fault fault, int number) {
    return when(coalesce(condition, lit(false)), lit(fault.at(number))).otherwise(lit(0));
  }

  /** The first that is not 0, else 0. */
  private static Column first(List<Column> faults) {
    List<Column> found = new ArrayList<>();
    for (Column fault : new LinkedHashSet<>(faults)) {
      found.add(when(fault.notEqual(0), fault));
    }
    found.add(lit(0));
    return coalesce(found.toArray(Column[]::new));
  }

  // ---- checking pass
  // -----------------------------------------------------------------------------

  /** Fills the cache, counts rows by fault, and refuses if there is any. Returns all rows. */
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
    requireRowsPerPerson(cohort);
    boolean nobodyIsAllowed =
        study.cohort().definition().isPresent() || !study.cohort().joins().isEmpty();
    if (rows == 0
        && !nobodyIsAllowed
        && SourceTable.reading(source.place(), () -> source.rows().isEmpty())) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          source.place(),
          "the table has no rows.",
          "Look at what writes this table.");
    }
    return rows;
  }

  /** A person with more rows than the study says would weigh more in floors than a person may. */
  private void requireRowsPerPerson(Dataset<Row> cohort) {
    if (study.cohort().person().isEmpty()) {
      return;
    }
    int most = study.cohort().rowsPerPerson();
    Column[] person =
        family().isPresent()
            ? new Column[] {col(SiteTable.PERSON), col(SiteTable.FAMILY)}
            : new Column[] {col(SiteTable.PERSON)};
    long beyond =
        SourceTable.reading(
            source.place(),
            () -> cohort.groupBy(person).count().filter(col("count").gt(most)).count());
    if (beyond > 0) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          source.place() + ", column '" + study.cohort().person().get() + "'",
          beyond
              + (beyond == 1 ? " person has" : " persons have")
              + " more rows in the cohort than cohort.rowsPerPerson, which is "
              + most
              + ".",
          "Raise rowsPerPerson in the study if persons repeat by intent; else keep one row a person"
              + " by cohort.where, or at the site.");
    }
  }

  private TributaryException refused(int number, long rows) {
    Fault fault = Fault.of(number);
    String where = source.place();
    if (fault != Fault.MALFORMED) {
      where += ", column '" + numbered.get(Fault.columnIndex(number)) + "'";
    }
    String count = rows + (rows == 1 ? " row" : " rows") + firstPlace(number);
    return Errors.data(
        fault.code(), where, "in " + count + " " + fault.problem() + ".", fault.remedy());
  }

  /**
   * Where the first such row stands, for the site's own eyes. Row numbers are known in the first
   * part of a single file only: Spark reads the others without counting what is before them.
   */
  private String firstPlace(int number) {
    List<String> files = List.of(source.rows().inputFiles());
    if (files.isEmpty()
        || study.cohort().definition().isPresent()
        || !study.cohort().joins().isEmpty()) {
      return "";
    }
    Dataset<Row> counted =
        source
            .rows()
            .withColumn(ROW, monotonically_increasing_id())
            .withColumn(FILE, input_file_name());
    List<Row> found =
        plan(counted, List.of(col(ROW), col(FILE)))
            .filter(col(FAULT).equalTo(number))
            .select(ROW, FILE)
            .takeAsList(1);
    if (found.isEmpty()) {
      return "";
    }
    long row = found.get(0).getLong(0);
    if (files.size() > 1) {
      return " (first: in " + found.get(0).getString(1) + ")";
    }
    return row < FIRST_PART ? " (first: row " + (row + 1) + ")" : "";
  }
}
