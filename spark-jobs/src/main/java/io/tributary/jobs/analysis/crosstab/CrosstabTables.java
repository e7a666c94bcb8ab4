package io.tributary.jobs.analysis.crosstab;

import io.tributary.jobs.analysis.Field;
import io.tributary.jobs.analysis.Floor;
import io.tributary.jobs.analysis.PValue;
import io.tributary.jobs.analysis.ProtectedCounts;
import io.tributary.jobs.hypothesis.ContingencyTable;
import io.tributary.jobs.probability.FisherExact;
import io.tributary.report.AnalysisReport;
import io.tributary.report.Cell;
import io.tributary.report.Column;
import io.tributary.report.Plot;
import io.tributary.report.ResultTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of a crosstab, with the release floor applied. */
final class CrosstabTables {
  static final String COUNTS = "counts";

  private final CrosstabAnalysis analysis;
  private final CrosstabResult result;
  private final Floor floor;
  private final List<Field> fields;
  private final ProtectedCounts counts;

  CrosstabTables(CrosstabAnalysis analysis, CrosstabResult result) {
    this.analysis = analysis;
    this.result = result;
    this.floor = analysis.job().floor();
    this.fields = result.fields();
    this.counts =
        fields.isEmpty()
            ? null
            : ProtectedCounts.of(
                fields.stream().mapToInt(field -> field.levels().size()).toArray(),
                result.cells().toArray(),
                leftOut(),
                floor.minCell());
  }

  private BitSet leftOut() {
    BitSet cells = new BitSet();
    result.leftOut().forEach(cells::set);
    return cells;
  }

  /** By the names that these columns have in a cohort of health records. */
  private boolean isAgeAndSex() {
    return fields.size() == 2
        && (fields.get(0).column().equals("age_group") || fields.get(0).column().equals("age"))
        && fields.get(1).column().equals("sex")
        && fields.get(1).levels().size() == 2;
  }

