package io.tributary.jobs.analysis.table1;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.analysis.table1.Covariates.Line;
import io.tributary.jobs.analysis.table1.Table1State.Counted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a table may be shown. The cohorts' sizes and their sum are one table of counts; the
 * levels of one category in one cohort are another, whose total is the cohort's size. No sum of a
 * level over cohorts is shown, so each cohort is protected by itself.
 */
final class Table1Gate {
  private final Table1Analysis analysis;
  private final Counted counted;
  private final Covariates covariates;
  private final Floor floor;
  private final ProtectedCounts sizes;
  private final Map<String, ProtectedCounts> levels = new HashMap<>();

  Table1Gate(Table1Analysis analysis, Counted counted) {
    this.analysis = analysis;
    this.counted = counted;
    this.covariates = new Covariates(analysis, counted);
    this.floor = analysis.job().floor();
    int groups = analysis.grouping().groups();
    this.sizes =
        ProtectedCounts.of(
            groups == 1 ? new int[0] : new int[] {groups},
            counted.persons().toArray(),
            floor.minCell());
  }

  boolean showsTotal() {
    return analysis.grouping().groups() == 1 ? !sizes.hidden(0) : !sizes.hidden(0, 0);
  }

  boolean showsSize(int group) {
    return analysis.grouping().groups() == 1 ? showsTotal() : !sizes.hidden(1, group);
  }

  /** Whether the persons of a cohort that have a level, or several, are shown. */
  boolean showsLevel(Line line, int group) {
    return showsSize(group) && !protectedLevels(line.field(), group).hidden(1, at(line));
  }

  private int at(Line line) {
    return covariates.starts(line.field()).indexOf(line.from());
  }

  /** Runs of levels, and who has none if there are such persons: nobody being so is no secret. */
  private ProtectedCounts protectedLevels(Field field, int group) {
    return levels.computeIfAbsent(
        group + " " + field.column(),
        key -> {
          List<Integer> starts = covariates.starts(field);
          int all = field.levels().size();
          long missing = counted.persons().at(group) - covariates.persons(field, 0, all, group);
          long[] cells = new long[starts.size() + (missing > 0 ? 1 : 0)];
          for (int i = 0; i < starts.size(); i++) {
            int to = i + 1 < starts.size() ? starts.get(i + 1) : all;
            cells[i] = covariates.persons(field, starts.get(i), to, group);
          }
          if (missing > 0) {
            cells[starts.size()] = missing;
          }
          return ProtectedCounts.of(new int[] {cells.length}, cells, floor.minCell());
        });
  }

  /** Whether it is shown how many persons of a cohort have a value. */
  boolean showsValues(int column, int group) {
    long n = n(column, group);
    return showsSize(group)
        && floor.showsCount(n)
        && floor.showsMissing(counted.persons().at(group) - n);
  }

  /** Whether a mean rests on enough persons. */
  boolean hasEnough(int column, int group) {
    return showsSize(group) && floor.showsStatistic(n(column, group));
  }

  /** Whether, by the declared range, nobody makes up too much of a mean. */
  boolean boundsShare(int column, int group) {
    Field field = analysis.numbers().get(column);
    double reach =
        field.hasRange()
            ? Math.max(Math.abs(field.low()), Math.abs(field.high()))
            : Double.POSITIVE_INFINITY;
    return floor.boundsShare(
        reach, counted.absolutes().get(column * analysis.grouping().groups() + group));
  }

  long n(int column, int group) {
    return counted.n().at(column * analysis.grouping().groups() + group);
  }
}
