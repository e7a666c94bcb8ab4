package io.tributary.jobs.analysis.attrition;

import io.tributary.jobs.analysis.Floor;
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

/** The table of an attrition, with the release floor applied. */
final class AttritionTables {
  static final String ATTRITION = "attrition";
  static final String LEFT = "number_subjects";

  private final AttritionAnalysis analysis;
  private final long[] left;
  private final Floor floor;
  private final BitSet shown;

  AttritionTables(AttritionAnalysis analysis, AttritionResult result) {
    this.analysis = analysis;
    this.left = result.persons().toArray();
    // Persons are counted here, also where a person may have several rows.
    this.floor = new Floor(analysis.job().study().release(), 1);
    this.shown = ShownSteps.of(left, floor.minCell());
  }

  AnalysisReport report() {
    long last = left[left.length - 1];
    boolean told = floor.showsStatistic(last);
    Map<String, Cell> facts = new LinkedHashMap<>();
    facts.put("persons", told ? Cell.of(last) : floor.withheldCount());
    List<String> notes = new ArrayList<>();
    if (shown.cardinality() < left.length) {
      notes.add(
          "Steps are withheld where one that is shown would tell of fewer than "
              + floor.minCell()
              + " persons who were left out; between two shown ones stands what all steps from one"
              + " to the other leave out.");
    }
    notes.add(
        "Of a person's entry events the one that passes most rules counts, as in the inclusion"
            + " report of ATLAS.");
    notes.add(floor.sentence());
    return new AnalysisReport(
        analysis.job().name(),
        "attrition",
        shown.isEmpty() ? AnalysisReport.TOO_FEW_PERSONS : AnalysisReport.OK,
        told ? last : -1,
        0,
        facts,
        List.of(table()),
        List.of(
            new Plot.Attrition(
                ATTRITION, "Persons left after each step", "reason", LEFT, "excluded_subjects")),
        notes);
  }

  private ResultTable table() {
    List<List<Cell>> rows = new ArrayList<>();
    for (int step = 0; step < left.length; step++) {
      boolean known = step == 0 || (shown.get(step - 1) && shown.get(step));
      long before = step == 0 ? left[0] : left[step - 1];
      rows.add(
          List.of(
              Cell.of(step + 1L),
              Cell.of(analysis.stepNames().get(step)),
              shown.get(step) ? Cell.of(left[step]) : floor.withheldCount(),
              known ? Cell.of(before - left[step]) : floor.withheldCount(),
              shown.get(0) && shown.get(step)
                  ? Cell.of(100.0 * left[step] / left[0])
                  : floor.withheldCount()));
    }
    return new ResultTable(
        ATTRITION,
        "Persons left after each step",
        List.of(
            Column.whole("reason_id"),
            Column.text("reason"),
            Column.whole(LEFT),
            Column.whole("excluded_subjects"),
            Column.real("percent_of_first")),
        rows);
  }
}
