package io.tributary.connectors.tables;

import static org.apache.spark.sql.functions.abs;
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
 * A study's column over a source's column: its value in the declared type, null if it is missing,
 * and its {@link Fault}. A value with a fault is null too; the row's fault keeps it from being
 * counted as missing.
 *
 * @param value NUMBER and INTEGER as double, BOOLEAN as boolean, DATE as date, TEXT as string
 * @param fault 0, or {@link Fault#at} of this column
 */
record TypedColumn(ColumnType type, Column value, Column fault) {
  /** Squares of values up to here are finite, and so are sums of them over any table. */
  static final double LARGEST = 1e150;

  private static final double TWO_53 = 9007199254740992.0;

  /** What the catalogue says about values of a source. */
  record Marks(List<String> missing, char decimal) {}

  /**
   * Reads a source's column.
   *
   * @param name in the source
   * @param from its type there
   * @param index number of the study's column, for {@link Fault#at}
   */
  static TypedColumn of(
      String name, DataType from, Optional<ColumnSpec> spec, int index, Marks marks, String place) {
    Column raw = named(name);
    ColumnType type = declaredType(spec);
    if (from instanceof StringType) {
      Column text = trim(raw);
      if (!marks.missing().isEmpty()) {
        text = when(not(text.isin(marks.missing().toArray())), text);
      }
      return ofText(when(length(text).gt(0), text), type, spec, index, marks.decimal());
    }
    if (from instanceof NumericType) {
      Object[] missing = numbers(marks.missing());
      Column number = raw.cast("double");
      if (missing.length > 0) {
        number = when(not(number.isin(missing)), number);
      }
      return ofNumber(number, lit(0), type, spec, index);
    }
    if (from instanceof BooleanType) {
      return ofBoolean(raw, type, spec, index);
    }
    if (from instanceof DateType
        || from instanceof TimestampType
        || from instanceof TimestampNTZType) {
      Column date = raw.cast("date");
      return type == ColumnType.DATE
          ? new TypedColumn(type, date, lit(0))
          : ofText(date.cast("string"), type, spec, index, '.');
    }
    throw Errors.data(
        ErrorCode.DATA_INVALID,
        place,
        "the column '" + name + "' has the type " + from.simpleString() + ".",
        "Columns are numbers, text, booleans, dates or times; give the site a flat view.");
  }

  /** A derived column: the expression's value, checked against what the study declares. */
  static TypedColumn derived(Column value, ColumnType type, Optional<ColumnSpec> spec, int index) {
    boolean declared = spec.isPresent() && (spec.get().type().isPresent() || hasLevels(spec));
    ColumnType target = declared ? declaredType(spec) : type;
    return switch (type) {
      case NUMBER, INTEGER -> ofNumber(value, lit(0), target, spec, index);
      case BOOLEAN -> ofBoolean(value, target, spec, index);
      case DATE ->
          target == ColumnType.DATE
              ? new TypedColumn(target, value, lit(0))
              : ofText(value.cast("string"), target, spec, index, '.');
      case TEXT -> ofText(value, target, spec, index, '.');
    };
  }

  /** The column of that name, whatever characters it has; a dot is no path here. */
  static Column named(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  /** Without a declaration a column is a number: at every site, whatever its table holds. */
  static ColumnType declaredType(Optional<ColumnSpec> spec) {
    if (hasLevels(spec)) {
      return ColumnType.TEXT;
    }
    return spec.flatMap(ColumnSpec::type).orElse(ColumnType.NUMBER);
  }

  private static boolean hasLevels(Optional<ColumnSpec> spec) {
    return spec.isPresent() && !spec.get().levels().isEmpty();
  }

  private static Object[] numbers(List<String> markers) {
    return markers.stream().filter(TypedColumn::isNumber).map(Double::valueOf).toArray();
  }

  static boolean isNumber(String text) {
    return text.matches("NaN|[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  }

  // ---- by the form of the value
  // ------------------------------------------------------------------

  private static TypedColumn ofText(
      Column text, ColumnType type, Optional<ColumnSpec> spec, int index, char decimal) {
    return switch (type) {
      case NUMBER, INTEGER -> {
        Column number = parsed(text, decimal);
        Column unreadable =
            when(text.isNotNull().and(number.isNull()), lit(Fault.TEXT.at(index)))
                .otherwise(lit(0));
        yield ofNumber(number, unreadable, type, spec, index);
      }
      case BOOLEAN -> {
        Column word = lower(text);
        Column value =
            when(word.isin("true", "t", "yes", "y", "1"), lit(true))
                .when(word.isin("false", "f", "no", "n", "0"), lit(false));
        yield new TypedColumn(type, value, faultIfLost(text, value, Fault.NOT_BOOLEAN, index));
      }
      case DATE -> {
        Column value = when(length(text).equalTo(10), text.try_cast("date"));
        yield new TypedColumn(type, value, faultIfLost(text, value, Fault.NOT_DATE, index));
      }
      case TEXT ->
          hasLevels(spec)
              ? level(text, parsed(text, decimal), spec.get().levels(), index)
              : new TypedColumn(type, text, lit(0));
    };
  }

  private static TypedColumn ofNumber(
      Column number, Column before, ColumnType type, Optional<ColumnSpec> spec, int index) {
    return switch (type) {
      case NUMBER, INTEGER -> checked(number, before, type, spec, index);
      case BOOLEAN -> {
        Column value = when(number.equalTo(1), lit(true)).when(number.equalTo(0), lit(false));
        yield new TypedColumn(type, value, faultIfLost(number, value, Fault.NOT_BOOLEAN, index));
      }
      case DATE ->
          new TypedColumn(
              type, lit(null).cast("date"), faultIfLost(number, lit(null), Fault.NOT_DATE, index));
      case TEXT ->
          hasLevels(spec)
              ? level(number.cast("string"), number, spec.get().levels(), index)
              : new TypedColumn(type, number.cast("string"), lit(0));
    };
  }

  private static TypedColumn ofBoolean(
      Column flag, ColumnType type, Optional<ColumnSpec> spec, int index) {
    return switch (type) {
      case BOOLEAN -> new TypedColumn(type, flag, lit(0));
      case NUMBER, INTEGER -> checked(flag.cast("double"), lit(0), type, spec, index);
      case DATE, TEXT -> ofText(flag.cast("string"), type, spec, index, '.');
    };
  }

  /** Finite, within what a sum of squares can hold, whole and in range as declared. */
  private static TypedColumn checked(
      Column number, Column before, ColumnType type, Optional<ColumnSpec> spec, int index) {
    Column fault =
        when(before.notEqual(0), before)
            .when(
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
    fault = fault.otherwise(lit(0));
    return new TypedColumn(type, when(fault.equalTo(0), number), fault);
  }

  /**
   * The level that a value is. Where all levels are numbers, values are compared as numbers: 1, 1.0
   * and 01 are one level, since hospitals write codes in all these forms.
   */
  private static TypedColumn level(Column text, Column number, List<String> levels, int index) {
    Column value;
    if (levels.stream().allMatch(TypedColumn::isNumber)) {
      value = null;
      for (String level : levels) {
        Column same = number.equalTo(Double.parseDouble(level));
        value = value == null ? when(same, lit(level)) : value.when(same, lit(level));
      }
    } else {
      value = when(text.isin(levels.toArray()), text);
    }
    return new TypedColumn(
        ColumnType.TEXT, value, faultIfLost(text, value, Fault.UNKNOWN_LEVEL, index));
  }

  private static Column faultIfLost(Column before, Column after, Fault fault, int index) {
    return when(before.isNotNull().and(after.isNull()), lit(fault.at(index))).otherwise(lit(0));
  }

  /**
   * A number that is text, null if it is none. Java's parser behind the cast also takes 1d, 1f and
   * 0x1p3, which no table means as numbers.
   */
  private static Column parsed(Column text, char decimal) {
    Column plain = text;
    Column foreign = lower(text).rlike("[dfx]").and(not(lower(text).rlike("inf")));
    if (decimal == ',') {
      foreign = foreign.or(text.contains("."));
      plain = translate(text, ",", ".");
    }
    return when(not(foreign), plain.try_cast("double"));
  }
}
