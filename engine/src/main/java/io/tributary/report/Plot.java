package io.tributary.report;

/** A picture the report draws from columns of one of the analysis's tables. */
public sealed interface Plot {
  /** Level that names a margin; pictures leave its rows out, for they dwarf the others. */
  String ALL = "(all)";

  /** Name of the table it is drawn from. */
  String table();

  String title();

  /**
   * Estimates with intervals, one line a row; log axis and a reference line at 1 if {@code ratio}.
   */
  record Forest(
      String table,
      String title,
      String label,
      String estimate,
      String low,
      String high,
      Scale scale)
      implements Plot {}

  /** Bars over intervals [lower, upper). A row may be grouped by {@code group}, or "" for none. */
  record Histogram(
      String table, String title, String lower, String upper, String count, String group)
      implements Plot {}

  /** Bars over categories, side by side by {@code group}, or "" for none. */
  record Bars(String table, String title, String category, String value, String group)
      implements Plot {}

  /** Points joined by lines or steps, one line a {@code group}, or "" for one line. */
  record Lines(String table, String title, String x, String y, String group, Form form)
      implements Plot {}

  /** Points side by side, in shades by {@code group}, whose points stand together in the table. */
  record Points(String table, String title, String x, String y, String group) implements Plot {}

  /**
   * Survival curves with their limits, and persons at risk below the axis, one curve a {@code
   * group}, or "" for one curve.
   *
   * @param risk column of persons at risk just before each step
   * @param form STRAIGHT where steps between the rows are left out, so that no line claims that
   *     nobody had the event there
   */
  record Survival(
      String table,
      String title,
      String time,
      String survival,
      String low,
      String high,
      String risk,
      String group,
      Form form)
      implements Plot {}

  /**
   * How many are left step by step, from the first row on.
   *
   * @param label column that says what a step asks for
   * @param count column of how many are left after it
   * @param excluded column of how many it leaves out
   */
  record Attrition(String table, String title, String label, String count, String excluded)
      implements Plot {}

  /**
   * Two groups back to back over categories, such as sexes over ages; of more groups the first two.
   */
  record Pyramid(String table, String title, String category, String value, String group)
      implements Plot {}

  /**
   * Pathways as rings. The first row is everybody.
   *
   * @param pathway column of the steps, joined by -, a pathway before those that go on from it
   * @param step column of how many steps it has, 0 for everybody
   * @param count column of how many begin so
   */
  record Sunburst(String table, String title, String pathway, String step, String count)
      implements Plot {}

  /** Axis of estimates. */
  enum Scale {
    LINEAR,
    RATIO
  }

  /** How points are joined. */
  enum Form {
    STRAIGHT,
    STEP
  }
}
