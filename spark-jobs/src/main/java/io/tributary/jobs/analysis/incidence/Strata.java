package io.tributary.jobs.analysis.incidence;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Grouping;
import io.tributary.report.Cell;
import io.tributary.report.Plot;
import java.util.ArrayList;
import java.util.List;

/** The strata of an analysis and all their margins, in the order of its tables. */
final class Strata {
  private final List<Field> fields;
  private final int groups;

  Strata(Grouping grouping) {
    this.fields = grouping.fields();
    this.groups = grouping.groups();
  }

  /**
   * A stratum, or a margin.
   *
   * @param kept columns that are told apart, as bits
   * @param at level of each column; 0 of one that is not told apart
   * @param members groups that it holds
   */
  record Stratum(int kept, List<Integer> at, List<Integer> members) {
    Stratum {
      at = List.copyOf(at);
      members = List.copyOf(members);
    }

    /** Indices for a table with one more dimension. */
    int[] with(int last) {
      int[] indices = new int[at.size() + 1];
      for (int d = 0; d < at.size(); d++) {
        indices[d] = at.get(d);
      }
      indices[at.size()] = last;
      return indices;
    }

    int[] indices() {
      return at.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /** Levels of each column. */
  int[] sizes() {
    return fields.stream().mapToInt(field -> field.levels().size()).toArray();
  }

  /** The strata first, everybody last. */
  List<Stratum> all() {
    List<Stratum> strata = new ArrayList<>();
    for (int kept = (1 << fields.size()) - 1; kept >= 0; kept--) {
      List<List<Integer>> seen = new ArrayList<>();
      for (int group = 0; group < groups; group++) {
        List<Integer> at = kept(levels(group), kept);
        if (!seen.contains(at)) {
          seen.add(at);
          strata.add(new Stratum(kept, at, members(at, kept)));
        }
      }
    }
    return strata;
  }

  private List<Integer> members(List<Integer> at, int kept) {
    List<Integer> members = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      if (kept(levels(group), kept).equals(at)) {
        members.add(group);
      }
    }
    return members;
  }

  private static List<Integer> kept(List<Integer> levels, int kept) {
    List<Integer> at = new ArrayList<>();
    for (int d = 0; d < levels.size(); d++) {
      at.add((kept >> d & 1) == 1 ? levels.get(d) : 0);
    }
    return at;
  }

  /** The last column fastest, as groups are numbered. */
  private List<Integer> levels(int group) {
    List<Integer> levels = new ArrayList<>();
    int rest = group;
    for (int d = fields.size() - 1; d >= 0; d--) {
      int size = fields.get(d).levels().size();
      levels.add(0, rest % size);
      rest /= size;
    }
    return levels;
  }

  /** One cell for each column. */
  List<Cell> cells(Stratum stratum) {
    List<Cell> cells = new ArrayList<>();
    for (int d = 0; d < fields.size(); d++) {
      boolean told = (stratum.kept() >> d & 1) == 1;
      cells.add(Cell.of(told ? fields.get(d).levels().get(stratum.at().get(d)) : Plot.ALL));
    }
    return cells;
  }

  /** In words. */
  String name(Stratum stratum) {
    List<String> parts = new ArrayList<>();
    for (int d = 0; d < fields.size(); d++) {
      if ((stratum.kept() >> d & 1) == 1) {
        parts.add(fields.get(d).column() + " = " + fields.get(d).levels().get(stratum.at().get(d)));
      }
    }
    return parts.isEmpty() ? Plot.ALL : String.join(", ", parts);
  }
}
