package io.tributary.jobs.analysis.table1;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.table1.Table1State.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The covariates of a table, one a line, in the order of its columns. */
final class Covariates {
  private static final List<String> NUMBERED = List.of("0", "1");
  private static final List<String> FLAGS = List.of("FALSE", "TRUE");

  private final Table1Analysis analysis;
  private final Counted counted;

  Covariates(Table1Analysis analysis, Counted counted) {
    this.analysis = analysis;
    this.counted = counted;
  }

  /**
   * One covariate: a number, or a run of levels of a category.
   *
   * @param id from 1
   * @param from first level, -1 for a number
   * @param to after the last level
   */
  record Line(int id, Field field, int from, int to) {
    boolean isNumber() {
      return from < 0;
    }

    /** The levels as a reader sees them; nothing for a number, or for a column of yes and no. */
    String level() {
      if (isNumber() || isYesNo(field)) {
        return "";
      }
      String first = field.levels().get(from);
      return to == from + 1 ? first : first + " to " + field.levels().get(to - 1);
    }

    String name() {
      return level().isEmpty() ? field.column() : field.column() + " = " + level();
    }

    /** Its levels, for the study's gate. */
    Set<String> levels() {
      return new TreeSet<>(field.levels().subList(from, to));
    }
  }

  /** A column as this table reads it: whole numbers from 0 to 1 are yes and no. */
  static Field field(Job job, String column) {
    Field field = Field.of(job.study(), job.name(), column);
    boolean flag = !field.isCategory() && field.whole() && field.low() == 0 && field.high() == 1;
    return flag ? Field.category(column, NUMBERED) : field;
  }

  static boolean isYesNo(Field field) {
    return field.levels().equals(NUMBERED) || field.levels().equals(FLAGS);
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    for (String column : analysis.columns()) {
      for (Field field : analysis.numbers()) {
        if (field.column().equals(column)) {
          lines.add(new Line(lines.size() + 1, field, -1, -1));
        }
      }
      for (Field field : analysis.categories()) {
        if (field.column().equals(column)) {
          addLevels(field, lines);
        }
      }
    }
    return lines;
  }

  private void addLevels(Field field, List<Line> lines) {
    List<Integer> starts = starts(field);
    for (int i = isYesNo(field) ? 1 : 0; i < starts.size(); i++) {
      int to = i + 1 < starts.size() ? starts.get(i + 1) : field.levels().size();
      lines.add(new Line(lines.size() + 1, field, starts.get(i), to));
    }
  }

  /** First levels of the runs of levels that are told together. */
  List<Integer> starts(Field field) {
    List<Integer> starts = new ArrayList<>();
    if (!analysis.joins(field)) {
      for (int level = 0; level < field.levels().size(); level++) {
        starts.add(level);
      }
      return starts;
    }
    int start = 0;
    for (int level = 0; level < field.levels().size(); level++) {
      if (enough(field, start, level + 1)) {
        starts.add(start);
        start = level + 1;
      }
    }
    // What is left over at the end joins the last run.
    if (starts.isEmpty()) {
      starts.add(0);
    }
    return starts;
  }

  private boolean enough(Field field, int from, int to) {
    for (int group = 0; group < analysis.grouping().groups(); group++) {
      if (!analysis.job().floor().showsCount(persons(field, from, to, group))) {
        return false;
      }
    }
    return true;
  }

  /** Persons of a cohort at the levels from {@code from} to before {@code to}. */
  long persons(Field field, int from, int to, int group) {
    int before = 0;
    for (Field other : analysis.categories()) {
      if (other.column().equals(field.column())) {
        break;
      }
      before += other.levels().size();
    }
    long persons = 0;
    for (int level = from; level < to; level++) {
      persons += counted.levels().at((before + level) * analysis.grouping().groups() + group);
    }
    return persons;
  }
}
