package io.tributary.jobs.analysis;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.Study.ColumnSpec;
import io.tributary.study.Study.ColumnType;
import io.tributary.study.Study.Range;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A column as an analysis reads it: a number, or a category whose levels the study tells.
 *
 * @param column name in the study
 * @param levels levels in order, empty for a number
 * @param low least allowed number, or NaN if no range is declared
 * @param high greatest allowed number, or NaN
 * @param whole whether the study declares whole numbers
 */
public record Field(String column, List<String> levels, double low, double high, boolean whole)
    implements Serializable {

  /** Levels an integer range may be spelled out to. */
  public static final int MAX_LEVELS = 256;

  /** Beyond, days are none that a calendar knows. */
  private static final double MAX_DAYS = 1e9;

  public Field {
    levels = List.copyOf(levels);
  }

  /**
   * Reads a column as it is declared: declared levels and booleans are categories, text without
   * levels is refused, all else is a number.
   */
  public static Field of(Study study, String analysis, String column) {
    ColumnSpec spec = declared(study, column);
    if (!spec.levels().isEmpty()) {
      return category(column, spec.levels());
    }
    ColumnType type = spec.type().orElse(ColumnType.NUMBER);
    return switch (type) {
      case BOOLEAN -> category(column, List.of("FALSE", "TRUE"));
      case TEXT -> throw Errors.levelsNeeded(analysis, column);
      case NUMBER, INTEGER, DATE ->
          new Field(
              column,
              List.of(),
              spec.range().map(Range::low).orElse(Double.NaN),
              spec.range().map(Range::high).orElse(Double.NaN),
              type == ColumnType.INTEGER);
    };
  }

  /**
   * Reads a column as a category if something public tells its levels: declared ones, a boolean, or
   * the whole numbers of a declared range.
   */
  public static Optional<Field> categoryOf(Study study, String analysis, String column) {
    Field field = of(study, analysis, column);
    if (field.isCategory()) {
      return Optional.of(field);
    }
    if (field.whole() && field.hasRange() && field.high() - field.low() < MAX_LEVELS) {
      List<String> levels = new ArrayList<>();
      for (long level = (long) Math.ceil(field.low()); level <= field.high(); level++) {
        levels.add(Long.toString(level));
      }
      return Optional.of(category(column, levels));
    }
    return Optional.empty();
  }

  /** As {@link #categoryOf}, or a refusal that asks for levels. */
  public static Field requireCategory(Study study, String analysis, String column) {
    return categoryOf(study, analysis, column)
        .orElseThrow(() -> Errors.levelsNeeded(analysis, column));
  }

  /**
   * Reads a column of whole days, which an option names.
   *
   * @throws io.tributary.study.TributaryException STUDY_INVALID if it is a category
   */
  public static Field days(Job job, Options options, String option, String column) {
    if (of(job.study(), job.name(), column).isCategory()) {
      throw options.refuse(option, "names a category, '" + column + "'", "a column of days");
    }
    return number(column);
  }

  /**
   * Reads a column of 0 and 1, which an option names.
   *
   * @throws io.tributary.study.TributaryException STUDY_INVALID if it is a category
   */
  public static Field flag(Job job, Options options, String option, String column) {
    if (of(job.study(), job.name(), column).isCategory()) {
      throw options.refuse(option, "names a category, '" + column + "'", "a 0/1 column");
    }
    return new Field(column, List.of(), 0, 1, true);
  }

  /**
   * A value as whole days.
   *
   * @param days NaN if missing
   * @param what for the refusal of a fraction
   */
  public static double wholeDays(double days, String what) {
    if (Double.isNaN(days) || (days == Math.rint(days) && Math.abs(days) < MAX_DAYS)) {
      return days;
    }
    throw Errors.badColumn(
        what, "a value is no whole number of days.", "Round it in the study: floor(days).");
  }

  public static Field category(String column, List<String> levels) {
    return new Field(column, levels, Double.NaN, Double.NaN, false);
  }

  public static Field number(String column) {
    return new Field(column, List.of(), Double.NaN, Double.NaN, false);
  }

  public boolean isCategory() {
    return !levels.isEmpty();
  }

  public boolean hasRange() {
    return !Double.isNaN(low);
  }

  /** The declaration of a column; one without any when the study leaves it to the tables. */
  private static ColumnSpec declared(Study study, String column) {
    if (column.isBlank()) {
      throw Errors.invalid(
          ErrorCode.UNKNOWN_COLUMN, "analyses", "a column name is empty.", "Name a column.");
    }
    ColumnSpec spec = study.columns().get(column);
    return spec != null ? spec : new ColumnSpec(Optional.empty(), "", Optional.empty(), List.of());
  }
}