  AnalysisReport report() {
    List<ResultTable> tables = new ArrayList<>();
    List<Plot> plots = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Map<String, Cell> facts = new LinkedHashMap<>();
    long persons = -1;
    boolean enough = false;
    if (counts == null) {
      notes.add(
          result.outcome().equals("RARE_LEVEL")
              ? "RARE_LEVEL: a level found in the data has too few persons. Declare the levels."
              : "LEVELS_UNKNOWN: values are not whole numbers from -1024 to 1023, or too many."
                  + " Declare the levels.");
    } else {
      tables.add(counts());
      if (fields.size() == 2) {
        tables.add(tests());
      }
      if (isAgeAndSex()) {
        plots.add(
            new Plot.Pyramid(
                "counts",
                "Persons by age and sex",
                fields.get(0).column(),
                "n",
                fields.get(1).column()));
      } else if (fields.size() < 3) {
        plots.add(
            new Plot.Bars(
                "counts",
                "Persons",
                fields.get(0).column(),
                "n",
                fields.size() == 2 ? fields.get(1).column() : ""));
      }
      long total = counts.count(0, new int[fields.size()]);
      enough = floor.showsStatistic(total);
      // With a cell left out the others' sum is not the number of persons.
      persons = enough && result.leftOut().isEmpty() ? total : -1;
      facts.put("persons", persons < 0 ? floor.withheldCount() : Cell.of(total));
      facts.put(
          "missing",
          persons < 0 || result.missingLeftOut()
              ? floor.withheldCount()
              : floor.missing(result.missing()));
      if (counts.anyHidden() && fields.size() == 2) {
        notes.add("Tests are withheld, since a withheld cell would follow from them.");
      }
    }
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "crosstab",
        counts != null && !enough ? AnalysisReport.TOO_FEW_PERSONS : result.outcome(),
        persons,
        0,
        facts,
        tables,
        plots,
        notes);
  }

  private ResultTable counts() {
    List<Column> columns = new ArrayList<>();
    fields.forEach(field -> columns.add(Column.text(field.column())));
    columns.add(Column.whole("n"));
    columns.add(Column.real("percent"));
    if (fields.size() == 2) {
      columns.add(Column.real("row_percent"));
      columns.add(Column.real("column_percent"));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (int kept = (1 << fields.size()) - 1; kept >= 0; kept--) {
      addMargin(kept, rows);
    }
    return new ResultTable(COUNTS, "Persons by cell, and margins", columns, rows);
  }

  /** All cells of the table that keeps the dimensions in {@code kept}. */
  private void addMargin(int kept, List<List<Cell>> rows) {
    int[] at = new int[fields.size()];
    while (true) {
      List<Cell> row = new ArrayList<>();
      for (int d = 0; d < at.length; d++) {
        row.add(Cell.of((kept >> d & 1) == 1 ? fields.get(d).levels().get(at[d]) : Plot.ALL));
      }
      row.add(counts.hidden(kept, at) ? floor.withheldCount() : Cell.of(counts.count(kept, at)));
      row.add(percent(kept, 0, at));
      if (fields.size() == 2) {
        // The first dimension is the rows; a margin without it is the whole table's row.
        row.add(percent(kept, kept & 1, at));
        row.add(percent(kept, kept & 2, at));
      }
      rows.add(row);
      int d = at.length - 1;
      while (d >= 0 && ((kept >> d & 1) == 0 || ++at[d] == fields.get(d).levels().size())) {
        at[d] = 0;
        d--;
      }
      if (d < 0) {
        return;
      }
    }
  }

  private Cell percent(int kept, int base, int[] at) {
    if (counts.hidden(kept, at) || counts.hidden(base, at)) {
      return floor.withheldCount();
    }
    return Cell.of(100.0 * counts.count(kept, at) / counts.count(base, at));
  }

  // ---- tests -----------------------------------------------------------------------------------

  private ResultTable tests() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text("test"));
    for (String name :
        List.of(
            "statistic",
            "df",
            "p_value",
            "neg_log_10_p_value",
            "odds_ratio",
            "conf_low",
            "conf_high")) {
      columns.add(Column.real(name));
    }
    List<List<Cell>> rows = new ArrayList<>();
    boolean fourfold = fields.stream().allMatch(field -> field.levels().size() == 2);
    rows.add(chiSquare("chi-square", 0));
    if (fourfold) {
      rows.add(chiSquare("chi-square, Yates", 0.5));
      rows.add(fisher());
    }
    return new ResultTable("tests", "Tests of independence", columns, rows);
  }

  private boolean withheld() {
    return counts.anyHidden() || !floor.showsStatistic(counts.count(0, 0, 0));
  }

  /** Pearson's; Yates' correction takes min(0.5, |O - E|) off, as R does. */
  private List<Cell> chiSquare(String name, double correction) {
    List<Cell> row = new ArrayList<>(List.of(Cell.of(name)));
    int rows = fields.get(0).levels().size();
    int columns = fields.get(1).levels().size();
    Cell none = new Cell.NotComputed("not part of this test");
    if (withheld()) {
      for (int i = 0; i < 4; i++) {
        row.add(floor.withheldStatistic());
      }
    } else if (rows < 2 || columns < 2) {
      for (int i = 0; i < 4; i++) {
        row.add(new Cell.NotComputed("a dimension has one level"));
      }
    } else {
      ContingencyTable.Test test = table(rows, columns).chiSquare(correction);
      row.add(Cell.of(test.statistic()));
      row.add(Cell.of(test.df()));
      addProbability(test.logP(), row);
    }
    row.add(none);
    row.add(none);
    row.add(none);
    return row;
  }

  private ContingencyTable table(int rows, int columns) {
    long[][] cells = new long[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        cells[i][j] = counts.count(3, i, j);
      }
    }
    return ContingencyTable.of(cells);
  }

  private List<Cell> fisher() {
    List<Cell> row = new ArrayList<>(List.of(Cell.of("Fisher's exact")));
    Cell none = new Cell.NotComputed("not part of this test");
    row.add(none);
    row.add(none);
    long least =
        Math.min(
            Math.min(counts.count(1, 0, 0), counts.count(1, 1, 0)),
            Math.min(counts.count(2, 0, 0), counts.count(2, 0, 1)));
    if (withheld() || least >= FisherExact.MAX_TABLES) {
      Cell cell =
          withheld()
              ? floor.withheldStatistic()
              : new Cell.NotComputed("too many tables; see chi-square");
      for (int i = 0; i < 5; i++) {
        row.add(cell);
      }
      return row;
    }
    FisherExact test =
        FisherExact.of(
            counts.count(3, 0, 0),
            counts.count(3, 0, 1),
            counts.count(3, 1, 0),
            counts.count(3, 1, 1),
            analysis.confidence());
    addProbability(StrictMath.log(test.pValue()), row);
    row.add(Cell.of(test.oddsRatio()));
    row.add(Cell.of(test.low()));
    row.add(Cell.of(test.high()));
    return row;
  }

  private static void addProbability(double logP, List<Cell> row) {
    row.add(PValue.of(logP));
    row.add(PValue.negativeLog10(logP));
  }
}
