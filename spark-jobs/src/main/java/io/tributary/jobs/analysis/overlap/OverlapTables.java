package io.tributary.jobs.analysis.overlap;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The tables of an overlap, with the release floor applied. */
final class OverlapTables {
  private static final String COHORTS = "cohorts";
  private static final String OVERLAP = "overlap";
  private static final String COMBINATIONS = "combinations";
  private static final String SUBJECTS = "number_subjects";
  private static final String BOTH = "both_subjects";
  private static final String TARGET_ONLY = "t_only_subjects";
  private static final String COMPARATOR_ONLY = "c_only_subjects";
  private static final String NOBODYS = "(none)";

  private final OverlapAnalysis analysis;
  private final OverlapResult result;
  private final List<String> names;
  private final Floor floor;
  private final ProtectedCounts counts;

  OverlapTables(OverlapAnalysis analysis, OverlapResult result) {
    this.analysis = analysis;
    this.result = result;
    this.names = names(analysis);
    this.floor = analysis.job().floor();
    int[] sizes = new int[names.size()];
    Arrays.fill(sizes, 2);
    this.counts = ProtectedCounts.of(sizes, result.combinations().toArray(), floor.minCell());
  }

  private static List<String> names(OverlapAnalysis analysis) {
    return analysis.cohorts().stream().map(Field::column).toList();
  }

  AnalysisReport report() {
    long persons = result.combinations().sum();
    boolean enough = floor.showsStatistic(persons);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", enough ? Cell.of(persons) : floor.withheldCount());
    facts.put("missing", enough ? floor.missing(result.missing()) : floor.withheldCount());
    return new AnalysisReport(
        analysis.job().name(),
        "cohort-overlap",
        enough ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        enough ? persons : -1,
        0,
        facts,
        List.of(cohorts(), overlap(), combinations()),
        List.of(new Plot.Bars(COHORTS, "Persons in each cohort", "cohort_name", SUBJECTS, "")),
        List.of(floor.sentence()));
  }

  /** Persons who are in some cohorts, and in some not; of the others either. */
  private boolean hidden(int kept, int in) {
    return counts.hidden(kept, at(in));
  }

  private long count(int kept, int in) {
    return counts.count(kept, at(in));
  }

  private int[] at(int in) {
    int[] at = new int[names.size()];
    for (int d = 0; d < at.length; d++) {
      at[d] = in >> d & 1;
    }
    return at;
  }

  private Cell cell(int kept, int in) {
    return hidden(kept, in) ? floor.withheldCount() : Cell.of(count(kept, in));
  }

  private Cell percent(int kept, int in) {
    return hidden(kept, in) || hidden(0, 0)
        ? floor.withheldCount()
        : Cell.of(100.0 * count(kept, in) / count(0, 0));
  }

  private ResultTable cohorts() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int cohort = 0; cohort < names.size(); cohort++) {
      int bit = 1 << cohort;
      rows.add(List.of(Cell.of(names.get(cohort)), cell(bit, bit), percent(bit, bit)));
    }
    return new ResultTable(
        COHORTS,
        "Persons in each cohort",
        List.of(Column.text("cohort_name"), Column.whole(SUBJECTS), Column.real("percent")),
        rows);
  }

  private ResultTable overlap() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int target = 0; target < names.size(); target++) {
      for (int comparator = target + 1; comparator < names.size(); comparator++) {
        int t = 1 << target;
        int c = 1 << comparator;
        boolean either = !hidden(0, 0) && !hidden(t | c, 0);
        long inEither = count(0, 0) - count(t | c, 0);
        boolean ratio = either && !hidden(t | c, t | c);
        rows.add(
            List.of(
                Cell.of(names.get(target)),
                Cell.of(names.get(comparator)),
                either ? Cell.of(inEither) : floor.withheldCount(),
                cell(t | c, t | c),
                cell(t | c, t),
                cell(t | c, c),
                ratio ? Cell.of((double) count(t | c, t | c) / inEither) : floor.withheldCount()));
      }
    }
    return new ResultTable(
        OVERLAP,
        "Persons in any two cohorts",
        List.of(
            Column.text("target_cohort_name"),
            Column.text("comparator_cohort_name"),
            Column.whole("either_subjects"),
            Column.whole(BOTH),
            Column.whole(TARGET_ONLY),
            Column.whole(COMPARATOR_ONLY),
            Column.real("jaccard")),
        rows);
  }

  private ResultTable combinations() {
    List<List<Cell>> rows = new ArrayList<>();
    int all = (1 << names.size()) - 1;
    for (int in = 0; in <= all; in++) {
      List<String> held = new ArrayList<>();
      for (int d = 0; d < names.size(); d++) {
        if ((in >> d & 1) == 1) {
          held.add(names.get(d));
        }
      }
      rows.add(
          List.of(
              Cell.of(held.isEmpty() ? NOBODYS : String.join(" & ", held)),
              Cell.of((long) held.size()),
              cell(all, in),
              percent(all, in)));
    }
    return new ResultTable(
        COMBINATIONS,
        "Persons in exactly these cohorts",
        List.of(
            Column.text("cohorts"),
            Column.whole("cohorts_held"),
            Column.whole(SUBJECTS),
            Column.real("percent")),
        rows);
  }

  // ---- for the study's gate --------------------------------------------------------------------

  static List<PlacedCount> placed(OverlapAnalysis analysis) {
    List<String> names = names(analysis);
    List<PlacedCount> placed = new ArrayList<>();
    int all = (1 << names.size()) - 1;
    int pair = 0;
    for (int target = 0; target < names.size(); target++) {
      int t = 1 << target;
      placed.add(new PlacedCount(COHORTS, target, SUBJECTS, where(names, t, t)));
      for (int comparator = target + 1; comparator < names.size(); comparator++) {
        int c = 1 << comparator;
        placed.add(new PlacedCount(OVERLAP, pair, BOTH, where(names, t | c, t | c)));
        placed.add(new PlacedCount(OVERLAP, pair, TARGET_ONLY, where(names, t | c, t)));
        placed.add(new PlacedCount(OVERLAP, pair, COMPARATOR_ONLY, where(names, t | c, c)));
        pair++;
      }
    }
    for (int in = 0; in <= all; in++) {
      placed.add(new PlacedCount(COMBINATIONS, in, SUBJECTS, where(names, all, in)));
    }
    return placed;
  }

  private static Map<String, Set<String>> where(List<String> names, int kept, int in) {
    Map<String, Set<String>> where = new TreeMap<>();
    for (int d = 0; d < names.size(); d++) {
      where.put(
          names.get(d),
          (kept >> d & 1) == 0 ? Set.of("0", "1") : Set.of((in >> d & 1) == 1 ? "1" : "0"));
    }
    return where;
  }
}
