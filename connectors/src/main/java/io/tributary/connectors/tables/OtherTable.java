package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.tributary.codec.StudyColumns;
import io.tributary.connectors.tables.TypedColumn.Marks;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * A table that a study joins to its rows ({@link Study.Join}). Values that are compared are numbers
 * if either table has numbers there, else texts without the blanks around them; what is missing
 * equals nothing.
 */
public final class OtherTable {
  /** Digits of a number that is compared with a text: whole ones of 64 bits, and some fraction. */
  private static final String COMPARED = "decimal(38,10)";

  private final SourceTable source;
  private final Map<String, String> names;
  private final Marks marks;

  private OtherTable(SourceTable source, Map<String, String> names, Marks marks) {
    this.source = source;
    this.names = names;
    this.marks = marks;
  }

  /** A dataset of the site's catalogue; nothing is read but headers. */
  public static OtherTable open(
      SparkSession spark, SiteConfig.Dataset dataset, Study study, Study.Join join) {
    List<String> wanted = wanted(study, join).stream().map(dataset::sourceName).distinct().toList();
    SourceTable source = SourceTable.open(spark, dataset, wanted);
    return new OtherTable(
        source, dataset.columns(), new Marks(dataset.missing(), source.decimal()));
  }

  /**
   * A table of health records.
   *
   * @param place for errors
   */
  public static OtherTable of(Dataset<Row> rows, String place) {
    List<String> columns = new ArrayList<>(List.of(rows.columns()));
    columns.remove(SourceTable.MALFORMED);
    return new OtherTable(new SourceTable(rows, columns, '.', place), Map.of(), Marks.NONE);
  }

  /** The table's own names of the columns that the study reads. */
  private static List<String> wanted(Study study, Study.Join join) {
    return StudyColumns.touched(study).stream()
        .filter(name -> study.cohort().joinOf(name).equals(Optional.of(join)))
        .map(name -> name.substring(join.prefix().length()))
        .toList();
  }

  /** Rows with the columns of all tables, and what marks values of the joined ones, by name. */
  record Joined(SourceTable rows, Map<String, Marks> marks) {}

  /**
   * Joins in the order of the study.
   *
   * @param first the cohort's own table
   * @param others by name
   */
  static Joined join(
      SourceTable first, SiteConfig.Dataset dataset, Study study, Map<String, OtherTable> others) {
    Joined joined = new Joined(first, Map.of());
    if (!others.isEmpty()) {
      requireWhole(first);
    }
    for (Study.Join join : study.cohort().joins()) {
      joined = others.get(join.table()).joinedTo(joined, dataset, study, join);
    }
    return joined;
  }

  private Joined joinedTo(Joined before, SiteConfig.Dataset dataset, Study study, Study.Join join) {
    requireWhole(source);
    SourceTable rows = before.rows();
    List<String> names = new ArrayList<>(rows.names());
    Map<String, Marks> all = new HashMap<>(before.marks());
    List<Column> selected = new ArrayList<>();
    for (String name : wanted(study, join)) {
      if (names.contains(join.prefix() + name)) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            rows.place(),
            "it has a column '" + join.prefix() + name + "', and a joined table has another.",
            "Map one of the two to another name under columns in the site's catalogue.");
      }
      names.add(join.prefix() + name);
      all.put(join.prefix() + name, marks);
      selected.add(TypedColumn.named(own(name)).as(join.prefix() + name));
    }
    Dataset<Row> left = rows.rows();
    Column matches = null;
    int number = 0;
    for (Map.Entry<String, String> on : join.on().entrySet()) {
      String mine = dataset.sourceName(on.getKey());
      if (!rows.names().contains(mine)) {
        throw unknown(rows, on.getKey());
      }
      Marks ofMine =
          before.marks().getOrDefault(mine, new Marks(dataset.missing(), rows.decimal()));
      String theirs = own(on.getValue());
      DataType[] types = {
        rows.rows().schema().apply(mine).dataType(), source.rows().schema().apply(theirs).dataType()
      };
      left = left.withColumn(leftKey(number), compared(mine, ofMine, types[0], types[1]));
      selected.add(compared(theirs, marks, types[1], types[0]).as(rightKey(number)));
      Column equal =
          TypedColumn.named(leftKey(number)).equalTo(TypedColumn.named(rightKey(number)));
      matches = matches == null ? equal : matches.and(equal);
      number++;
    }
    Dataset<Row> both =
        left.join(
            source.rows().select(selected.toArray(Column[]::new)),
            matches,
            join.keepsUnmatched() ? "left_outer" : "inner");
    for (int key = 0; key < number; key++) {
      both = both.drop(leftKey(key), rightKey(key));
    }
    return new Joined(
        new SourceTable(both, List.copyOf(names), rows.decimal(), rows.place()), Map.copyOf(all));
  }

  private static String leftKey(int number) {
    return "__tributary_left:" + number;
  }

  private static String rightKey(int number) {
    return "__tributary_right:" + number;
  }

  private String own(String name) {
    String own = names.getOrDefault(name, name);
    if (!source.names().contains(own)) {
      throw unknown(source, name);
    }
    return own;
  }

  private static RuntimeException unknown(SourceTable table, String name) {
    return Errors.data(
        ErrorCode.UNKNOWN_COLUMN,
        table.place(),
        "there is no column '" + name + "'.",
        table.remedyForUnknownName());
  }

  private static Column compared(String name, Marks marks, DataType type, DataType other) {
    Column column = TypedColumn.named(name);
    if (type instanceof NumericType) {
      // Spark takes NaN for equal to itself.
      Column number = column.cast("double");
      Column present =
          when(
              not(isnan(number)).and(not(number.isin(TypedColumn.numbers(marks.missing())))),
              column);
      return type.equals(other) ? present : present.try_cast(COMPARED);
    }
    Column text = trim(column.cast("string"));
    List<Object> missing = new ArrayList<>(marks.missing());
    missing.add("");
    Column present =
        type instanceof StringType ? when(not(text.isin(missing.toArray())), text) : text;
    return other instanceof NumericType ? present.try_cast(COMPARED) : present;
  }

  /** A row that could not be split might have matched one: no join passes over it. */
  private static void requireWhole(SourceTable table) {
    if (!List.of(table.rows().columns()).contains(SourceTable.MALFORMED)) {
      return;
    }
    // Spark does not answer a query of that column alone.
    Row counts =
        SourceTable.reading(
            table.place(),
            () ->
                table
                    .rows()
                    .agg(
                        count(col(SourceTable.MALFORMED)),
                        count(TypedColumn.named(table.names().get(0))))
                    .first());
    long rows = counts.getLong(0);
    if (rows > 0) {
      throw Errors.data(
          Fault.MALFORMED.code(),
          table.place(),
          "in " + rows + (rows == 1 ? " row " : " rows ") + Fault.MALFORMED.problem() + ".",
          Fault.MALFORMED.remedy());
    }
  }
}
