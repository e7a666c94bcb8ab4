package io.tributary.jobs.analysis;

import io.tributary.study.Errors;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Reads typed columns of Spark rows as doubles: numbers as they are, categories as level index. */
public final class Values implements Serializable {
  /** Beyond 2^53 a whole number may not be a double. */
  private static final long MAX_WHOLE = 1L << 53;

  private final List<Field> fields;
  private final List<Map<String, Integer>> levels;

  public Values(List<Field> fields) {
    this.fields = List.copyOf(fields);
    java.util.ArrayList<Map<String, Integer>> maps = new java.util.ArrayList<>();
    for (Field field : fields) {
      Map<String, Integer> index = new HashMap<>();
      for (int i = 0; i < field.levels().size(); i++) {
        index.put(field.levels().get(i), i);
      }
      // Tables deliver booleans as 0 and 1.
      if (field.levels().equals(List.of("FALSE", "TRUE"))) {
        index.put("0", 0);
        index.put("1", 1);
      }
      maps.add(index);
    }
    this.levels = maps;
  }

  /**
   * One value.
   *
   * @param field position of the field
   * @param at position of its column in the row
   * @return NaN if missing; a value that is itself NaN or infinite is refused
   */
  public double value(int field, Row row, int at) {
    Object value = row.get(at);
    if (value == null) {
      return Double.NaN;
    }
    Field declared = fields.get(field);
    if (declared.isCategory()) {
      Integer index = levels.get(field).get(levelText(value));
      if (index == null) {
        throw Errors.badColumn(
            declared.column(),
            "a value is not among its declared levels.",
            "Correct the value at the site, or declare the level in the study.");
      }
      return index;
    }
    double number = number(declared.column(), value);
    if (declared.hasRange() && !(number >= declared.low() && number <= declared.high())) {
      throw Errors.valueOutOfBounds(
          declared.column(), Math.max(Math.abs(declared.low()), Math.abs(declared.high())));
    }
    return number;
  }

  /** A weight; DATA_INVALID below 0. */
  public double weight(int field, Row row, int at) {
    double weight = value(field, row, at);
    if (weight < 0) {
      throw Errors.badColumn("weights", "a weight is negative.", "Give weights of at least 0.");
    }
    return weight;
  }

  private static double number(String column, Object value) {
    if (value instanceof Long whole && Math.abs(whole) > MAX_WHOLE) {
      throw Errors.valueOutOfBounds(column, MAX_WHOLE);
    }
    if (value instanceof Number number) {
      double real = number.doubleValue();
      if (!Double.isFinite(real)) {
        throw Errors.notANumber(column);
      }
      // Zero has one sign here, so that equal values have equal keys.
      return real + 0.0;
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate().toEpochDay();
    }
    if (value instanceof java.time.LocalDate date) {
      return date.toEpochDay();
    }
    throw Errors.badColumn(
        column,
        "it holds text where the study uses a number.",
        "Declare columns." + column + ".levels, or derive a number from it.");
  }

  /** R's way of writing a level: whole numbers without a point, logicals in capitals. */
  public static String levelText(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "TRUE" : "FALSE";
    }
    if (value instanceof Number number && !(value instanceof java.math.BigDecimal)) {
      double real = number.doubleValue();
      if (real == Math.rint(real) && Math.abs(real) < MAX_WHOLE) {
        return Long.toString((long) real);
      }
      return Double.toString(real);
    }
    if (value instanceof java.math.BigDecimal decimal) {
      return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }
    return value.toString();
  }
}
