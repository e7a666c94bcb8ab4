package io.tributary.jobs.analysis.pathways;

import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PlacedCount;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The table of treatment pathways, with the release floor applied. */
final class PathwaysTables {
  private static final String PATHWAYS = "treatment_pathways";
  private static final String BEGIN = "number_subjects";
  private static final String WHOLE = "freq";
  private static final String EVERYBODY = "(all)";

  /** Rows of the table; the study's gate audits so many, and other tables beside them. */
  static final int MAX_ROWS = 500;

  private final PathwaysAnalysis analysis;
  private final PathwaysResult result;
  private final Pathways pathways;
  private final Floor floor;
  private final List<List<Cell>> rows = new ArrayList<>();
  private boolean withheld;
  private long least;

  PathwaysTables(PathwaysAnalysis analysis, PathwaysResult result) {
    this.analysis = analysis;
    this.result = result;
    this.pathways = analysis.pathways();
    this.floor = analysis.job().floor();
    this.least = floor.minCell();
  }

  AnalysisReport report() {
    long persons = result.persons().sum();
    boolean enough = floor.showsStatistic(persons);
    if (floor.showsCount(persons)) {
      add(0);
      while (rows.size() > MAX_ROWS) {
        rows.clear();
        least *= 2;
        add(0);
      }
    } else {
      withheld = true;
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        "A step with + is a combination; (all) are all persons, and those without treatment.");
    if (withheld) {
      notes.add("Steps that are withheld, and all below them, are not in the table.");
    }
    if (least > floor.minCell()) {
      notes.add(
          "More than "
              + MAX_ROWS
              + " pathways could be shown: those of fewer than "
              + least
              + " persons are withheld too.");
    }
    notes.add(floor.sentence());
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", enough ? Cell.of(persons) : floor.withheldCount());
    return new AnalysisReport(
        analysis.job().name(),
        "treatment-pathways",
        enough ? AnalysisReport.OK : AnalysisReport.TOO_FEW_PERSONS,
        enough ? persons : -1,
        0,
        facts,
        List.of(table()),
        List.of(
            new Plot.Sunburst(PATHWAYS, "Pathways, first step inside", "pathway", "step", BEGIN),
            new Plot.Bars(PATHWAYS, "Persons who begin so", "pathway", BEGIN, "")),
        notes);
  }

  private ResultTable table() {
    return new ResultTable(
        PATHWAYS,
        "Orders in which treatments begin",
        List.of(
            Column.text("pathway"),
            Column.whole("step"),
            Column.whole(BEGIN),
            Column.whole(WHOLE),
            Column.real("percent")),
        rows);
  }

  private long begin(int number) {
    long begin = 0;
    for (int each = number; each < pathways.end(number); each++) {
      begin += result.persons().at(each);
    }
    return begin;
  }

  /** A pathway whose beginners are shown, and those of its steps that may be. */
  private void add(int number) {
    List<Integer> next = pathways.next(number);
    long begin = begin(number);
    long[] cells = new long[1 + next.size()];
    cells[0] = result.persons().at(number);
    for (int i = 0; i < next.size(); i++) {
      cells[i + 1] = begin(next.get(i));
    }
    ProtectedCounts counts = ProtectedCounts.of(new int[] {cells.length}, cells, least);
    // Where no step follows, who begins so also ends so.
    boolean stay = next.isEmpty() || !counts.hidden(1, 0);
    rows.add(
        List.of(
            Cell.of(number == 0 ? EVERYBODY : pathways.name(number, analysis.names())),
            Cell.of((long) pathways.steps(number).size()),
            Cell.of(begin),
            stay ? Cell.of(cells[0]) : floor.withheldCount(),
            Cell.of(100.0 * begin / result.persons().sum())));
    withheld |= !stay;
    for (int i = 0; i < next.size(); i++) {
      if (counts.hidden(1, i + 1)) {
        withheld = true;
      } else {
        add(next.get(i));
      }
    }
  }

  // ---- for the study's gate --------------------------------------------------------------------

  /** A person has one whole pathway. */
  static List<PlacedCount> placed(PathwaysAnalysis analysis, AnalysisReport report) {
    Pathways pathways = analysis.pathways();
    List<String> names = analysis.names();
    Map<String, Integer> numbers = new TreeMap<>(Map.of(EVERYBODY, 0));
    for (int number = 1; number < pathways.size(); number++) {
      numbers.put(pathways.name(number, names), number);
    }
    String state = "pathway of " + analysis.question();
    List<PlacedCount> placed = new ArrayList<>();
    ResultTable table = report.tables().get(0);
    for (int row = 0; row < table.rows().size(); row++) {
      Cell.Text pathway = (Cell.Text) table.rows().get(row).get(0);
      int number = numbers.get(pathway.value());
      placed.add(
          new PlacedCount(PATHWAYS, row, WHOLE, Map.of(state, Set.of(String.valueOf(number)))));
      if (number == 0) {
        placed.add(new PlacedCount(PATHWAYS, row, BEGIN, Map.of()));
      } else {
        Set<String> below = new TreeSet<>();
        for (int each = number; each < pathways.end(number); each++) {
          below.add(String.valueOf(each));
        }
        placed.add(new PlacedCount(PATHWAYS, row, BEGIN, Map.of(state, below)));
      }
    }
    return placed;
  }
}
