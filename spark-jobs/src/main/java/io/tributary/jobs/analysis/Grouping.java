package io.tributary.jobs.analysis;

import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The groups of an analysis's {@code by} option: all combinations of the levels of none, one or two
 * columns, the last one fastest.
 */
public final class Grouping implements Serializable {
  /** Groups a study may ask for. */
  public static final int MAX_GROUPS = 1024;

  private final List<Field> fields;
  private final int groups;

  private Grouping(List<Field> fields, int groups) {
    this.fields = fields;
    this.groups = groups;
  }

  /** One group that holds everybody. */
  public static Grouping none() {
    return new Grouping(List.of(), 1);
  }

  /** Reads {@code by}; its columns need known levels. */
  public static Grouping of(Job job, Options options) {
    List<Field> fields = new ArrayList<>();
    long groups = 1;
    for (String column : options.names("by")) {
      Field field = Field.requireCategory(job.study(), job.name(), column);
      fields.add(field);
      groups *= field.levels().size();
    }
    if (fields.size() > 2) {
      throw options.refuse("by", "names " + fields.size() + " columns", "one or two columns");
    }
    if (groups > MAX_GROUPS) {
      throw options.refuse("by", "makes " + groups + " groups", "at most " + MAX_GROUPS);
    }
    return new Grouping(List.copyOf(fields), (int) groups);
  }

  public List<Field> fields() {
    return fields;
  }

  public int groups() {
    return groups;
  }

  public boolean isGrouped() {
    return !fields.isEmpty();
  }

  /** Group of a row from its level indices, or -1 if one is missing. */
  public int group(double[] levels) {
    int group = 0;
    for (int i = 0; i < fields.size(); i++) {
      if (Double.isNaN(levels[i])) {
        return -1;
      }
      group = group * fields.get(i).levels().size() + (int) levels[i];
    }
    return group;
  }

  /** Table columns that name the group: one for each {@code by} column. */
  public List<Column> columns() {
    return fields.stream().map(field -> Column.text(field.column())).toList();
  }

  /** Cells that name group {@code group}; the whole is {@link Plot#ALL} in every column. */
  public List<Cell> cells(int group) {
    List<Cell> cells = new ArrayList<>();
    if (group >= groups) {
      fields.forEach(field -> cells.add(Cell.of(Plot.ALL)));
      return cells;
    }
    int rest = group;
    for (int i = fields.size() - 1; i >= 0; i--) {
      List<String> levels = fields.get(i).levels();
      cells.add(0, Cell.of(levels.get(rest % levels.size())));
      rest /= levels.size();
    }
    return cells;
  }

  /** Column to group plots by, or "". */
  public String plotColumn() {
    return isGrouped() ? fields.get(fields.size() - 1).column() : "";
  }

  /** For {@code reveals} sentences: " in each of 6 groups", or nothing. */
  public String sentence() {
    return isGrouped() ? " in each of " + groups + " groups" : "";
  }
}
