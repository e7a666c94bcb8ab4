package io.tributary.jobs.analysis;

import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
    return of(job, options, "by");
  }

  /** Reads {@code by} where one column of at least two levels has to make the groups. */
  public static Grouping oneWay(Job job, Options options) {
    Grouping grouping = of(job, options);
    if (grouping.fields.size() != 1 || grouping.groups < 2) {
      throw options.refuse(
          "by",
          grouping.isGrouped() ? "makes no groups of one way" : "is missing",
          "one column of at least two levels");
    }
    return grouping;
  }

  /** Reads an option that names columns as {@code by} does. */
  public static Grouping of(Job job, Options options, String option) {
    return of(job, options, option, options.names(option));
  }

  /** Groups of these columns, which an option names. */
  public static Grouping of(Job job, Options options, String option, List<String> columns) {
    List<Field> fields = new ArrayList<>();
    long groups = 1;
    if (new HashSet<>(columns).size() < columns.size()) {
      throw options.refuse(option, "names a group's column twice", "each column once");
    }
    for (String column : columns) {
      Field field = Field.requireCategory(job.study(), job.name(), column);
      fields.add(field);
      groups *= field.levels().size();
    }
    if (fields.size() > 2) {
      throw options.refuse(option, "names " + fields.size() + " columns", "one or two columns");
    }
    if (groups > MAX_GROUPS) {
      throw options.refuse(option, "makes " + groups + " groups", "at most " + MAX_GROUPS);
    }
    return new Grouping(List.copyOf(fields), (int) groups);
  }

  /**
   * These groups inside each stratum: group {@code g} of stratum {@code s} is {@code s} times
   * {@link #groups} plus {@code g}. A column that makes both is refused.
   *
   * @param option the option that names the strata
   */
  public Grouping within(Grouping strata, Options options, String option) {
    for (Field field : strata.fields) {
      if (fields.stream().anyMatch(own -> own.column().equals(field.column()))) {
        throw options.refuse(
            option, "names '" + field.column() + "', which makes groups", "another column");
      }
    }
    if ((long) groups * strata.groups > MAX_GROUPS) {
      throw options.refuse(
          option,
          "makes " + (long) groups * strata.groups + " groups in all strata",
          "at most " + MAX_GROUPS);
    }
    List<Field> all = new ArrayList<>(strata.fields);
    all.addAll(fields);
    return new Grouping(List.copyOf(all), groups * strata.groups);
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
    levels(group).forEach(level -> cells.add(Cell.of(level)));
    return cells;
  }

  /** Levels that make a group, one for each field. */
  public List<String> levels(int group) {
    List<String> levels = new ArrayList<>();
    int rest = group;
    for (int i = fields.size() - 1; i >= 0; i--) {
      List<String> own = fields.get(i).levels();
      levels.add(0, own.get(rest % own.size()));
      rest /= own.size();
    }
    return levels;
  }

  /** Whom a count in a group counts: its level of each column. */
  public Map<String, Set<String>> states(int group) {
    Map<String, Set<String>> states = new TreeMap<>();
    List<String> levels = levels(group);
    for (int i = 0; i < levels.size(); i++) {
      states.put(fields.get(i).column(), Set.of(levels.get(i)));
    }
    return states;
  }

  /** Whom all groups together count: who has a level of each column. */
  public Map<String, Set<String>> anyGroup() {
    Map<String, Set<String>> states = new TreeMap<>();
    fields.forEach(field -> states.put(field.column(), Set.copyOf(field.levels())));
    return states;
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
