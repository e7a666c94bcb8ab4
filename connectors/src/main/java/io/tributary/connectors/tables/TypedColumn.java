package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.Study.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * How a column becomes one of the study: four projections one after the other, each over the
 * attributes of those before, since one expression for all would be copied into itself until no JVM
 * method holds its generated code. Attribute names end in the column's number.
 *
 * @param type of {@code value}: NUMBER and INTEGER are double, BOOLEAN boolean, DATE date, TEXT
 *     string
 * @param present first: the value as it stands, null if it is missing
 * @param number second, over {@code present}: its number, where one is needed
 * @param value third, over {@code present} and {@code number}; may be anything if there is a fault
 * @param fault fourth, over all of them: 0, or {@link Fault#at} of this column
 */
record TypedColumn(ColumnType type, Column present, Column number, Column value, Column fault) {
  /** Squares of values up to here are finite, and so are sums of them over any table. */
  static final double LARGEST = 1e150;

  private static final double TWO_53 = 9007199254740992.0;

  /** What the catalogue says about values of a source. */
  record Marks(List<String> missing, char decimal) {
    static final Marks NONE = new Marks(List.of(), '.');
  }

  static String presentName(int number) {
    return "present:" + number;
  }

  static String numberName(int number) {
    return "number:" + number;
  }

  static String valueName(int number) {
    return "value:" + number;
  }

  static String faultName(int number) {
    return "fault:" + number;
  }

  /**
   * Reads a column of a source, or a derived one.
   *
   * @param raw the column
   * @param from its type
   * @param index number of the study's column, for {@link Fault#at}
   * @param what it is, for errors
   */
  static TypedColumn of(
      Column raw,
      DataType from,
      ColumnType type,
      Optional<ColumnSpec> spec,
      int index,
      Marks marks,
      String what) {
    Steps steps = new Steps(type, spec, index, marks.decimal());
    if (from instanceof StringType) {
      List<Object> missing = new ArrayList<>(marks.missing());
      missing.add("");
      return steps.ofText(when(not(trim(raw).isin(missing.toArray())), trim(raw)));
    }
    if (from instanceof NumericType) {
      Object[] missing = numbers(marks.missing());
      Column number = raw.cast("double");
      return steps.ofNumber(missing.length == 0 ? number : when(not(number.isin(missing)), number));
    }
    if (from instanceof BooleanType) {
      return steps.ofBoolean(raw);
    }
    if (from instanceof DateType
        || from instanceof TimestampType
        || from instanceof TimestampNTZType) {
      return steps.ofDate(raw.cast("date"));
    }
    throw Errors.data(
        ErrorCode.DATA_INVALID,
        what,
        "the column has the type " + from.simpleString() + ".",
        "Columns are numbers, text, booleans, dates or times; give the site a flat view.");
  }

  /** The column of that name, whatever characters it has; a dot is no path here. */
  static Column named(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Without a declaration a column is a number: at every site, whatever its table holds. */
  static ColumnType declaredType(Optional<ColumnSpec> spec) {
    return declaredType(spec, ColumnType.NUMBER);
  }

  static ColumnType declaredType(Optional<ColumnSpec> spec, ColumnType byDefault) {
    if (spec.isPresent() && !spec.get().levels().isEmpty()) {
      return ColumnType.TEXT;
    }
    return spec.flatMap(ColumnSpec::type).orElse(byDefault);
  }

  /** Those markers of missing values that are numbers; they are compared as numbers. */
  static Object[] numbers(List<String> markers) {
    return markers.stream().filter(TypedColumn::isNumber).map(Double::valueOf).toArray();
  }

  private static boolean isNumber(String text) {
    return text.matches("NaN|[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  }

  private static final Object[] INFINITIES = {
    "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"
  };

  /** The four steps of one column, by the form that its values have. */
  private static final class Steps {
    private static final Column NO_NUMBER = lit(null).cast("double");

    private final ColumnType type;
    private final Optional<ColumnSpec> spec;
    private final int index;
    private final char decimal;
    private final Column present;
    private final Column number;
    private final Column value;

    Steps(ColumnType type, Optional<ColumnSpec> spec, int index, char decimal) {
      this.type = type;
      this.spec = spec;
      this.index = index;
      this.decimal = decimal;
      this.present = named(presentName(index));
      this.number = named(numberName(index));
      this.value = named(valueName(index));
    }

    TypedColumn ofText(Column text) {
      return switch (type) {
        case NUMBER, INTEGER -> {
          Column unreadable = present.isNotNull().and(number.isNull());
          yield new TypedColumn(
              type,
              text,
              parsed(),
              number,
              numberFault(when(unreadable, lit(Fault.TEXT.at(index)))));
        }
        case BOOLEAN -> {
          Column word = lower(present);
          Column flag =
              when(word.isin("true", "t", "yes", "y", "1"), lit(true))
                  .when(word.isin("false", "f", "no", "n", "0"), lit(false));
          yield new TypedColumn(type, text, NO_NUMBER, flag, lost(Fault.NOT_BOOLEAN));
        }
        case DATE ->
            new TypedColumn(
                type,
                text,
                NO_NUMBER,
                when(length(present).equalTo(10), present.try_cast("date")),
                lost(Fault.NOT_DATE));
        case TEXT -> text(text, numericLevels() ? parsed() : NO_NUMBER);
      };
    }

    TypedColumn ofNumber(Column from) {
      return switch (type) {
        case NUMBER, INTEGER ->
            new TypedColumn(type, from, present, number, numberFault(when(lit(false), lit(0))));
        case BOOLEAN -> {
          Column flag = when(present.equalTo(1), lit(true)).when(present.equalTo(0), lit(false));
          yield new TypedColumn(type, from, NO_NUMBER, flag, lost(Fault.NOT_BOOLEAN));
        }
        case DATE ->
            new TypedColumn(type, from, NO_NUMBER, lit(null).cast("date"), lost(Fault.NOT_DATE));
        case TEXT -> numericLevels() ? text(from, present) : text(from.cast("string"), NO_NUMBER);
      };
    }

    TypedColumn ofBoolean(Column flag) {
      return switch (type) {
        case BOOLEAN -> new TypedColumn(type, flag, NO_NUMBER, present, lit(0));
        case NUMBER, INTEGER -> ofNumber(flag.cast("double"));
        case DATE, TEXT -> ofText(flag.cast("string"));
      };
    }

    TypedColumn ofDate(Column date) {
      return type == ColumnType.DATE
          ? new TypedColumn(type, date, NO_NUMBER, present, lit(0))
          : ofText(date.cast("string"));
    }

    private boolean numericLevels() {
      List<String> levels = spec.map(ColumnSpec::levels).orElse(List.of());
      return !levels.isEmpty() && levels.stream().allMatch(TypedColumn::isNumber);
    }

    /**
     * The level that a value is. Where all levels are numbers, values are compared as numbers: 1,
     * 1.0 and 01 are one level, since hospitals write codes in all these forms.
     */
    private TypedColumn text(Column from, Column asNumber) {
      List<String> levels = spec.map(ColumnSpec::levels).orElse(List.of());
      if (levels.isEmpty()) {
        return new TypedColumn(ColumnType.TEXT, from, NO_NUMBER, present, lit(0));
      }
      Column level = when(present.isin(levels.toArray()), present);
      if (numericLevels()) {
        level = when(lit(false), lit(""));
        for (String candidate : levels) {
          level = level.when(number.equalTo(Double.parseDouble(candidate)), lit(candidate));
        }
      }
      return new TypedColumn(ColumnType.TEXT, from, asNumber, level, lost(Fault.UNKNOWN_LEVEL));
    }

    /**
     * A number that is text, null if it is none. Java's parser behind the cast would also take 1d,
     * 1f and 0x1p3, which no table means as numbers; so letters of that kind are spoilt first. The
     * infinities that R, pandas and Java write are numbers, which are then refused as such.
     */
    private Column parsed() {
      Column plain =
          decimal == ','
              ? translate(present, ",.dDfFxX", ".???????")
              : translate(present, "dDfFxX", "??????");
      return coalesce(
          plain.try_cast("double"),
          when(lower(present).isin(INFINITIES), lit(Double.POSITIVE_INFINITY)));
    }

    /** Finite, within what a sum of squares can hold, whole and in range as declared. */
    private Column numberFault(Column before) {
      Column fault =
          before.when(
              isnan(number).or(abs(number).equalTo(Double.POSITIVE_INFINITY)),
              lit(Fault.NOT_FINITE.at(index)));
      Optional<Range> range = spec.flatMap(ColumnSpec::range);
      if (range.isPresent()) {
        fault =
            fault.when(
                number.lt(range.get().low()).or(number.gt(range.get().high())),
                lit(Fault.OUT_OF_RANGE.at(index)));
      }
      fault = fault.when(abs(number).gt(LARGEST), lit(Fault.TOO_LARGE.at(index)));
      if (type == ColumnType.INTEGER) {
        fault =
            fault.when(
                abs(number).gt(TWO_53).or(floor(number).cast("double").notEqual(number)),
                lit(Fault.NOT_WHOLE.at(index)));
      }
      return fault.otherwise(lit(0));
    }

    private Column lost(Fault fault) {
      return when(present.isNotNull().and(value.isNull()), lit(fault.at(index))).otherwise(lit(0));
    }
  }
}
